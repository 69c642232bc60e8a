import { quietly } from './guard.js';
import { replaceInner } from './inner.js';

/** @typedef {typeof import('./share.js').share} Share */

/** Pages that are there for sharing what their parameters name. */
const DIALOG = /shar|intent|submit|compose|\/(pin|send|msg)\b|wa\.me/;

/** @type {(() => void)[]} what gives links their own addresses back */
const lent = [];

/**
 * Gives a link another address, until the visitor does something else.
 * @param {HTMLAnchorElement | HTMLAreaElement} link
 * @param {string} href
 */
function lend(link, href) {
  if (link.href === href || link.isContentEditable) return;
  const own = link.getAttribute('href');
  link.href = href;
  const lentHref = link.getAttribute('href');
  lent.push(() => {
    // What the page has changed meanwhile is the page's.
    if (own !== null && link.getAttribute('href') === lentHref) link.setAttribute('href', own);
  });
}

function takeBack() {
  for (const back of lent.splice(0)) back();
}

/**
 * Where a link shares to: the host of a share dialog, or a scheme like `mailto:`; nothing for
 * other links.
 * @param {string} href
 */
export function targetOf(href) {
  const { protocol, host, pathname } = new URL(href, document.baseURI);
  if (!/^http/.test(protocol)) return protocol;
  return host !== location.host && DIALOG.test(host + pathname) ? host : '';
}

/**
 * Watches what visitors do with links, and share dialogs that scripts open.
 * @param {Share} share
 * @param {(text: string, change: (url: string) => string) => string} replaceUrls
 */
export function watchLinks(share, replaceUrls) {
  /** What was tagged last, for a script may open what a link names. */
  let last = '';

  /** @param {string} href */
  const sharing = (href) => {
    const target = targetOf(href);
    if (!target || href === last) return href;
    const [tag, report] = share([3, 'share_link'], target);
    last = replaceInner(href, (text) => replaceUrls(text, tag));
    report();
    return last;
  };
  /** @type {() => unknown} */
  let dropped;

  /** @type {Record<string, (event: any, link?: any) => unknown>} */
  const gestures = {
    pointermove() {},
    pointerdown() {},
    keydown() {},
    afterprint() {},
    click: (_, link) => link && lend(link, sharing(link.href)),
    auxclick: (_, link) => link && lend(link, sharing(link.href)),
    // What is copied then counts when it is seen again, hence nothing is reported.
    contextmenu: (_, link) => link && lend(link, share([4, 'context_menu'])[0](link.href)),
    dragstart({ dataTransfer, target }) {
      const [tag, report] = share([5, 'drag']);
      dropped = report;
      if (target.select || target.isContentEditable) return;
      for (const type of dataTransfer.types) {
        const data = dataTransfer.getData(type);
        const tagged = replaceUrls(data, tag);
        if (tagged !== data) dataTransfer.setData(type, tagged);
      }
    },
    dragend: ({ dataTransfer }) => dataTransfer.dropEffect !== 'none' && dropped?.(),
    beforeprint() {
      const [tag, report] = share([6, 'print']);
      for (const link of document.links) lend(link, tag(link.href));
      report();
    },
  };
  for (const [type, gesture] of Object.entries(gestures)) {
    // Before the page's own handlers, which may open what the link names.
    const handle = (/** @type {any} */ event) => {
      // The button that opened the menu is let go.
      if (type === 'auxclick' && event.button !== 1) return;
      takeBack();
      const link = event.composedPath().find((/** @type {any} */ node) => node.href?.trim);
      quietly(() => gesture(event, link));
    };
    addEventListener(type, handle, true);
  }

  const { open } = window;
  window.open = /** @this {any} @param {any[]} given */ function (...given) {
    if (given[0]) given[0] = quietly(() => sharing(String(given[0]))) || given[0];
    return open.apply(this, /** @type {any} */ (given));
  };
}
