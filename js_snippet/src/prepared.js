import { COPY } from './copy.js';
import { flavoursOf, textOf } from './flavours.js';
import { quietly } from './guard.js';

/** @typedef {ReturnType<typeof prepareCopies>} Prepared */

/** How long a selection stays as it is before it is looked at: it grows while it is drawn. */
const SETTLED_MS = 50;
const MOST_TEXT = 999;
const MOST_ELEMENTS = 99;
/** What nothing happens to when it is cloned, as it does to players, frames and custom elements. */
const PLAIN =
  'a,abbr,b,blockquote,br,cite,dd,div,dl,dt,em,h1,h2,h3,h4,h5,h6,i,li,mark,ol,p,q,s,small,span,' +
  'strong,sub,sup,table,tbody,td,th,thead,time,tr,u,ul,wbr';

/** @param {Selection} selection */
const endsOf = ({ anchorNode, anchorOffset, focusNode, focusOffset }) => [
  anchorNode,
  anchorOffset,
  focusNode,
  focusOffset,
];

/** @param {Selection} selection */
function isSimple(selection) {
  const { commonAncestorContainer } = selection.getRangeAt(0);
  const within = /** @type {Element} */ (
    'matches' in commonAncestorContainer
      ? commonAncestorContainer
      : commonAncestorContainer.parentElement
  );
  return (
    within.getElementsByTagName('*').length <= MOST_ELEMENTS &&
    !within.querySelector(`:not(${PLAIN})`)
  );
}

/**
 * Has the flavours of a short and simple selection ready when it is copied, but for the token: that
 * is minted by the copy, and until then another one stands in its place, which goes nowhere. What
 * a copy runs would take several times as long within it.
 *
 * Nothing is ready any more as soon as anything in the page or its address has changed.
 * @param {import('./more.js').Core} core
 */
export function prepareCopies(core) {
  /** @type {(NonNullable<ReturnType<typeof flavoursOf>> & Record<string, any>) | undefined} */
  let ready;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const forget = () => {
    ready = undefined;
    changes.disconnect();
  };
  const changes = new MutationObserver(forget);
  const prepare = () => {
    const selection = /** @type {Selection} */ (getSelection());
    const text = textOf(selection);
    if (text.length > MOST_TEXT || !text.includes('://') || !isSimple(selection)) return;
    const copy = flavoursOf(selection, text, core, COPY);
    const standIn = copy && /ds=(\w+)$/.exec(copy.tag(`${location.origin}/`))?.[1];
    if (!standIn) return;
    ready = { ...copy, standIn, text, ends: endsOf(selection) };
    changes.observe(document, {
      attributes: true,
      characterData: true,
      childList: true,
      subtree: true,
    });
  };
  const soon = () => {
    forget();
    clearTimeout(timer);
    if (getSelection()?.isCollapsed === false)
      timer = setTimeout(() => quietly(prepare), SETTLED_MS);
  };
  document.addEventListener('selectionchange', soon);

  return {
    /** To be called where something else than the page has changed. */
    forget,
    /**
     * What is ready for a selection, with a new token.
     * @param {Selection} selection
     * @param {string} text the selection's
     */
    take(selection, text) {
      const fits =
        ready?.text === text &&
        !changes.takeRecords().length &&
        endsOf(selection).every((end, place) => end === ready?.ends[place]);
      if (!ready || !fits) return;
      const { plain, html, report, fresh, standIn } = ready;
      const token = fresh();
      // Its act has been used.
      ready = undefined;
      return {
        plain: plain.replaceAll(standIn, token),
        html: html.replaceAll(standIn, token),
        report() {
          report();
          soon();
        },
      };
    },
  };
}
