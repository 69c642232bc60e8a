/** What the URLs of the fuzz tests are made of. */
export const URL_PARTS = [
  ...['/', 'x', 'Path', '%20', '-', '_', '~', '.', ',', ';', ':', '@', '!', '*', "'", '+', '$'],
  ...['ü', '日本', '(', ')', '(a)', '=', '&', '?', 'ds=old', '&ds=', '?ds=1', 'ads=2', 'b=1', 'c'],
];
const FRAGMENTS = ['', '', '#', '#part', '#/route?ds=1', '#:~:text=a,b', '#a#b'];
const HOSTS = ['a.test', 'www.a.test', 'b.test:8080', '127.0.0.1'];
const TEXT_PARTS = [
  ...[' ', '\n', '\t', '.', ',', '(', ')', '[', ']', '"', '“', '”', '。', '<', '>', '`', '\\', '!'],
  ...['word', 'http', 'https:', 'https://', '://', '\ud83d', '😀', '\u200b', 'e\u0301', '\u202e'],
];
const WORDS = ['see', 'Über', '日本', 'a', 'and/or', 'x:y'];

/**
 * Random URLs and texts that follow from the seed (a linear congruential generator).
 * @param {number} seed
 */
export function generator(seed) {
  let state = seed;
  const below = (/** @type {number} */ limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const one = (/** @type {string[]} */ list) => list[below(list.length)];
  const many = (/** @type {string[]} */ list, /** @type {number} */ most) =>
    Array.from({ length: below(most) }, () => one(list)).join('');
  const url = () => `http${one(['', 's'])}://${one(HOSTS)}/${many(URL_PARTS, 9)}${one(FRAGMENTS)}`;

  return {
    url,
    text: () =>
      many(TEXT_PARTS, 8) + url() + many(TEXT_PARTS, 8) + one(['', url()]) + many(TEXT_PARTS, 4),
    plainUrl: () => `https://${one(HOSTS)}/${many(['x', '/', '-', '.', 'ü', '?b=', '(a)'], 8)}z`,
    word: () => one(WORDS),
  };
}
