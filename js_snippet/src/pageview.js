import { listen, wrap } from './guard.js';
import { pageOf, tokenOf } from './url.js';

/**
 * Whether a replaced address only lost parameters: that is the same page with its address tidied.
 * @param {string} before
 * @param {string} after
 */
export function isTidied(before, after) {
  const parts = before.split(/[?&]/);
  return after.split(/[?&]/).every((part) => parts.includes(part));
}

/**
 * Reports the page view of a load, and one for each later change of path or query.
 * A changed fragment is no page view.
 * @param {import('./share.js').Site} site
 */
export function watchViews(site) {
  let page = pageOf(location.href);
  let referrer = document.referrer;

  /** @param {string | undefined} navigation */
  const view = (navigation) => {
    const token = tokenOf(page);
    site.parent = token || site.parent;
    site.send({ t: 'pageview', u: page, r: referrer, n: navigation, d: token });
  };
  /** @param {string} navigation @param {typeof isTidied} [isSame] */
  const moved = (navigation, isSame) => {
    const before = page;
    page = pageOf(location.href);
    if (page === before || isSame?.(before, page)) return;
    referrer = before;
    view(navigation);
  };

  const [load] = /** @type {any[]} */ (performance.getEntriesByType('navigation'));
  view(load?.activationStart ? 'prerender' : load?.type);
  wrap(history, 'pushState', () => () => moved('navigate'));
  wrap(history, 'replaceState', () => () => moved('navigate', isTidied));
  listen('popstate', () => moved('back_forward'));
  // The page comes back as it was left, without a load.
  listen('pageshow', (event) => event.persisted && view('back_forward'));
}
