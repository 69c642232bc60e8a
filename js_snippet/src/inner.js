// A URL inside a share link, and where it ends there: as a rule it is percent-encoded.
const INNER = /https?(:|%3A).*?(?=[&+\s]|%20|%0|$)/gi;

/**
 * A share link (mailto:, wa.me …) with `change` made to each URL in its parameters; the rest stays
 * byte for byte.
 * @param {string} link
 * @param {(text: string) => string} change
 */
export function replaceInner(link, change) {
  return link.replace(/[?&].*/, (query) =>
    query.replace(INNER, (inner) => {
      const text = decodeURIComponent(inner);
      const changed = change(text);
      return changed === text ? inner : encodeURIComponent(changed);
    }),
  );
}
