import { htmlOf } from './html.js';
import { later } from './later.js';

/** @typedef {import('./share.js').Method} Method */
/** @typedef {Pick<Selection, 'isCollapsed' | 'getRangeAt' | 'toString'>} Selected */

/** @type {Method} */
const COPY = [0, 'copy'];

/**
 * Gives the URLs of the site in a copied selection a token, in both flavours of the clipboard.
 * Fields and selections without such a URL stay as they are, and so does whatever the page's own
 * handler took over.
 * @param {any} event
 * @param {Pick<import('./more.js').Core, 'share' | 'replaceUrls'>} core
 * @param {Method} [method]
 * @param {Selected} [selection]
 */
export function copied(
  event,
  { share, replaceUrls },
  method = COPY,
  selection = /** @type {Selection} */ (getSelection()),
) {
  const { target, clipboardData } = event;
  if (event.defaultPrevented || target.select || selection.isCollapsed) return;
  // Browsers copy fixed blanks as blanks.
  const text = `${selection}`.replaceAll('\xa0', ' ');
  // Everything from here on is dear.
  if (!text.includes('://')) return;
  const [tag, report] = share(method);
  /** @type {Record<string, string>} what became of each URL: most stand in the text and in a link */
  const made = {};
  const tagOnce = (/** @type {string} */ url) => (made[url] ||= tag(url));
  const tagAll = (/** @type {string} */ part) => replaceUrls(part, tagOnce);
  const plain = tagAll(text);
  const html = plain !== text && htmlOf(selection.getRangeAt(0), plain, tagOnce, tagAll);
  if (!html) return;
  event.preventDefault();
  clipboardData.setData('text/plain', plain);
  clipboardData.setData('text/html', html);
  // Sending takes longer than all of the rest.
  later(report);
}

/**
 * Copies once more what was copied before this script was there, where it held a URL of the site,
 * is still selected, and nobody has gone on to paste it.
 * @param {import('./more.js').Core} core
 */
export function copyAgain({ share, replaceUrls, early }) {
  if (early === 1) return;
  const [{ defaultPrevented }, text] = early;
  const [tag] = share(COPY);
  const same = `${getSelection()}` === text && document.hasFocus();
  if (same && !defaultPrevented && replaceUrls(text, tag) !== text) document.execCommand('copy');
}
