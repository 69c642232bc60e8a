import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageAt, replaceUrls, withToken } from '../src/url.js';
import { generator, URL_PARTS } from './fuzz.js';

const TOKEN = 'oGoZLRF0D1x';

// [URL, the same with the token]
const TAGGED = [
  ['https://a.test', 'https://a.test?ds=T'],
  ['https://a.test/', 'https://a.test/?ds=T'],
  ['https://a.test/x', 'https://a.test/x?ds=T'],
  ['https://a.test/x?', 'https://a.test/x?ds=T'],
  ['https://a.test/x?b=1', 'https://a.test/x?b=1&ds=T'],
  ['https://a.test/x?b=1&', 'https://a.test/x?b=1&ds=T'],
  ['https://a.test/x?b=%20+ü&c', 'https://a.test/x?b=%20+ü&c&ds=T'],
  ['https://a.test/x?b=what?', 'https://a.test/x?b=what?&ds=T'],
  ['https://a.test/x#part', 'https://a.test/x?ds=T#part'],
  ['https://a.test/x?b=1#part?c=2', 'https://a.test/x?b=1&ds=T#part?c=2'],
  ['https://a.test/#/route?c=2', 'https://a.test/?ds=T#/route?c=2'],
  ['https://a.test/x#:~:text=some,words', 'https://a.test/x?ds=T#:~:text=some,words'],
  ['https://a.test/x#', 'https://a.test/x?ds=T#'],
  // A token that came along is replaced,
  ['https://a.test/x?ds=old', 'https://a.test/x?ds=T'],
  ['https://a.test/x?ds=old&b=1', 'https://a.test/x?b=1&ds=T'],
  ['https://a.test/x?b=1&ds=old#y', 'https://a.test/x?b=1&ds=T#y'],
  ['https://a.test/x?ds=', 'https://a.test/x?ds=T'],
  ['https://a.test/x?ds=1&ds=2&b=1&ds=3', 'https://a.test/x?b=1&ds=T'],
  // but what only looks like one stays.
  ['https://a.test/x?ads=1', 'https://a.test/x?ads=1&ds=T'],
  ['https://a.test/x?dsa=1', 'https://a.test/x?dsa=1&ds=T'],
  ['https://a.test/x?u=https://b.test/?ds=1', 'https://a.test/x?u=https://b.test/?ds=1&ds=T'],
  ['https://a.test/ds=1', 'https://a.test/ds=1?ds=T'],
  ['https://a.test/x#?ds=1', 'https://a.test/x?ds=T#?ds=1'],
];

for (const [url, tagged] of TAGGED) {
  test(`${url} becomes ${tagged}`, () => {
    assert.equal(withToken(url, 'T'), tagged);
  });
}

// [URL, the same with the token in its fragment]
const IN_FRAGMENT = [
  ['https://a.test/x', 'https://a.test/x#ds=T'],
  ['https://a.test/x?b=1', 'https://a.test/x?b=1#ds=T'],
  ['https://a.test/x#ds=old', 'https://a.test/x#ds=T'],
  ['https://a.test/x?ds=old&b=1', 'https://a.test/x?b=1#ds=T'],
  // A fragment of the page's own keeps its place, so the token takes the query.
  ['https://a.test/x#part', 'https://a.test/x?ds=T#part'],
  ['https://a.test/#/route', 'https://a.test/?ds=T#/route'],
  ['https://a.test/x#:~:text=a,b', 'https://a.test/x?ds=T#:~:text=a,b'],
];

for (const [url, tagged] of IN_FRAGMENT) {
  test(`${url} becomes ${tagged} where the fragment carries`, () => {
    assert.equal(withToken(url, 'T', true), tagged);
  });
}

// [URL, the same without a token]
const BARE = [
  ['https://a.test/x?ds=abc', 'https://a.test/x'],
  ['https://a.test/x?ds=abc&b=1#y', 'https://a.test/x?b=1#y'],
  ['https://a.test/x?b=1&ds=abc', 'https://a.test/x?b=1'],
  ['https://a.test/x#ds=abc', 'https://a.test/x'],
  ['https://a.test/x?ads=abc#/ds=1', 'https://a.test/x?ads=abc#/ds=1'],
  ['https://a.test/x', 'https://a.test/x'],
];

for (const [url, bare] of BARE) {
  test(`${url} without a token is ${bare}`, () => {
    assert.equal(withToken(url), bare);
  });
}

// [URL, the page]
const PAGES = [
  ['https://a.test/x', 'https://a.test/x'],
  ['https://a.test/x?b=1#c#d', 'https://a.test/x?b=1'],
  ['https://a.test/x?ds=T&b=1', 'https://a.test/x?b=1'],
  ['https://a.test/x#ds=T', 'https://a.test/x'],
  ['https://a.test/#/route?c=2', 'https://a.test/#/route?c=2'],
  ['https://a.test/#!/route', 'https://a.test/#!/route'],
];

for (const [url, page] of PAGES) {
  test(`${url} is the page ${page}`, () => {
    assert.equal(pageAt(url), page);
  });
}

// [text, with the URLs in it marked]
const MARKED = [
  ['https://a.test/x', '{https://a.test/x}'],
  ['Look: http://a.test/x and HTTPS://A.TEST/Y', 'Look: {http://a.test/x} and {HTTPS://A.TEST/Y}'],
  ['It is at https://a.test/x.', 'It is at {https://a.test/x}.'],
  ['Seen https://a.test/x, or not?!', 'Seen {https://a.test/x}, or not?!'],
  ['„https://a.test/x“ – gut', '„{https://a.test/x}“ – gut'],
  ['这里https://a.test/x。', '这里{https://a.test/x}。'],
  ['(https://a.test/x)', '({https://a.test/x})'],
  ['(see https://a.test/x.)', '(see {https://a.test/x}.)'],
  ['https://a.test/wiki/Name_(word)', '{https://a.test/wiki/Name_(word)}'],
  ['(https://a.test/wiki/Name_(word))', '({https://a.test/wiki/Name_(word)})'],
  ['[text](https://a.test/x)', '[text]({https://a.test/x})'],
  ['<https://a.test/x>', '<{https://a.test/x}>'],
  ['"https://a.test/x"', '"{https://a.test/x}"'],
  ['https://a.test/a.b/c-d_e~f/?g=1&h=2#i', '{https://a.test/a.b/c-d_e~f/?g=1&h=2#i}'],
  ['https://a.test/x/', '{https://a.test/x/}'],
  ['https://a.test/x#:~:text=a,-b', '{https://a.test/x#:~:text=a,-b}'],
  ['https://a.test/über/straße', '{https://a.test/über/straße}'],
  ['one\nhttps://a.test/x\ntwo', 'one\n{https://a.test/x}\ntwo'],
  // A URL inside another one belongs to that.
  ['https://b.test/?u=https://a.test/x', '{https://b.test/?u=https://a.test/x}'],
  [
    'a.test/x, www.a.test, https, https://, //a.test',
    'a.test/x, www.a.test, https, https://, //a.test',
  ],
];

for (const [text, marked] of MARKED) {
  test(`in ${JSON.stringify(text)} the URLs are found`, () => {
    assert.equal(
      replaceUrls(text, (url) => `{${url}}`),
      marked,
    );
  });
}

test('for any URL, what comes out differs only in the parameter', () => {
  const random = generator(1);
  for (let round = 0; round < 20_000; round++) {
    const url = random.url();
    const tagged = withToken(url, TOKEN, round % 2 === 0);
    const [before, after] = [new URL(url), new URL(tagged)];
    if (after.hash !== before.hash) {
      assert.equal(round % 2, 0);
      assert.ok(before.hash.length <= 1, url);
      assert.equal(after.hash, `#ds=${TOKEN}`, url);
    } else {
      assert.equal(after.searchParams.get('ds'), TOKEN, url);
    }
    assert.equal(after.origin + after.pathname, before.origin + before.pathname, url);
    assert.deepEqual(others(after), others(before), url);
    // The fragment carries every other time; an empty query is lost then.
    if (round % 2 === 0) continue;
    if (!/[?&]ds=/.test(url)) assert.ok(isInsertion(url, tagged), `${url} → ${tagged}`);
    assert.equal(withToken(tagged, TOKEN), tagged, 'the second time changes nothing');
  }
});

test('for any text, what comes out differs only inside its URLs', () => {
  const random = generator(2);
  let found = 0;
  for (let round = 0; round < 20_000; round++) {
    const text = random.text();
    const changed = replaceUrls(text, (url) => {
      assert.match(url, /^https?:\/\/\S+$/i);
      found++;
      return `${url}\ue000`;
    });
    assert.equal(changed.replaceAll('\ue000', ''), text);
  }
  assert.ok(found > 10_000);
});

test('each URL in a text is found whole', () => {
  const random = generator(3);
  for (let round = 0; round < 5_000; round++) {
    const urls = [random.plainUrl(), random.plainUrl()];
    const text = `${random.word()} ${urls[0]}, ${random.word()} (${urls[1]}).`;
    /** @type {string[]} */
    const seen = [];
    replaceUrls(text, (url) => {
      seen.push(url);
      return url;
    });
    assert.deepEqual(seen, urls, text);
  }
});

test('no text takes long', () => {
  const pieces = ['https://', '(', 'https://(', '.', 'a(b)', '((', '!?', 'x', '"', ...URL_PARTS];
  for (const piece of pieces) {
    const text = `https://a.test/${piece.repeat(20_000)}`;
    const start = performance.now();
    replaceUrls(text, (url) => withToken(url, TOKEN));
    assert.ok(performance.now() - start < 1_000, piece);
  }
});

/** @param {URL} url */
function others(url) {
  return [...url.searchParams].filter(([name]) => name !== 'ds');
}

/**
 * Whether `after` is `before` with `ds=` and the token put in at one place.
 * @param {string} before
 * @param {string} after
 */
function isInsertion(before, after) {
  return ['?ds=', '&ds=', '#ds=', 'ds='].some((joint) => {
    const [head, tail, ...rest] = after.split(joint + TOKEN);
    return rest.length === 0 && head + tail === before;
  });
}
