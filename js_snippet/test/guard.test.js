import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quietly } from '../src/guard.js';

test('an error of ours goes no further', () => {
  assert.equal(
    quietly(() => {
      throw new Error('ours');
    }),
    undefined,
  );
  assert.equal(
    quietly(() => 3),
    3,
  );
});
