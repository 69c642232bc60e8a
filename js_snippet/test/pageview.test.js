import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTidied } from '../src/pageview.js';

// [before, after, whether that is the same page with its address tidied]
const ROWS = [
  ['https://a.test/x?utm_source=m&id=1', 'https://a.test/x?id=1', true],
  ['https://a.test/x?ds=abc', 'https://a.test/x', true],
  ['https://a.test/x?b=1&c=2', 'https://a.test/x?c=2&b=1', true],
  ['https://a.test/x', 'https://a.test/x?page=2', false],
  ['https://a.test/x?page=1', 'https://a.test/x?page=2', false],
  ['https://a.test/x/y', 'https://a.test/x', false],
  ['https://a.test/', 'https://a.test/home', false],
];

for (const [before, after, tidied] of ROWS) {
  test(`from ${before} to ${after} is ${tidied ? 'no' : 'a'} page view`, () => {
    assert.equal(isTidied(String(before), String(after)), tidied);
  });
}
