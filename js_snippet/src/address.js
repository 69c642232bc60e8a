const TOKEN = /[?&#]ds=(\w+)/;

/**
 * Keeps a token in the address bar while the visitor consents. The token that stood there before
 * comes back when the consent is withdrawn.
 * @param {import('./more.js').Core} core
 * @returns {(consents: boolean) => void} also to be called when the address has changed
 */
export function watchAddress({ share, withToken }) {
  let mine = '';
  /** @type {string[]} every token that was put there */
  const made = [];
  /** @type {string | undefined} */
  let before;

  const put = (/** @type {string} */ url) => history.replaceState(history.state, '', url);

  return (consents) => {
    const now = TOKEN.exec(location.href)?.[1] || '';
    if (!consents) {
      if (made.includes(now)) put(withToken(location.href, before));
      mine = '';
    } else if (!now || now !== mine) {
      before = made.includes(now) ? '' : now;
      // Nobody has shared it yet: nothing is reported.
      const tagged = share([8, 'address_bar'])[0](location.href);
      const token = TOKEN.exec(tagged)?.[1];
      if (!token || tagged === location.href) return;
      mine = token;
      made.push(mine);
      put(tagged);
    }
  };
}
