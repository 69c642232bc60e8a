import { wrap } from './guard.js';
import { share } from './share.js';
import { replaceUrls } from './url.js';

/**
 * Gives the URLs that the share sheet is opened with a token. A share that the visitor breaks
 * off rejects and is none.
 * @param {import('./share.js').Site} site
 */
export function watchSheet(site) {
  wrap(navigator, 'share', (args) =>
    share(site, 'share_sheet', (tag) => {
      const data = { ...args[0] };
      // As the browser reads it: relative to the page, so that '' is the page itself.
      if (data.url !== undefined) data.url = tag(new URL(data.url, document.baseURI).href);
      if (data.text) data.text = replaceUrls(data.text, tag);
      args[0] = data;
      return true;
    }),
  );
}
