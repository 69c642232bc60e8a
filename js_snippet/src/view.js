import { kept, report } from './send.js';
import { options } from './tag.js';
import { pageNow } from './url.js';

const RETURNED_MS = 18e5;

/** Whether this page view is one of those that are left without tokens, for comparison. */
export let held = false;

/** The token that the visitor arrived with. */
export const parent = /[?&#]ds=(\w+)/.exec(location.href)?.[1];

/** The page that is viewed. */
export let page = pageNow();

/** How many page views there were. */
export let views = 0;

let referrer = document.referrer;

/**
 * A page view.
 * @param {string} [navigation]
 * @param {object} [arrival] what is known where it is a load
 */
export function view(navigation = 'navigate', arrival) {
  const since = kept();
  views++;
  page = pageNow();
  held = (since || Math.random() * 100) % 100 < /** @type {any} */ (options.holdout);
  report('pageview', {
    r: referrer,
    n: navigation,
    x: held ? 'holdout' : '',
    s: since && '' + +(Date.now() - since > RETURNED_MS),
    ...arrival,
  });
  referrer = page;
}

/** The view of a page that has been loaded. */
export function loaded() {
  const [load = {}] = /** @type {any[]} */ (performance.getEntriesByType('navigation'));
  view(load.activationStart ? 'prerender' : load.type, {
    d: parent,
    f: load.serverTiming?.find((/** @type {any} */ entry) => entry.name === 'sec-fetch-site')
      ?.description,
  });
}

/**
 * A change of the address is a page view where it leads to another page; where it replaces the
 * address, to another path: applications keep filters and positions in the query.
 * @param {any} event
 */
export function moved({ navigationType }) {
  const ignored = navigationType === 'replace' ? /\?.*/ : '';
  const before = page.replace(ignored, '');
  page = pageNow();
  if (page.replace(ignored, '') !== before)
    view(navigationType === 'traverse' ? 'back_forward' : 'navigate');
}
