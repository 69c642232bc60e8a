import { htmlOf } from './html.js';

/** @typedef {import('./share.js').Method} Method */

/** @type {Method} */
const COPY = [0, 'copy'];

/**
 * Gives the URLs of the site in a copied selection a token, in both flavours of the clipboard.
 * Fields and selections without such a URL stay as they are, and so does whatever the page's own
 * handler took over.
 * @param {any} event
 * @param {import('./more.js').Core} core
 * @param {Method} [method]
 */
export function copied(event, { share, replaceUrls }, method = COPY) {
  const selection = /** @type {Selection} */ (getSelection());
  const { target, clipboardData } = event;
  if (event.defaultPrevented || target.select || selection.isCollapsed) return;
  const [tag, report] = share(method);
  const tagAll = (/** @type {string} */ text) => replaceUrls(text, tag);
  // Browsers copy fixed blanks as blanks.
  const text = `${selection}`.replace(/\xa0/g, ' ');
  const plain = tagAll(text);
  const html = plain !== text && htmlOf(selection.getRangeAt(0), plain, tag, tagAll);
  if (!html) return;
  event.preventDefault();
  clipboardData.setData('text/plain', plain);
  clipboardData.setData('text/html', html);
  // Sending takes longer than all of the rest.
  setTimeout(report);
}

/**
 * Copies once more what was copied before this script was there, where it held a URL of the site,
 * is still selected, and nobody has gone on to paste it.
 * @param {import('./more.js').Core} core
 */
export function copyAgain({ share, replaceUrls, early }) {
  if (!early) return;
  const [{ defaultPrevented }, text] = early;
  const [tag] = share(COPY);
  const same = `${getSelection()}` === text && document.hasFocus();
  if (same && !defaultPrevented && replaceUrls(text, tag) !== text) document.execCommand('copy');
}
