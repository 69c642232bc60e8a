import { kept, report } from './send.js';
import { options } from './tag.js';
import { pageNow } from './url.js';

const RETURNED_MS = 18e5;

/**
 * Whether this page view is one of those that are left without tokens, for comparison.
 * @type {boolean | undefined}
 */
export let held;

/** The token that the visitor arrived with. */
export const parent = /[?&#]ds=(\w+)/.exec(location.href)?.[1];

/** The page that is viewed. */
export let page = pageNow();

/** How many page views there were. */
export let views = 0;

let referrer = document.referrer;

/** @type {any} a page view that is not reported yet */
let due;

/**
 * Reports the page view: the page waits for the script, and a request takes longer than all the
 * rest, so it is made in a task of its own, unless somebody acts before or the page is left.
 */
export function hurry() {
  due = due && report('pageview', due);
}

/**
 * A page view.
 * @param {string | false} [navigation]
 * @param {object} [arrival] what is known where it is a load
 */
export function view(navigation, arrival) {
  const since = kept();
  views++;
  page = pageNow();
  held = (since || Math.random() * 100) % 100 < /** @type {any} */ (options.holdout);
  hurry();
  due = {
    r: referrer,
    n: navigation || 'navigate',
    x: held ? 'holdout' : '',
    s: since && '' + +(Date.now() - since > RETURNED_MS),
    u: page,
    ...arrival,
  };
  setTimeout(hurry);
  referrer = page;
}

/** The view of a page that has been loaded. */
export function loaded() {
  const [load = {}] = /** @type {any[]} */ (performance.getEntriesByType('navigation'));
  view(load.activationStart ? 'prerender' : load.type, {
    d: parent,
    f: load.serverTiming?.find((/** @type {any} */ entry) => /sec-f/.test(entry.name))?.description,
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
  if (page.replace(ignored, '') !== before) view(navigationType === 'traverse' && 'back_forward');
}
