import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hitId } from '../src/id.js';

const LARGEST = 2 ** 32 - 1;

// [milliseconds, random, id]: seconds << 30 | fraction << 20 | 20 random bits
const ROWS = [
  [0, 0, 0n],
  [1_000, 0, 1n << 30n],
  [999, 0, 1022n << 20n],
  [1_795_291_200_123, 0, (1_795_291_200n << 30n) | (125n << 20n)],
  [1_795_291_200_123, LARGEST, (1_795_291_200n << 30n) | (125n << 20n) | 0xfffffn],
  [(2 ** 33 - 1) * 1_000 + 999, LARGEST, (1n << 63n) - (1n << 20n) - 1n],
];

for (const [milliseconds, random, id] of ROWS) {
  test(`the id at ${milliseconds} ms with random ${random} is ${id}`, () => {
    assert.equal(hitId(Number(milliseconds), Number(random)), String(id));
  });
}

test('ids sort by time, whatever is random in them', () => {
  for (let ms = 1_795_291_200_000; ms < 1_795_291_201_500; ms += 7) {
    assert.ok(BigInt(hitId(ms, LARGEST)) < BigInt(hitId(ms + 7, 0)), `at ${ms}`);
  }
});

test('two ids of one millisecond differ', () => {
  const ids = new Set(Array.from({ length: 50 }, () => hitId(1_795_291_200_123)));
  assert.ok(ids.size > 48);
});
