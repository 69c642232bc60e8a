import { whenAlive } from './alive.js';

/**
 * Watches how long a page was visible and how far it was scrolled, and reports that once for
 * each page view: when the page is hidden first, or another page view takes its place.
 *
 * The first view's time counts from the visitor's first sign of life; without one, nothing is
 * reported, and neither is it for a page whose view was not.
 * @param {import('./more.js').Core} core
 * @returns {() => void} to be called when there may have been another page view
 */
export function watchEngagement({ report, current }) {
  let alive = false;
  let counted = 0;
  let open = false;
  let page = '';
  let since = 0;
  let depth = 0;

  const scrolled = () => {
    const { scrollHeight } = document.documentElement;
    depth = Math.max(depth, Math.min(1, (scrollY + innerHeight) / scrollHeight));
  };
  const leave = () => {
    const v = Math.round(performance.now() - since) / 1e3;
    if (open) report('engagement', { u: page, v, x: String(Math.round(depth * 100)) });
    open = false;
  };
  const look = () => {
    const [views, viewed] = current();
    if (!alive || views === counted) return;
    leave();
    [open, counted, page, since, depth] = [true, views, viewed, performance.now(), 0];
    scrolled();
  };
  addEventListener('scroll', scrolled, { passive: true });
  addEventListener('visibilitychange', () => document.hidden && leave());
  whenAlive(() => {
    alive = true;
    look();
  });
  return look;
}
