/**
 * Calls `moved` after each change of the address, in browsers without the Navigation API as well.
 * @param {(event: { navigationType: string }) => void} moved
 */
export function watchHistory(moved) {
  for (const [name, navigationType] of [
    ['pushState', 'push'],
    ['replaceState', 'replace'],
  ]) {
    const owner = /** @type {any} */ (history);
    const original = owner[name];
    owner[name] = /** @this {any} @param {any[]} given */ function (...given) {
      original.apply(this, given);
      moved({ navigationType });
    };
  }
  addEventListener('popstate', () => moved({ navigationType: 'traverse' }));
}
