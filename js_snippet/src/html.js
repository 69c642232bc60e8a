/**
 * A copy of what is selected. It keeps the parents that make it what it is, as when the browser
 * copies: the link or emphasis around a text, and the list or table around items. The kind of blanks
 * comes beside it.
 * @param {Range} range
 */
function copyOf(range) {
  /** @type {any} */
  let parent = range.commonAncestorContainer;
  /** @type {Node} */
  let content = range.cloneContents();
  let style;
  if (!parent.matches) parent = parent.parentElement;
  while (
    ((style = getComputedStyle(parent)), /^(inline|table(?!-c))/.test(style.display)) ||
    parent.matches('ul,ol')
  ) {
    const copy = parent.cloneNode();
    copy.append(content);
    content = copy;
    parent = parent.parentElement;
  }
  const root = document.createElement('span');
  root.append(content);
  return { root, blanks: style.whiteSpace };
}

/** @param {string} text */
const squash = (text) => text.replace(/\s/g, '');

/**
 * The selected range as HTML with tokens: in the targets of links, and in text outside of links.
 *
 * Returns nothing where that would not read as `plain`, the selection's text with its tokens.
 * So it is with URLs in pieces, hidden text in between, letters that only look like capitals, and
 * shadow trees.
 * @param {Range} range
 * @param {string} plain
 * @param {(url: string) => string} tag
 * @param {(text: string) => string} tagAll tags each URL in a text
 */
export function htmlOf(range, plain, tag, tagAll) {
  const { root, blanks } = copyOf(range);
  const nodes = document.createTreeWalker(root, 5 /* elements and text */);
  let read = '';
  while (nodes.nextNode()) {
    const node = /** @type {any} */ (nodes.currentNode);
    const { data, href, src } = node;
    // Relative addresses become whole ones, for they are going to stand elsewhere.
    if (src) node.src = src;
    if (href?.trim) node.href = tag(href);
    if (data) {
      const tagged = tagAll(data);
      read += tagged;
      if (!node.parentElement.closest('a')) node.data = tagged;
    }
  }
  if (squash(read) !== squash(plain)) return;
  // Setting it at the element takes ten times as long.
  return root.outerHTML.replace('>', ` style="white-space: ${blanks};">`);
}
