import { watchClipboard } from './clipboard.js';
import { watchCopies } from './copy.js';
import { quietly } from './guard.js';
import { watchViews } from './pageview.js';
import { sender } from './send.js';
import { watchSheet } from './sheet.js';

const STARTED = Symbol.for('darksocial');

quietly(() => {
  const page = /** @type {any} */ (window);
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const { site: key, api } = script.dataset;
  if (!key) return console.warn('darksocial: the script tag needs data-site');
  if (navigator.doNotTrack === '1' || navigator.globalPrivacyControl || page[STARTED]) return;
  page[STARTED] = true;

  const start = () =>
    quietly(() => {
      const site = {
        key,
        host: location.hostname.replace(/^www\./, ''),
        send: sender(api || new URL('/c', script.src).href, key),
      };
      watchCopies(site);
      watchClipboard(site);
      watchSheet(site);
      watchViews(site);
    });
  // A page that is only prepared has not been viewed.
  if (document.prerendering) document.addEventListener('prerenderingchange', start);
  else start();
});
