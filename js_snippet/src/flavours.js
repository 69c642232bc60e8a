import { htmlOf } from './html.js';

/** @typedef {Pick<Selection, 'getRangeAt' | 'toString'>} Selected */

/** @param {Selected} selection */
export const textOf = (selection) =>
  // Browsers copy fixed blanks as blanks.
  `${selection}`.replaceAll('\xa0', ' ');

/**
 * Both flavours of a selection with tokens in the URLs of the site, and the act that they belong
 * to. Nothing, where there is no such URL or where it could not be given back as it was selected.
 * @param {Selected} selection
 * @param {string} text the selection's
 * @param {Pick<import('./more.js').Core, 'share' | 'replaceUrls'>} core
 * @param {import('./share.js').Method} method
 */
export function flavoursOf(selection, text, { share, replaceUrls }, method) {
  // Everything from here on is dear.
  if (!text.includes('://')) return;
  const [tag, report, fresh] = share(method);
  /** @type {Record<string, string>} what became of each URL: most stand in the text and in a link */
  const made = {};
  const tagOnce = (/** @type {string} */ url) => (made[url] ||= tag(url));
  const tagAll = (/** @type {string} */ part) => replaceUrls(part, tagOnce);
  const plain = tagAll(text);
  const html = plain !== text && htmlOf(selection.getRangeAt(0), plain, tagOnce, tagAll);
  if (html) return { plain, html, report, fresh, tag };
}
