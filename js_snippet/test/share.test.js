import { blocks, options } from './page.js';
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { share, watch } from '../src/share.js';

/** @type {import('../src/share.js').Method} */
const COPY = [0, 'copy'];
const TOKEN = /[?&#]ds=(\w+)/;

/** @type {Record<string, unknown>[]} */
const sent = [];

beforeEach((context) => {
  sent.length = blocks.length = 0;
  delete options.carrier;
  /** @type {any} */ (context).mock.method(
    globalThis,
    'fetch',
    async (/** @type {string} */ _, /** @type {any} */ request) => {
      const [event] = JSON.parse(request.body).e;
      delete event.i;
      sent.push(event);
      return new Response();
    },
  );
});

// [URL, whether it is one of the site]
const OWN = [
  ['https://a.test/x', true],
  ['http://A.TEST:8080/x', true],
  ['https://www.a.test/x', true],
  ['https://deep.shop.a.test/x', true],
  ['https://own.test/x', true],
  ['https://shop.more.test/x', true],
  ['https://b.test/x', false],
  ['https://ba.test/x', false],
  ['https://notown.test/x', false],
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
    const [tag] = share(COPY);
    assert.equal(tag(String(url)) !== url, own);
  });
}

test('one act has one token and is reported with the page that it passes on', () => {
  const [tag, report] = share(COPY, 'wa.me');
  assert.equal(tag('https://b.test/'), 'https://b.test/');
  const urls = [tag('https://a.test/x?mail=me#y'), tag('https://a.test/z')];
  const token = TOKEN.exec(urls[0])?.[1];
  assert.ok(token);
  assert.equal(TOKEN.exec(urls[1])?.[1], token);
  assert.deepEqual(sent, [], 'not before it happened');
  report();
  assert.deepEqual(sent, [
    { t: 'share', u: 'https://a.test/x', d: token, m: 'copy', p: 'arrived', x: 'wa.me' },
  ]);
});

test('a name and a password in a URL are not reported', () => {
  const [tag, report] = share(COPY);
  tag('https://me:secret@a.test/x');
  report();
  assert.equal(sent[0].u, 'https://a.test/x');
});

test('two acts have two tokens', () => {
  const [one, two] = [share(COPY), share(COPY)].map(([tag]) => tag('https://a.test/'));
  assert.notEqual(one, two);
});

test('an act can become one with another token', () => {
  const [tag, report, fresh] = share(COPY);
  const first = TOKEN.exec(tag('https://a.test/x'))?.[1];
  const token = fresh();
  assert.notEqual(token, first);
  assert.equal(TOKEN.exec(tag('https://a.test/y'))?.[1], token);
  report();
  assert.deepEqual(sent, [
    { t: 'share', u: 'https://a.test/x', d: token, m: 'copy', p: 'arrived' },
  ]);
});

test('there is nothing to report without a URL of the site', () => {
  const [tag, report] = share(COPY);
  tag('https://b.test/');
  report();
  assert.deepEqual(sent, []);
});

test('a URL that code or editable text of the page shows is left as it is', () => {
  blocks.push({ textContent: 'curl https://a.test/api | sh' });
  const [tag] = share(COPY);
  assert.equal(tag('https://a.test/api'), 'https://a.test/api');
  assert.match(tag('https://a.test/other'), TOKEN);
});

// [data attributes, method, the carrier of its tokens]
const CARRIERS = /** @type {[Record<string, string>, string, string][]} */ ([
  [{}, 'copy', '?'],
  [{ carrier: 'query' }, 'copy', '?'],
  [{ carrier: 'fragment' }, 'copy', '#'],
  [{ copy: 'fragment' }, 'copy', '#'],
  [{ copy: 'fragment' }, 'copy_button', '?'],
  [{ carrier: 'fragment', copy: 'query' }, 'copy', '?'],
]);

for (const [attributes, method, joint] of CARRIERS) {
  test(`with ${JSON.stringify(attributes)} a ${method} has its token behind ${joint}`, (context) => {
    Object.assign(options, attributes);
    context.after(() => {
      delete options.copy;
    });
    const [tag] = share([0, method]);
    assert.equal(tag('https://a.test/x')['https://a.test/x'.length], joint);
  });
}

/** @param {(...args: unknown[]) => unknown} call @param {(given: any, tag: any) => unknown} change */
function watched(call, change) {
  const owner = { name: 'owner', call };
  watch(owner, 'call', COPY, change);
  return owner;
}

test('what is watched sees its own this and the changed argument, and hands back its result', async () => {
  const owner = watched(
    /** @this {any} @param {any[]} args */ async function (...args) {
      return [this.name, ...args];
    },
    (url, tag) => tag(url),
  );
  const [name, url, second] = /** @type {any} */ (await owner.call('https://a.test/x', 2));
  assert.deepEqual([name, second], ['owner', 2]);
  assert.match(url, TOKEN);
  assert.equal(sent.length, 1);
});

test('an argument stays as it was where there is none, and where we fail', async () => {
  /** @type {unknown[][]} */
  const seen = [];
  const owner = watched(
    async (...args) => seen.push(args),
    () => {
      throw new Error('ours');
    },
  );
  await owner.call('a', 'b');
  await owner.call();
  await owner.call('');
  assert.deepEqual(seen, [['a', 'b'], [], ['']]);
});

test('a rejection is passed on, and is no share', async () => {
  const owner = watched(
    () => Promise.reject(new Error('theirs')),
    (url, tag) => tag(url),
  );
  await assert.rejects(/** @type {any} */ (owner.call('https://a.test/x')), /theirs/);
  assert.deepEqual(sent, []);
});

test('what does not exist stays so', () => {
  const owner = {};
  watch(owner, 'share', COPY, String);
  watch(undefined, 'share', COPY, String);
  assert.deepEqual(owner, {});
});
