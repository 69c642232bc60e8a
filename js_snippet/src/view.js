import { kept, report } from './send.js';
import { options } from './tag.js';
import { pageOf, withToken } from './url.js';

const RETURNED_MS = 18e5;

/** Whether this page view is one of those that are left without tokens, for comparison. */
export let held = false;

/** The token that the visitor arrived with. */
export const parent = /[?&#]ds=(\w+)/.exec(location.href)?.[1];

/** The page that is viewed. */
export let page = '';

let { referrer } = document;

/**
 * A page view.
 * @param {string} [navigation]
 * @param {object} [arrival] what is known where it is a load
 */
export function view(navigation = 'navigate', arrival) {
  const since = kept();
  page = pageOf(location.href);
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

/**
 * A change of the address is a page view where it leads to another page; where it replaces the
 * address, to another path: applications keep filters and positions in the query.
 * @param {any} event
 */
export function moved({ navigationType }) {
  const ignored = navigationType === 'replace' ? /\?.*/ : '';
  const before = page.replace(ignored, '');
  page = pageOf(location.href);
  if (page.replace(ignored, '') !== before)
    view(navigationType === 'traverse' ? 'back_forward' : undefined);
}

export function watchViews() {
  const [load] = /** @type {any[]} */ (performance.getEntriesByType('navigation'));
  if ('strip' in options && parent)
    history.replaceState(history.state, '', withToken(location.href));
  if ('manual' in options) return;
  view(load?.activationStart ? 'prerender' : load?.type, {
    d: parent,
    f: load?.serverTiming?.find((/** @type {any} */ entry) => entry.name === 'sec-fetch-site')
      ?.description,
  });
  addEventListener('pageshow', (event) => event.persisted && view('back_forward', { d: parent }));
  /** @type {any} */ (window).navigation?.addEventListener('currententrychange', moved);
}
