/**
 * What ds.js fetches as soon as it has run: copying selections, engagement, what depends on
 * consent, and the ways of sharing that take more than one act or are rare. It is handed the
 * functions of ds.js, so nothing is there twice.
 */
import { watchAddress } from './address.js';
import { whenAlive } from './alive.js';
import { watchButtons } from './buttons.js';
import { COPY, copied, copyAgain } from './copy.js';
import { watchDrags } from './drag.js';
import { watchEngagement } from './engagement.js';
import { quietly } from './guard.js';
import { watchHistory } from './history.js';
import { prepareCopies } from './prepared.js';
import { sample } from './sampling.js';

/**
 * What ds.js hands over.
 * @typedef {object} Core
 * @property {DOMStringMap} options
 * @property {typeof import('./share.js').share} share
 * @property {typeof import('./share.js').watch} watch
 * @property {typeof import('./share.js').wrap} wrap
 * @property {typeof import('./links.js').gesture} gesture
 * @property {typeof import('./url.js').replaceUrls} replaceUrls
 * @property {typeof import('./url.js').withToken} withToken
 * @property {typeof import('./send.js').report} report
 * @property {typeof import('./view.js').view} view
 * @property {typeof import('./view.js').moved} moved
 * @property {typeof import('./view.js').parent} parent the token that the visitor arrived with
 * @property {() => [views: number, page: string]} current how many views there were, and of what
 * @property {[ClipboardEvent, string] | 1} early a copy until now, and what was selected
 */

/** @type {ReturnType<typeof start> | undefined} */
let run;

/**
 * Runs a command of the page, the first time after everything is set up.
 * @param {any[]} command may be none
 * @param {any[]} core the values of a `Core` in the order above
 */
export default function more(command, ...core) {
  const [options, share, watch, wrap, gesture, replaceUrls, withToken, ...rest] = core;
  const [report, view, moved, parent, current, early] = rest;
  run ||= start({
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
    current,
    early,
  });
  run(command);
}

/** @param {Core} core */
function start(core) {
  const { options, report, view, parent } = core;
  const prepared = prepareCopies(core);
  addEventListener('copy', (event) => quietly(() => copied(event, core, COPY, prepared)));
  quietly(() => copyAgain(core));
  watchButtons(core);
  watchDrags(core);
  whenAlive(() => sample(options.survey, report));
  const engaged = watchEngagement(core);
  const address = watchAddress(core);
  let consents = false;
  // A page may have locked its history.
  quietly(() =>
    follow(core, () => {
      engaged();
      prepared.forget();
      if (consents) address(true);
    }),
  );
  addEventListener('pageshow', (event) => {
    if (event.persisted && !('manual' in options)) view('back_forward', parent);
    engaged();
  });
  const commands = /** @type {Record<string, (name: any, details: any) => void>} */ ({
    pageview: engaged,
    consent(name) {
      consents = name === 'granted';
      address(consents);
      if (consents) localStorage.ds ||= Date.now();
      else forget();
    },
    exclude(name) {
      if (name) localStorage.ds = -1;
      else localStorage.removeItem('ds');
    },
  });
  return (/** @type {any[]} */ [kind, name, details]) =>
    // Storage may be forbidden.
    quietly(() => {
      prepared.forget();
      if (Object.hasOwn(commands, kind)) commands[kind](name, details);
      else if (kind) report(kind, { x: name, v: details?.value, c: details?.currency });
    });
}

/**
 * Calls `changed` after each change of the address. Browsers without the Navigation API are
 * followed from here on, where the page views are not the owner's business.
 * @param {Core} core
 * @param {() => void} changed
 */
function follow({ options, moved }, changed) {
  if (window.navigation) return window.navigation.addEventListener('currententrychange', changed);
  const seen = (/** @type {{ navigationType: string }} */ event) => {
    if (!('manual' in options)) moved(event);
    changed();
  };
  watchHistory(seen);
  // What has happened until now.
  seen({ navigationType: 'push' });
}

/** Takes back what was kept with consent; the owner's own flag is another matter. */
function forget() {
  if (localStorage.ds > 0) localStorage.removeItem('ds');
}
