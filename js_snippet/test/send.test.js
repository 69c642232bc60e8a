import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sender } from '../src/send.js';

test('an event is one text/plain request that outlives the page and carries no cookie', (context) => {
  const fetch = context.mock.method(globalThis, 'fetch', async () => new Response());
  sender('https://tracker.test/c', 'KEY')({ t: 'pageview', u: 'https://a.test/', p: undefined });
  const [api, { body, ...options } = {}] = fetch.mock.calls[0].arguments;
  assert.equal(api, 'https://tracker.test/c');
  assert.deepEqual(options, { method: 'POST', credentials: 'omit', keepalive: true });
  const type = new Request('https://tracker.test/', { method: 'POST', body }).headers;
  assert.match(String(type.get('content-type')), /^text\/plain/);

  const { k, e: events } = JSON.parse(String(body));
  assert.equal(k, 'KEY');
  assert.deepEqual(Object.keys(events[0]), ['i', 't', 'u']);
  assert.match(events[0].i, /^[1-9]\d{17,18}$/);
});

test('a tracker that cannot be reached is no error of the page', async (context) => {
  context.mock.method(globalThis, 'fetch', async () => {
    throw new TypeError('no network');
  });
  /** @type {unknown[]} */
  const unhandled = [];
  const listener = (/** @type {unknown} */ reason) => unhandled.push(reason);
  process.on('unhandledRejection', listener);
  sender('https://tracker.test/c', 'KEY')({ t: 'pageview' });
  await new Promise(setImmediate);
  process.off('unhandledRejection', listener);
  assert.deepEqual(unhandled, []);
});
