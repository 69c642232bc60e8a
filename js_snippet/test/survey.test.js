import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ANSWERS, WORDS, wordsFor } from '../src/survey.js';

const model = readFileSync(new URL('../../darksocial/model.py', import.meta.url), 'utf8');

test("the answers are the tracker's words", () => {
  const [, tuple] = /** @type {RegExpMatchArray} */ (model.match(/^ANSWERS = \((.*)\)$/m));
  assert.deepEqual(
    [...tuple.matchAll(/"(\w+)"/g)].map(([, word]) => word).sort(),
    [...ANSWERS].sort(),
  );
});

for (const [language, expected] of /** @type {[string, object][]} */ ([
  ['de', WORDS.de],
  ['de-AT', WORDS.de],
  ['DE', WORDS.de],
  ['en-GB', WORDS.en],
  ['den', WORDS.en],
  ['fr', WORDS.en],
  ['', WORDS.en],
])) {
  test(`the question in a page in "${language}"`, () => {
    assert.equal(wordsFor(language), expected);
  });
}

test('no language lacks a word', () => {
  assert.deepEqual(Object.keys(WORDS.de), Object.keys(WORDS.en));
  for (const words of Object.values(WORDS)) assert.ok(Object.values(words).every(Boolean));
});

test('the script defines the one function that the snippet calls', () => {
  assert.equal(typeof (/** @type {any} */ (globalThis).darksocialSurvey), 'function');
});
