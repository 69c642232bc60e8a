import './page.js';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { mint } from '../src/token.js';

const file = new URL('../../tests/vectors/tokens.json', import.meta.url);
/** @type {{ methods: string[], keys: Record<string, [number, number, number, string][]> }} */
const { methods, keys } = JSON.parse(readFileSync(file, 'utf8'));

for (const [key, rows] of Object.entries(keys)) {
  test(`the tokens of the key ${key} are the server's`, () => {
    for (const [method, hour, random, token] of rows) {
      assert.equal(mint(key, method, hour, [random]), token);
    }
    assert.ok(rows.length > 500);
  });
}

test("the methods that the source names stand where they stand in the server's list", () => {
  const folder = new URL('../src/', import.meta.url);
  const source = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));
  const named = [...source.join('').matchAll(/\[(\d), '([a-z_]+)'\]/g)];
  for (const [, number, name] of named) assert.equal(methods[Number(number)], name);
  assert.deepEqual(new Set(named.map(([, , name]) => name)), new Set(methods.slice(0, -1)));
});

test('the random part has 32 bits of the strong generator, the hour is the current one', (context) => {
  context.mock.method(crypto, 'getRandomValues', (/** @type {Uint32Array} */ into) => {
    into[0] = 2 ** 32 - 1;
    return into;
  });
  context.mock.method(Date, 'now', () => 499_500 * 3_600_000 + 3_599_999);
  assert.equal(mint('k', 2), mint('k', 2, 499_500, [2 ** 32 - 1]));
});

test('no token is made twice', () => {
  const tokens = new Set(Array.from({ length: 1_000 }, () => mint('k', 0)));
  assert.equal(tokens.size, 1_000);
});
