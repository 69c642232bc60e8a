/**
 * Watches how long the page was visible and how far it was scrolled, and reports that once for
 * each page view: when the page is hidden first, or another page view takes its place.
 *
 * The time counts from the visitor's first sign of life.
 * @param {(kind: string, event: Record<string, unknown>) => void} report
 * @param {(url: string) => string} withToken without a token, the URL without any
 * @returns {() => void} to be called when the address has changed
 */
export function watchEngagement(report, withToken) {
  const pageNow = () => withToken(location.href).replace(/#(?!!?\/).*/, '');
  let page = pageNow();
  let seen = performance.now();
  let depth = 0;
  let open = true;

  const scrolled = () => {
    const { scrollHeight } = document.documentElement;
    depth = Math.max(depth, Math.min(1, (scrollY + innerHeight) / scrollHeight));
  };
  const leave = () => {
    const v = Math.round(performance.now() - seen) / 1e3;
    if (open) report('engagement', { u: page, v, x: String(Math.round(depth * 100)) });
    open = false;
  };
  scrolled();
  addEventListener('scroll', scrolled, { passive: true });
  addEventListener('visibilitychange', () => document.hidden && leave());
  const enter = () => {
    page = pageNow();
    seen = performance.now();
    depth = 0;
    open = true;
    scrolled();
  };
  addEventListener('pageshow', (event) => event.persisted && enter());
  return () => {
    if (page === pageNow()) return;
    leave();
    enter();
  };
}
