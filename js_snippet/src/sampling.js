/**
 * Whether a visit is one to ask how it came: untagged, without a referrer, to a page that nobody
 * types.
 * @param {{ pathname: string, search: string, hash: string }} place
 * @param {string} referrer
 */
export function isRiddle({ pathname, search, hash }, referrer) {
  return !referrer && pathname.length > 1 && !/[?&#]ds=/.test(search + hash);
}

/**
 * Asks a random sample of such visits, as many of a hundred as the owner says.
 * @param {string | undefined} percent
 * @param {(kind: string, event: Record<string, unknown>) => void} report
 */
export function sample(percent, report) {
  if (!isRiddle(location, document.referrer) || Math.random() * 100 >= Number(percent || 0)) return;
  const page = /** @type {any} */ (window);
  import(/** @type {any} */ (new URL('survey.js', import.meta.url)))
    .then(() => page.darksocialSurvey((/** @type {string} */ w) => report('survey', { w })))
    .catch(() => {});
}
