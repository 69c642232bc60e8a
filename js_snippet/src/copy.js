import { flavoursOf, textOf } from './flavours.js';
import { later } from './later.js';

/** @typedef {import('./share.js').Method} Method */

/** @type {Method} */
export const COPY = [0, 'copy'];

/**
 * Gives the URLs of the site in a copied selection a token, in both flavours of the clipboard.
 * Fields and selections without such a URL stay as they are, and so does whatever the page's own
 * handler took over.
 * @param {any} event
 * @param {import('./more.js').Core} core
 * @param {Method} method
 * @param {import('./prepared.js').Prepared} [prepared]
 */
export function copied(event, core, method, prepared) {
  const selection = /** @type {Selection} */ (getSelection());
  const { target, clipboardData } = event;
  if (event.defaultPrevented || target.select || selection.isCollapsed) return;
  const text = textOf(selection);
  const copy = prepared?.take(selection, text) || flavoursOf(selection, text, core, method);
  if (!copy) return;
  event.preventDefault();
  clipboardData.setData('text/plain', copy.plain);
  clipboardData.setData('text/html', copy.html);
  // Sending takes longer than all of the rest.
  later(copy.report);
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
