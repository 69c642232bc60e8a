import { wrap } from './guard.js';
import { share } from './share.js';
import { replaceUrls } from './url.js';

/**
 * Gives the URLs that a "copy link" button writes to the clipboard a token. What stands in a code
 * block of the page is left as it is: that button copies code.
 * @param {import('./share.js').Site} site
 */
export function watchClipboard(site) {
  wrap(navigator.clipboard, 'writeText', (args) =>
    share(site, 'copy_button', (tag) => {
      const text = String(args[0]);
      for (const block of document.querySelectorAll('pre,code')) {
        if (block.textContent.includes(text.trim())) return;
      }
      args[0] = replaceUrls(text, tag);
      return true;
    }),
  );
}
