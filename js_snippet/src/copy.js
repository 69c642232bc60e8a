import { listen } from './guard.js';
import { FIXED, htmlOf } from './html.js';
import { share } from './share.js';
import { replaceUrls } from './url.js';

/**
 * Gives the URLs of the site in a copied selection a token, in both flavours of the clipboard.
 * Fields, editable text, code and selections without such a URL stay as they are, and so does
 * whatever the page's own copy handler took over.
 * @param {import('./share.js').Site} site
 */
export function watchCopies(site) {
  // On the window, since the page's handlers run before it.
  listen('copy', (event) => {
    const selection = /** @type {Selection} */ (getSelection());
    if (event.defaultPrevented || selection.isCollapsed || event.target.closest(FIXED)) return;
    const report = share(site, 'copy', (tag) => {
      // Browsers copy fixed blanks as blanks.
      const text = String(selection).replace(/\xa0/g, ' ');
      const plain = replaceUrls(text, tag);
      const html = plain !== text && htmlOf(selection.getRangeAt(0), plain, tag);
      if (!html) return;
      event.clipboardData.setData('text/plain', plain);
      event.clipboardData.setData('text/html', html);
      event.preventDefault();
      return true;
    });
    report?.();
  });
}
