// Where a URL ends in running text: before a blank, a quote or an angle bracket, before
// a parenthesis that it did not open itself, and before trailing punctuation of any script.
const URLS =
  /https?:\/\/(\([^\s()<>"`\\]*\)|[^\s()<>"`\\])*(\([^\s()<>"`\\]*\)|[^\s()<>"`\\\p{P}]|[-/_%&#])/giu;

/**
 * A URL without its fragment.
 * @param {string} url
 */
export function pageOf(url) {
  return url.split('#')[0];
}

/**
 * The token in a URL, if there is something like one.
 * @param {string} url
 */
export function tokenOf(url) {
  return new URL(url).searchParams.get('ds');
}

/**
 * The URL with the token as its parameter `ds`, every other byte as it was.
 * @param {string} url
 * @param {string} token
 */
export function withToken(url, token) {
  return url.replace(/(\?[^#]*)?(?=#|$)/, (query) => {
    // A `ds` inside another parameter's value is not ours.
    const others = (query || '?')
      .replace(/(^\?|&)(ds=[^&]*(&|$))+/g, '$1')
      .replace(/.[^&]$/, '$&&');
    return `${others}ds=${token}`;
  });
}

/**
 * The text with every http(s) URL in it replaced by what `change` makes of it.
 * @param {string} text
 * @param {(url: string) => string} change
 */
export function replaceUrls(text, change) {
  return text.replace(URLS, (url) => change(url));
}
