/**
 * What the snippet fetches at the visitor's first sign of life or the page's first command: acts
 * of sharing that take a gesture, engagement, and what depends on consent. It is handed the
 * functions of ds.js, so nothing is there twice.
 */
import { watchAddress } from './address.js';
import { watchButtons } from './buttons.js';
import { watchEngagement } from './engagement.js';
import { quietly } from './guard.js';
import { watchHistory } from './history.js';
import { watchLinks } from './links.js';
import { sample } from './sampling.js';

/**
 * What ds.js hands over.
 * @typedef {[
 *   options: DOMStringMap,
 *   share: typeof import('./share.js').share,
 *   watch: typeof import('./share.js').watch,
 *   report: typeof import('./send.js').report,
 *   copied: typeof import('./copy.js').copied,
 *   moved: typeof import('./view.js').moved,
 *   replaceUrls: typeof import('./url.js').replaceUrls,
 *   withToken: typeof import('./url.js').withToken,
 * ]} Core
 */

/** @type {ReturnType<typeof start> | undefined} */
let run;

/**
 * Runs a command of the page, the first time after everything is set up.
 * @param {any[]} command what is no command only shows that somebody is there
 * @param {Core} core
 */
export default function more([kind, name, details], ...core) {
  const command = (run ||= start(...core));
  // Storage may be forbidden.
  if (typeof kind === 'string') quietly(() => command(kind, name, details));
}

/** @param {Core} core */
function start(...[options, share, watch, report, copied, moved, replaceUrls, withToken]) {
  let consents = false;
  watchLinks(share, replaceUrls);
  watchButtons(share, watch, copied, replaceUrls);
  sample(options.survey, report);
  const engaged = watchEngagement(report, withToken);
  const address = watchAddress(share, withToken);

  const { navigation } = /** @type {any} */ (window);
  const changed = () => {
    engaged();
    if (consents) address(true);
  };
  if (navigation) navigation.addEventListener('currententrychange', changed);
  else {
    watchHistory((event) => {
      if (!('manual' in options)) moved(event);
      changed();
    });
  }
  const keep = (/** @type {number} */ number) => {
    localStorage.ds = number;
  };

  return (/** @type {string} */ kind, /** @type {any} */ name, /** @type {any} */ details) => {
    if (kind === 'consent') {
      consents = name === 'granted';
      address(consents);
      if (!consents) forget();
      else if (!localStorage.ds) keep(Date.now());
    } else if (kind === 'exclude') {
      if (name) keep(-1);
      else localStorage.removeItem('ds');
    } else {
      report(kind, { x: name, v: details?.value, c: details?.currency });
    }
  };
}

/** Takes back what was kept with consent; the owner's own flag is another matter. */
function forget() {
  if (localStorage.ds > 0) localStorage.removeItem('ds');
}
