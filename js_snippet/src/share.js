import { quietly } from './guard.js';
import { isOff, report } from './send.js';
import { isOwn, options } from './tag.js';
import { mint } from './token.js';
import { withToken } from './url.js';
import { held, parent } from './view.js';

/** Where a URL is no link to pass on. */
const FIXED = 'pre,code,[contenteditable]';

/**
 * One act of passing links on. It has one token, made when the first URL of the site is met.
 *
 * Returns a function that gives a URL of the site this token, and one that reports the act; that
 * does nothing where no such URL was met. A URL that code or editable text of the page shows is
 * left as it is: a button may copy that code.
 * @param {Method} method
 * @param {string} [target] where the link goes, if that is known: a host or a scheme
 * @returns {[tag: (url: string) => string, report: () => unknown]}
 */
export function share([number, name], target) {
  let token = '';
  let page = '';
  return [
    (url) =>
      quietly(() => {
        const { hostname, origin, pathname } = new URL(url);
        if (
          isOff() ||
          held ||
          !isOwn(hostname) ||
          [...document.querySelectorAll(FIXED)].some((block) => block.textContent.includes(url))
        )
          return url;
        page ||= origin + pathname;
        token ||= mint(number);
        return withToken(
          url,
          token,
          /^f/.test(/** @type {any} */ (options[name] || options.carrier)),
        );
      }) || url,
    () => token && report('share', { d: token, u: page, m: name, p: parent, x: target }),
  ];
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
  const original = owner?.[name];
  if (!original) return;
  owner[name] = /** @this {any} @param {any[]} args */ async function (...args) {
    const [tag, report] = share(method);
    args[0] &&= quietly(() => change(args[0], tag)) || args[0];
    const result = await original.apply(this, args);
    report();
    return result;
  };
}

/** @typedef {[number: number, name: string]} Method a token carries the number */
