import { quietly } from './guard.js';
import { options, tag } from './tag.js';
import { page } from './view.js';

/** @typedef {Record<string, unknown>} Event */

/**
 * What is kept in this browser: with consent, when it was here first (milliseconds since 1970);
 * below 0 where its owner wants to be left out. Storage may be forbidden.
 */
export const kept = () => quietly(() => localStorage.ds);

/** The visitor wants none of this; or nobody could take it: there is no key, or the page no host. */
export const refused =
  /** @type {any} */ (navigator).globalPrivacyControl ||
  /** @type {any} */ (navigator).doNotTrack > 0 ||
  !options.site ||
  !location.host;

/** Whether nothing is sent and nothing tagged. */
export const isOff = () => refused || kept() < 0;

/**
 * Sends an event of this page. A tracker that does not answer is asked a second time; the id makes
 * both the same hit: 33 bits of seconds since 1970 and 30 of the second's fraction, random below
 * the millisecond. A number of that size is whole.
 * @param {string} kind
 * @param {Event} event
 */
export const report = (kind, event) => {
  if (isOff()) return;
  const i = `${((Date.now() + Math.random()) * 2 ** 30) / 1e3}`;
  const body = JSON.stringify({ k: options.site, e: [{ i, t: kind, u: page(), ...event }] });
  // A text body needs no preflight.
  const post = (/** @type {() => unknown} */ failed) =>
    fetch(options.api || new URL('/c', tag.src), {
      body,
      method: 'POST',
      keepalive: true,
      credentials: 'omit',
    }).then((answer) => answer.ok || failed(), failed);
  post(() => setTimeout(post, 3e3, Date));
};
