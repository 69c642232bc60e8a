import { htmlOf } from './html.js';
import { share } from './share.js';
import { replaceUrls } from './url.js';

/**
 * Gives the URLs of the site in a copied selection a token, in both flavours of the clipboard.
 * Fields and selections without such a URL stay as they are, and so does whatever the page's own
 * handler took over.
 * @param {any} event
 * @param {import('./share.js').Method} method
 */
export function copied(event, method) {
  const selection = /** @type {Selection} */ (getSelection());
  const { target, clipboardData } = event;
  if (event.defaultPrevented || target.select || selection.isCollapsed) return;
  const [tag, report] = share(method);
  // Browsers copy fixed blanks as blanks.
  const text = `${selection}`.replace(/\xa0/g, ' ');
  const plain = replaceUrls(text, tag);
  const html = plain !== text && htmlOf(selection.getRangeAt(0), plain, tag);
  if (!html) return;
  event.preventDefault();
  clipboardData.setData('text/plain', plain);
  clipboardData.setData('text/html', html);
  // Sending takes longer than all of the rest.
  setTimeout(report);
}
