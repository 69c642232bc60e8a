import { quietly } from './guard.js';
import { mint } from './token.js';
import { withToken } from './url.js';

/**
 * What the parts of the snippet know of the site and of this visit.
 * @typedef {object} Site
 * @property {string} key
 * @property {string} host
 * @property {(event: import('./send.js').Event) => void} send
 * @property {string | null} [parent] the token that the visitor arrived with
 */

/**
 * One act of passing links on: `pass` gives the URLs that go out to `tag`, and returns whether
 * they really went. The act has one token, made when the first URL of the site is met.
 *
 * Returns what reports the act, or nothing where no URL of the site was passed on.
 * @param {Site} site
 * @param {string} method
 * @param {(tag: (url: string) => string) => unknown} pass
 */
export function share(site, method, pass) {
  let token = '';
  let page = '';
  const passed = pass(
    (url) =>
      quietly(() => {
        const { hostname, origin, pathname } = new URL(url);
        if (!`.${hostname}`.endsWith(`.${site.host}`)) return url;
        page ||= origin + pathname;
        token ||= mint(site.key, method);
        return withToken(url, token);
      }) || url,
  );
  if (passed && token)
    return () => site.send({ t: 'share', d: token, u: page, m: method, p: site.parent });
}
