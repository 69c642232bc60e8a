import { quietly } from './guard.js';
import { isOff, report } from './send.js';
import { hosts, options } from './tag.js';
import { mint } from './token.js';
import { withToken } from './url.js';
import { held, hurry, parent } from './view.js';

/** Where a URL is no link to pass on. */
const FIXED = 'pre,code,[contenteditable]';

/**
 * One act of passing links on. It has one token, made when the first URL of the site is met.
 *
 * Returns a function that gives a URL of the site this token, one that reports the act, which does
 * nothing where no such URL was met, and one that makes it an act with another token. A URL that
 * code or editable text of the page shows is left as it is: a button may copy that code.
 * @param {Method} method
 * @param {string} [target] where the link goes, if that is known: a host or a scheme
 * @returns {[tag: (url: string) => string, report: () => unknown, fresh: () => string]}
 */
export const share = ([number, name], target) => {
  /** @type {string | undefined} */
  let token;
  /** @type {string | undefined} */
  let page;
  /** @type {(_?: string) => string} */
  const fresh = () => (token = mint(/** @type {any} */ (options.site), number));
  return [
    (url) =>
      quietly(() => {
        const { origin, hostname, pathname } = new URL(url);
        // What is held is known when the page view is reported.
        hurry();
        if (
          isOff() ||
          held ||
          !hosts().some((own) => `.${hostname}`.endsWith('.' + own)) ||
          [...document.querySelectorAll(FIXED)].some((block) => block.textContent.includes(url))
        )
          return url;
        return withToken(
          url,
          token || fresh((page = origin + pathname)),
          /^f/.test(/** @type {any} */ (options[name] || options.carrier)),
        );
      }) || url,
    () => token && report('share', { d: token, u: page, m: name, p: parent, x: target }),
    fresh,
  ];
};

/**
 * Puts `around` in the place of `owner[name]`, where that exists: it gets the arguments, which it
 * may change, and a function that goes on with them.
 * @param {any} owner
 * @param {string} name
 * @param {(given: any[], call: () => any) => unknown} around
 */
export function wrap(owner, name, around) {
  const original = owner?.[name];
  if (!original) return;
  owner[name] = /** @this {any} @param {any[]} given */ function (...given) {
    return around(given, () => original.apply(this, given));
  };
}

/**
 * Makes `owner[name]`, where it exists, an act of sharing: `change` gives what takes the place of
 * its first argument. It returns a promise, and to its caller it behaves the same.
 * @param {any} owner
 * @param {string} name
 * @param {Method} method
 * @param {(given: any, tag: (url: string) => string) => unknown} change
 */
export function watch(owner, name, method, change) {
  wrap(owner, name, async (given, call) => {
    const [tag, report] = share(method);
    quietly(() => {
      given[0] &&= change(given[0], tag);
    });
    const result = await call();
    report();
    return result;
  });
}

/** @typedef {[number: number, name: string]} Method a token carries the number */
