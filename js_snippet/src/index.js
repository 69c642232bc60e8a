import { quietly } from './guard.js';
import { gesture, lend, sharing } from './links.js';
import { refused, report } from './send.js';
import { share, watch, wrap } from './share.js';
import { options, tag } from './tag.js';
import { replaceUrls, withToken } from './url.js';
import { hurry, moved, page, parent, view, views } from './view.js';

/** What the page put in our place to keep its commands until now; or the snippet itself. */
const stub = window.darksocial;

/**
 * The last copy before the second script was there, and what was selected: 1 while there was none,
 * and 0 as soon as that script listens itself.
 * @type {[ClipboardEvent, string] | 1 | 0}
 */
let copied = 1;

function begin() {
  gesture('pagehide pointermove pointerdown keydown afterprint', hurry);
  gesture('click auxclick', (_, link) => lend(link, sharing));
  // What is copied then counts when it is seen again, hence nothing is reported.
  gesture('contextmenu', (_, link) => lend(link, share([4, 'context_menu'])[0]));
  gesture('beforeprint', () => {
    const [tag, report] = share([6, 'print']);
    for (const link of document.links) lend(link, tag);
    report();
  });
  gesture('copy', (event) => {
    copied &&= [event, `${getSelection()}`];
  });
  wrap(window, 'open', (given, call) => {
    quietly(() => {
      given[0] = sharing(`${given[0]}`);
    });
    return call();
  });
  watch(navigator.clipboard, 'writeText', [1, 'copy_button'], replaceUrls);
  watch(navigator, 'share', [2, 'share_sheet'], (given, tag) => {
    const data = { ...given };
    // As the browser reads it: relative to the page, so that '' is the page itself.
    if (data.url != null) data.url = tag(new URL(data.url, document.baseURI).href);
    data.text &&= replaceUrls(data.text, tag);
    return data;
  });

  /** @type {any} */
  const darksocial = (window.darksocial = (/** @type {unknown[]} */ ...command) => {
    if (command[0] === 'pageview') view();
    return (
      refused ||
      import(/** @type {any} */ (new URL('more.js', tag.src))).then(
        (more) =>
          more.default(
            command,
            options,
            share,
            watch,
            wrap,
            gesture,
            replaceUrls,
            withToken,
            report,
            view,
            moved,
            parent,
            () => [views, page()],
            copied,
            // From here on nobody asks.
            (copied = 0),
          ),
        Date,
      )
    );
  });
  darksocial.qr = () => {
    const [tag, report] = share([7, 'qr']);
    const url = tag(location.href);
    report();
    return url;
  };

  if ('strip' in options && parent)
    history.replaceState(history.state, '', withToken(location.href));
  if (!('manual' in options)) {
    view();
    window.navigation?.addEventListener('currententrychange', moved);
  }
  stub?.q?.map((/** @type {unknown[]} */ command) => darksocial(...command));
  // The page waits for this script, and not for what comes after it.
  setTimeout(darksocial);
}

if (!stub?.qr) {
  // A page that is only prepared has not been viewed.
  if (document.prerendering) document.addEventListener('prerenderingchange', begin);
  else begin();
}
