import { replaceUrls } from './url.js';

// A URL inside a share link, and where it ends there: as a rule it is percent-encoded.
const INNER = /(?!^)https?(:|%3A).*?(?=[&+\s]|%20|%0|$)/gi;

/**
 * A share link (mailto:, wa.me …) with `change` made to each URL inside it; the rest stays byte for
 * byte.
 * @param {string} link
 * @param {(url: string) => string} change
 */
export function replaceInner(link, change) {
  return link.replace(INNER, (inner) => {
    const text = decodeURIComponent(inner);
    const changed = replaceUrls(text, change);
    return changed === text ? inner : encodeURIComponent(changed);
  });
}
