import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { files, VERSION } from '../build.js';

const read = (/** @type {string} */ name) =>
  readFileSync(new URL(`../dist/${name}`, import.meta.url));
const made = await files();

for (const [name, content] of made) {
  test(`dist/${name} is what the source builds: \`npm run build\` renews it`, () => {
    assert.ok(read(name).equals(content));
  });
}

test('the hashes are those that browsers compute', () => {
  const { version, integrity } = JSON.parse(read('sri.json').toString());
  assert.equal(version, VERSION);
  assert.ok(`ds.${VERSION}.js` in integrity);
  for (const [name, hash] of Object.entries(integrity)) {
    const digest = createHash('sha384').update(read(name)).digest('base64');
    assert.equal(hash, `sha384-${digest}`, name);
  }
});

test('a pinned script loads parts of its own version, which are there', () => {
  const pinned = [...made].filter(([name]) => name.includes(VERSION));
  assert.ok(pinned.length >= 3);
  for (const [name, content] of pinned) {
    const parts = [...content.toString().matchAll(/["'`]([\w.]+\.js)["'`]/g)].map(
      ([, part]) => part,
    );
    for (const part of parts) {
      assert.ok(part.includes(VERSION), `${name} loads ${part}`);
      assert.ok(made.has(part), `${name} loads ${part}`);
    }
  }
  assert.match(read(`ds.${VERSION}.js`).toString(), new RegExp(`more.${VERSION}.js`));
});

test('the source map names the sources and holds their text', () => {
  const map = JSON.parse(read('ds.js.map').toString());
  const place = map.sources.findIndex((/** @type {string} */ path) =>
    path.endsWith('src/index.js'),
  );
  assert.ok(place >= 0, map.sources.join());
  const source = readFileSync(new URL('../src/index.js', import.meta.url), 'utf8');
  assert.equal(map.sourcesContent[place], source);
});

test("a page's content security policy has nothing to object to", () => {
  for (const [name, content] of made) {
    if (!/js$/.test(name)) continue;
    assert.doesNotMatch(
      content.toString(),
      /\beval\b|\bFunction\(|innerHTML|document\.write/,
      name,
    );
  }
});

test('nothing is loaded from anywhere else', () => {
  for (const [name, content] of made) {
    if (/js$/.test(name)) assert.doesNotMatch(content.toString(), /["'`]https?:\/\/[a-z]/, name);
  }
});

test('the package gives what it promises', async () => {
  const { exports } = JSON.parse(read('../package.json').toString());
  for (const target of [exports['.'].types, exports['.'].default, exports['./ds.js']])
    read(`../${target}`);
  const module = await import(new URL('../dist/ds.mjs', import.meta.url).href);
  assert.deepEqual(Object.keys(module).sort(), ['darksocial', 'default', 'load']);
  // On a server, where there is no page, both do nothing.
  assert.equal(module.load({ src: '/ds.js', site: 'KEY' }), undefined);
  assert.equal(module.darksocial('pageview'), undefined);
});

test('the version is that of the Python package', () => {
  const python = readFileSync(new URL('../../darksocial/version.py', import.meta.url), 'utf8');
  assert.match(python, new RegExp(`VERSION = "${VERSION}"`));
});
