/**
 * Watches what visitors drag: a link, or a selection that holds a URL. A drag that is broken off is
 * no share.
 * @param {import('./more.js').Core} core
 */
export function watchDrags({ share, gesture, replaceUrls }) {
  /** @type {(() => unknown) | undefined} */
  let report;
  gesture('dragstart', (event) => {
    const { dataTransfer } = event;
    const source = event.composedPath()[0];
    const [tag, dropped] = share([5, 'drag']);
    report = dropped;
    if (source.select || source.isContentEditable) return;
    for (const type of dataTransfer.types) {
      const data = dataTransfer.getData(type);
      const tagged = replaceUrls(data, tag);
      if (tagged !== data) dataTransfer.setData(type, tagged);
    }
  });
  gesture('dragend', ({ dataTransfer }) => dataTransfer.dropEffect !== 'none' && report?.());
}
