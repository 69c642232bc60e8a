import { copied } from './copy.js';
import { later } from './later.js';

/** @typedef {import('./share.js').Method} Method */

/** @type {Method} */
const COPY_BUTTON = [1, 'copy_button'];

/**
 * Watches scripts that copy: by `execCommand`, out of a field that they fill for it or a selection,
 * and by `clipboard.write`.
 * @param {import('./more.js').Core} core
 */
export function watchButtons(core) {
  const { share, watch, wrap, replaceUrls } = core;
  /** @param {any} event */
  const copying = (event) => {
    const field = event.composedPath()[0];
    if (!field.select) return copied(event, core, COPY_BUTTON);
    const [tag, report] = share(COPY_BUTTON);
    const text = field.value.slice(field.selectionStart, field.selectionEnd);
    const tagged = replaceUrls(text, tag);
    if (tagged === text) return;
    event.clipboardData.setData('text/plain', tagged);
    event.preventDefault();
    later(report);
  };
  wrap(document, 'execCommand', (given, call) => {
    const copies = /^copy$/i.test(given[0]);
    // Early, since some scripts keep the event from going further; what they set still counts.
    if (copies) addEventListener('copy', copying, true);
    try {
      return call();
    } finally {
      removeEventListener('copy', copying, true);
    }
  });

  watch(navigator.clipboard, 'write', COPY_BUTTON, (items, tag) =>
    items.map((/** @type {ClipboardItem} */ item) => {
      const tagged = async (/** @type {string} */ type) => {
        const blob = await item.getType(type);
        return /^text\//.test(type)
          ? new Blob([replaceUrls(await blob.text(), tag)], { type })
          : blob;
      };
      return new ClipboardItem(Object.fromEntries(item.types.map((type) => [type, tagged(type)])));
    }),
  );
}
