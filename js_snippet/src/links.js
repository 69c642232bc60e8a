import { quietly } from './guard.js';
import { replaceInner } from './inner.js';
import { share } from './share.js';

/** Pages that are there for sharing what their parameters name. */
const DIALOG = /shar|intent|submit|compose|\/(pin|send|msg)\b|wa\.me/;
/** What is no scheme of an application; the first of these may lead to a dialog. */
const WEB = /^(http|java|data|blob)/;

/** @type {(() => void)[]} what gives links their own addresses back */
const lent = [];

/** @type {string | undefined} what was tagged last, for a script may open what a link names */
let last;

/**
 * Gives a link what `change` makes of its address, until the visitor does something else.
 * @param {any} link there may be none
 * @param {(href: string) => string} change
 */
export function lend(link, change) {
  if (!link || link.isContentEditable) return;
  const own = link.getAttribute('href');
  const href = change(link.href);
  if (link.href === href) return;
  link.href = href;
  lent.push(() => {
    // What the page has changed meanwhile is the page's.
    if (link.getAttribute('href') === href) link.setAttribute('href', own);
  });
}

/**
 * Calls `handle` at each event of these types, with the link that it is about, before the page's
 * own handlers; what was lent before is given back.
 * @param {string} types with blanks between
 * @param {(event: any, link?: any) => unknown} handle
 */
export function gesture(types, handle) {
  types.split(' ').map((type) =>
    addEventListener(
      type,
      (/** @type {any} */ event) => {
        // An auxclick: the button that opened the menu is let go.
        if (type < 'b' && event.button > 1) return;
        for (const back of lent.splice(0)) back();
        quietly(() =>
          handle(
            event,
            // Looking for it takes longer than most that is done then.
            handle.length > 1 &&
              event.composedPath().find((/** @type {any} */ node) => node.protocol),
          ),
        );
      },
      true,
    ),
  );
}

/**
 * A link with a token in the URL that it shares, where it leads to a share dialog or has a scheme
 * like `mailto:`. Its host or scheme is reported.
 * @param {string} href
 */
export function sharing(href) {
  const { protocol, host, pathname } = new URL(href);
  const target = WEB.test(protocol)
    ? DIALOG.test(host + pathname) && host !== location.host && host
    : protocol;
  if (!target || href === last) return href;
  const [tag, report] = share([3, 'share_link'], target);
  last = replaceInner(href, tag);
  report();
  return last;
}
