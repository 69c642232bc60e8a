import './page.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { report } from '../src/send.js';

/** @typedef {import('node:test').TestContext} Context */

/**
 * Answers each request with the next status, 0 for none, and returns what notes the requests.
 * @param {Context} context
 * @param {number[]} statuses
 */
function tracker(context, ...statuses) {
  const fetch = context.mock.method(globalThis, 'fetch', async () => {
    const status = statuses.shift();
    if (!status) throw new TypeError('no network');
    return new Response(null, { status });
  });
  return fetch.mock;
}

const settled = () => new Promise(setImmediate);

test('an event is one text/plain request that outlives the page and carries no cookie', async (context) => {
  const requests = tracker(context, 204);
  report('pageview', { u: 'https://a.test/', p: undefined });
  const [api, { body, ...request } = {}] = /** @type {any[]} */ (requests.calls[0].arguments);
  assert.equal(String(api), 'https://tracker.test/c');
  assert.deepEqual(request, { method: 'POST', credentials: 'omit', keepalive: true });
  const type = new Request('https://tracker.test/', { method: 'POST', body }).headers;
  assert.match(String(type.get('content-type')), /^text\/plain/);

  const { k, e: events } = JSON.parse(String(body));
  assert.equal(k, 'k');
  assert.deepEqual(Object.keys(events[0]), ['i', 't', 'u']);
  await settled();
});

// [answers, requests that follow]
const TRIES = /** @type {[number[], number][]} */ ([
  [[204], 1],
  [[503, 204], 2],
  [[0, 204], 2],
  [[0, 0, 204], 2],
  [[503, 503, 204], 2],
]);

for (const [answers, tries] of TRIES) {
  test(`with the answers ${answers} there are ${tries} requests of one event`, async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const requests = tracker(context, ...answers);
    report('pageview', {});
    for (let round = 0; round < 3; round++) {
      await settled();
      context.mock.timers.tick(3000);
    }
    await settled();
    const bodies = requests.calls.map((call) => /** @type {any[]} */ (call.arguments)[1].body);
    assert.equal(bodies.length, tries);
    assert.equal(new Set(bodies).size, 1);
  });
}

/** @param {Context} context */
function idNow(context) {
  const requests = tracker(context, 204);
  report('pageview', {});
  return JSON.parse(/** @type {any[]} */ (requests.calls[0].arguments)[1].body).e[0].i;
}

// [milliseconds, random]
const MOMENTS = [
  [1_795_291_200_000, 0],
  [1_795_291_200_123, 0.5],
  [1_795_291_200_999, 0.999],
  [(2 ** 33 - 1) * 1_000 + 999, 0.99],
];

for (const [milliseconds, random] of MOMENTS) {
  test(`the id at ${milliseconds} ms is 63 bits: 33 of seconds, 30 of the fraction`, (context) => {
    context.mock.method(Date, 'now', () => milliseconds);
    context.mock.method(Math, 'random', () => random);
    const id = idNow(context);
    assert.match(id, /^[1-9][0-9]{17,18}$/);
    assert.ok(BigInt(id) < 1n << 63n);
    assert.equal(Number(BigInt(id) >> 30n), Math.floor(milliseconds / 1000));
    const fraction = Number(BigInt(id) & (2n ** 30n - 1n)) / 2 ** 30;
    assert.ok(Math.abs(fraction - ((milliseconds % 1000) + random) / 1000) < 1e-6);
  });
}

test('ids of one millisecond differ', (context) => {
  context.mock.method(Date, 'now', () => 1_795_291_200_123);
  const ids = new Set(Array.from({ length: 20 }, () => idNow(context)));
  assert.ok(ids.size > 17);
});
