import { copied } from './copy.js';
import { quietly } from './guard.js';

/** No method has this number, so what is made of it is no token. */
const NONE = /** @type {import('./share.js').Method} */ ([NaN, '']);

/**
 * Goes through a copy when the visitor selects something for the first time: what a page runs for
 * the first time takes a browser several times as long, and then it would be the visitor's copy
 * that takes it. It is a copy of the page's own address; nothing of the page is read, and nothing
 * comes of it.
 * @param {import('./more.js').Core} core
 */
export function rehearseCopies(core) {
  const selected = () => {
    if (/** @type {Selection} */ (getSelection()).isCollapsed) return;
    document.removeEventListener('selectionchange', selected);
    setTimeout(() => quietly(() => rehearse(core)));
  };
  document.addEventListener('selectionchange', selected);
}

/** @param {import('./more.js').Core} core */
function rehearse({ share, replaceUrls }) {
  const text = location.href;
  const link = document.createElement('a');
  link.href = text;
  link.append(text);
  const range = document.createRange();
  range.selectNode(document.createElement('p').appendChild(link));
  copied(
    { target: link, clipboardData: new DataTransfer(), preventDefault() {} },
    { share: (method) => [share(method)[0], () => {}], replaceUrls },
    NONE,
    { isCollapsed: false, getRangeAt: () => range, toString: () => text },
  );
}
