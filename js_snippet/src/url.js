// Where a URL ends in running text: before a blank, a quote or an angle bracket, before
// a parenthesis that it did not open itself, and before trailing punctuation of any script.
const URLS =
  /https?:\/\/(\([^\s()<>"`\\]*\)|[^\s()<>"`\\])*(\([^\s()<>"`\\]*\)|[^\s()<>"`\\\p{P}]|[-/_%&#])/giu;

/**
 * The URL with this token, or without one; every other byte stays as it was.
 *
 * The token is the query parameter `ds`, or the fragment where that is wanted and still free:
 * a fragment of the page's own, or one with directions for the browser, has to stay what it is.
 * @param {string} url
 * @param {string | null} [token]
 * @param {boolean} [inFragment]
 */
export function withToken(url, token, inFragment) {
  return url.replace(/(\?[^#]*|)(#.*|)$/, (_, query, hash) => {
    // A `ds` inside another parameter's value is not ours.
    query = query.replace(/(^\?|&)(ds=[^&]*(&|$))+/g, '$1').replace(/(^\?|&)$/, '');
    hash = hash.replace(/^#ds=\w*$/, '');
    const joint = inFragment && !hash ? '#' : query ? '&' : '?';
    return query + (token ? joint + 'ds=' + token : '') + hash;
  });
}

/**
 * The page at an address: without a token, and without a fragment that is no route.
 * @param {string} url
 */
export function pageAt(url) {
  return withToken(url).replace(/#(?!!?\/).*/, '');
}

/**
 * The text (or what is one when it is written) with every http(s) URL in it replaced by what
 * `change` makes of it.
 * @param {string} text
 * @param {(url: string) => string} change
 */
export const replaceUrls = (text, change) => {
  return `${text}`.replace(URLS, change);
};
