import assert from 'node:assert/strict';
import { test } from 'node:test';
import { share } from '../src/share.js';
import { tokenOf } from '../src/url.js';

/** @param {string} [host] */
function site(host = 'a.test') {
  /** @type {import('../src/send.js').Event[]} */
  const sent = [];
  return {
    key: 'k',
    host,
    parent: 'arrived',
    sent,
    send: (/** @type {import('../src/send.js').Event} */ event) => sent.push(event),
  };
}

// [URL, whether it is one of the site a.test]
const OWN = [
  ['https://a.test/x', true],
  ['http://A.TEST:8080/x', true],
  ['https://www.a.test/x', true],
  ['https://deep.shop.a.test/x', true],
  ['https://b.test/x', false],
  ['https://ba.test/x', false],
  ['https://a.test.b.test/x', false],
  ['https://b.test/a.test', false],
  ['https://a.test@b.test/', false],
  ['mailto:somebody@a.test', false],
  ['javascript:void(0)', false],
  ['http://[broken', false],
  ['', false],
];

for (const [url, own] of OWN) {
  test(`${url} is ${own ? '' : 'not '}tagged`, () => {
    /** @type {string | undefined} */
    let tagged;
    share(site(), 'copy', (tag) => {
      tagged = tag(String(url));
      return true;
    });
    assert.equal(tagged !== url, own);
  });
}

test('one act has one token and is reported with the page that it passes on', () => {
  const here = site();
  /** @type {string[]} */
  const urls = [];
  const report = share(here, 'copy', (tag) => {
    urls.push(tag('https://b.test/'), tag('https://a.test/x?mail=me#y'), tag('https://a.test/z'));
    return true;
  });
  const token = tokenOf(urls[1]);
  assert.ok(token);
  assert.equal(tokenOf(urls[2]), token);
  assert.deepEqual(here.sent, [], 'not before it happened');
  report?.();
  assert.deepEqual(here.sent, [
    { t: 'share', d: token, u: 'https://a.test/x', m: 'copy', p: 'arrived' },
  ]);
});

test('a name and a password in a URL are not reported', () => {
  const here = site();
  share(here, 'copy', (tag) => tag('https://me:secret@a.test/x'))?.();
  assert.equal(here.sent[0].u, 'https://a.test/x');
});

test('two acts have two tokens', () => {
  const tokens = [0, 1].map(() => {
    let url = '';
    share(site(), 'copy', (tag) => {
      url = tag('https://a.test/');
      return true;
    });
    return tokenOf(url);
  });
  assert.notEqual(tokens[0], tokens[1]);
});

test('there is nothing to report without a URL of the site', () => {
  assert.equal(
    share(site(), 'copy', (tag) => tag('https://b.test/')),
    undefined,
  );
});

test('there is nothing to report where nothing was passed on', () => {
  assert.equal(
    share(site(), 'copy', (tag) => {
      tag('https://a.test/');
      return false;
    }),
    undefined,
  );
});
