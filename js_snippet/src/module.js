/**
 * The npm package: puts the tag into the page and passes calls on to it.
 *
 * The script itself still comes from the tracker (or a proxy of it), so it is as new as what
 * answers it, and a page's Content Security Policy needs no other source than for the tag.
 */

/**
 * @typedef {object} Options
 * @property {string} src where `ds.js` is, for example `https://tracker.example.com/ds.js`
 * @property {string} site the site's public key
 * @property {string} [integrity] the hash of a file with a version in its name
 */

/**
 * Adds the tag, once; every further option becomes a data attribute (`spa: 'off'` is
 * `data-spa="off"`). Does nothing where there is no document.
 * @param {Options & Record<string, string | number | boolean | undefined>} options
 */
export function load({ src, integrity, ...data }) {
  if (typeof document === 'undefined' || document.querySelector('script[data-darksocial]')) return;
  const script = document.createElement('script');
  script.src = src;
  if (integrity) {
    script.integrity = integrity;
    script.crossOrigin = 'anonymous';
  }
  for (const [name, value] of Object.entries({ darksocial: '', ...data })) {
    if (value !== undefined) script.dataset[name] = String(value);
  }
  document.head.append(script);
}

/**
 * What a page says to the snippet, `darksocial('consent', 'granted')`; said before the script is
 * there, it is kept until then. Returns what the snippet answers, if that is there.
 * @param {...unknown} command
 * @returns {unknown}
 */
export function darksocial(...command) {
  if (typeof window === 'undefined') return undefined;
  const page = /** @type {any} */ (window);
  page.darksocial ||= function () {
    (page.darksocial.q ||= []).push(arguments);
  };
  return page.darksocial(...command);
}

export default darksocial;
