import { kept, report } from './send.js';
import { options } from './tag.js';
import { pageAt } from './url.js';

const RETURNED_MS = 18e5;

/**
 * Whether this page view is one of those that are left without tokens, for comparison.
 * @type {boolean | undefined}
 */
export let held;

/** The token that the visitor arrived with. */
export const parent = /[?&#]ds=(\w+)/.exec(location.href)?.[1];

/** The address that is viewed. */
let viewed = location.href;

/** The page that is viewed. */
export const page = () => pageAt(viewed);

/** How many page views there were. */
export let views = 0;

let referrer = document.referrer;

/** @type {(() => void) | void} reports the page view that is not reported yet */
let due;

/**
 * Reports the page view: the page waits for the script, and reading what is kept and making a
 * request take longer than all the rest, so that is a task of its own, unless somebody acts before
 * or the page is left.
 */
export function hurry() {
  due = due?.();
}

/**
 * A page view. The first is that of the load.
 * @param {string} [navigation]
 * @param {string} [d] the token that it arrived with; the first one's is known
 */
export const view = (navigation, d) => {
  hurry();
  views++;
  viewed = location.href;
  due = () => {
    const since = kept();
    /** @type {any} */
    const load = views > 1 || performance.getEntriesByType('navigation')[0] || views;
    held = (since || Math.random() * 100) % 100 < /** @type {any} */ (options.holdout);
    report('pageview', {
      r: referrer,
      n: load.activationStart ? 'prerender' : load.type || navigation || 'navigate',
      x: held ? 'holdout' : '',
      s: since && '' + +(Date.now() - since > RETURNED_MS),
      d: views > 1 ? d : parent,
      f: load.serverTiming?.find((/** @type {any} */ entry) => /sec-f/.test(entry.name))
        ?.description,
    });
    referrer = page();
  };
  setTimeout(hurry);
};

/**
 * A change of the address is a page view where it leads to another page; where it replaces the
 * address, to another path: applications keep filters and positions in the query.
 * @param {any} event
 */
export function moved({ navigationType }) {
  // What is due is of the page until now.
  hurry();
  const ignored = navigationType === 'replace' ? /\?.*/ : '';
  const before = page().replace(ignored, '');
  viewed = location.href;
  if (page().replace(ignored, '') !== before)
    view(navigationType === 'traverse' ? 'back_forward' : '');
}
