import { copied } from './copy.js';
import { quietly } from './guard.js';
import { refused, report } from './send.js';
import { share, watch } from './share.js';
import { options, tag } from './tag.js';
import { replaceUrls, withToken } from './url.js';
import { moved, view, watchViews } from './view.js';

const global = /** @type {any} */ (window);
/** What the page put in our place to keep its commands until now; or the snippet itself. */
const stub = global.darksocial;

function begin() {
  // On the window, since the page's own handlers run before it.
  addEventListener('copy', (event) => quietly(() => copied(event, [0, 'copy'])));
  watch(navigator.clipboard, 'writeText', [1, 'copy_button'], replaceUrls);
  watch(navigator, 'share', [2, 'share_sheet'], (given, tag) => {
    const data = { ...given };
    // As the browser reads it: relative to the page, so that '' is the page itself.
    if (data.url !== undefined) data.url = tag(new URL(data.url, document.baseURI).href);
    data.text &&= replaceUrls(data.text, tag);
    return data;
  });
  /** @type {any} */
  const darksocial = (global.darksocial = (/** @type {unknown[]} */ ...command) =>
    command[0] === 'pageview'
      ? view()
      : refused ||
        import(/** @type {any} */ (new URL('more.js', tag.src))).then(
          (more) =>
            more.default(
              command,
              options,
              share,
              watch,
              report,
              copied,
              moved,
              replaceUrls,
              withToken,
            ),
          Date,
        ));
  darksocial.qr = () => {
    const [tag, report] = share([7, 'qr']);
    const url = tag(location.href);
    report();
    return url;
  };
  for (const command of stub?.q || []) darksocial(...command);
  watchViews();
  // At the first sign of life what may be needed from now on is fetched.
  for (const sign of ['pointerover', 'keydown']) addEventListener(sign, darksocial, { once: true });
}

if (!stub?.qr) {
  // A page that is only prepared has not been viewed.
  if (document.prerendering) document.addEventListener('prerenderingchange', begin);
  else begin();
}
