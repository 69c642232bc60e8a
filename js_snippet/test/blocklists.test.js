import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FiltersEngine, Request } from '@ghostery/adblocker';

const LISTS = {
  EasyList: 'easylist.txt',
  EasyPrivacy: 'easyprivacy.txt',
  'uBlock filters': 'filters.min.txt',
  'uBlock filters – Privacy': 'privacy.min.txt',
};
const place = (/** @type {string} */ name) =>
  new URL(`../node_modules/.cache/blocklists/${name}`, import.meta.url);
const skip = Object.values(LISTS).every((name) => existsSync(place(name)))
  ? false
  : 'the block lists are not there: run test/fetch-blocklists on Debian';

const engines = skip
  ? []
  : Object.entries(LISTS).map(([list, name]) => ({
      list,
      engine: FiltersEngine.parse(readFileSync(place(name), 'utf8')),
    }));
const { patterns, free } = JSON.parse(
  readFileSync(new URL('../../darksocial/rules/data/blocked.json', import.meta.url), 'utf8'),
);

/**
 * The lists that block a request which a page of www.example.com makes.
 * @param {string} url
 * @param {'script' | 'xhr' | 'image' | 'ping'} type
 */
function blockers(url, type) {
  const request = Request.fromRawDetails({ url, type, sourceUrl: 'https://www.example.com/story' });
  return engines.filter(({ engine }) => engine.match(request).match).map(({ list }) => list);
}

const typeOf = (/** @type {string} */ path) =>
  path.endsWith('.js') ? 'script' : path.endsWith('.gif') ? 'image' : 'xhr';

const ORIGINS = /** @type {[string, string][]} */ ([
  ['the same host', 'https://www.example.com'],
  ['a host of the same site', 'https://stats.example.com'],
  ['another site', 'https://tracker.example.net'],
]);

for (const [place, origin] of ORIGINS) {
  for (const path of free) {
    test(`${path} on ${place} is blocked by none`, { skip }, () => {
      assert.deepEqual(blockers(origin + path, typeOf(path)), []);
    });
  }
}

test('a beacon to another site would be blocked, which is why there is none', { skip }, () => {
  assert.deepEqual(blockers('https://tracker.example.net/c', 'ping'), ['EasyPrivacy']);
  assert.deepEqual(blockers('https://tracker.example.net/c', 'xhr'), []);
});

for (const { pattern, samples } of patterns) {
  for (const path of samples) {
    test(`the lists block what ${pattern} finds: ${path}`, { skip }, () => {
      assert.notDeepEqual(blockers(`https://www.example.com${path}`, typeOf(path)), []);
    });
  }
}

// A list may take parameters out of addresses, too.
test('no list takes `ds` out of an address', { skip }, () => {
  for (const { engine, list } of engines) {
    const removing = engine
      .getFilters()
      .networkFilters.map(String)
      .filter((filter) => /removeparam=ds(,|$)/.test(filter));
    assert.deepEqual(removing, [], list);
  }
});
