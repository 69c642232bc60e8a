/** @typedef {import('./share.js').Method} Method */

/** @type {Method} */
const COPY_BUTTON = [1, 'copy_button'];

/**
 * Watches scripts that copy: by `execCommand`, out of a field that they fill for it or a selection,
 * and by `clipboard.write`.
 * @param {typeof import('./share.js').share} share
 * @param {typeof import('./share.js').watch} watch
 * @param {typeof import('./copy.js').copied} copied
 * @param {(text: string, change: (url: string) => string) => string} replaceUrls
 */
export function watchButtons(share, watch, copied, replaceUrls) {
  /** @param {any} event */
  const copying = (event) => {
    const { target, clipboardData } = event;
    if (!target.select) return copied(event, COPY_BUTTON);
    const [tag, report] = share(COPY_BUTTON);
    const text = target.value.slice(target.selectionStart, target.selectionEnd);
    const tagged = replaceUrls(text, tag);
    if (tagged === text) return;
    clipboardData.setData('text/plain', tagged);
    event.preventDefault();
    report();
  };
  const { execCommand } = document;
  document.execCommand = /** @this {any} @param {any[]} given */ function (...given) {
    const copies = /^copy$/i.test(given[0]);
    // Early, since some scripts keep the event from going further; what they set still counts.
    if (copies) addEventListener('copy', copying, true);
    try {
      return execCommand.apply(this, /** @type {any} */ (given));
    } finally {
      removeEventListener('copy', copying, true);
    }
  };

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
