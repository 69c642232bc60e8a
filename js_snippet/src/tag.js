/** The script's own tag, `<script defer src data-site>`. */
export const tag = /** @type {HTMLScriptElement} */ (document.currentScript);

/** The owner's options: the tag's data attributes. */
export const options = tag.dataset;

/**
 * The site's hosts, with all that is below them: the page's own and what the owner names besides.
 * No host is called "undefined".
 */
export const hosts = () =>
  /** @type {string[]} */ (
    `${[location.hostname.replace(/^www\./, ''), options.hosts]}`.match(/[^\s,]+/g)
  );
