/** The script's own tag, `<script defer src data-site>`. */
export const tag = /** @type {HTMLScriptElement} */ (document.currentScript);

/** The owner's options: the tag's data attributes. */
export const options = tag.dataset;

// The page's own host, and what the owner names besides. No host is called "undefined".
const HOSTS = `${location.hostname.replace(/^www\./, '')} ${options.hosts}`.split(/[\s,]+/);

/**
 * Whether a host is one of the site's, or below one of these.
 * @param {string} host
 */
export function isOwn(host) {
  return HOSTS.some((own) => `.${host}`.endsWith('.' + own));
}
