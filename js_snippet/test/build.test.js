import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { bundle, TARGET, VERSION } from '../build.js';

const built = readFileSync(TARGET);

test('dist/ds.js is what the source builds: `npm run build` renews it', async () => {
  assert.ok(built.equals(await bundle()));
});

test('it stays small, whoever compresses it', () => {
  assert.ok(gzipSync(built, { level: 9 }).length <= 2500);
  const pinned = readFileSync(TARGET.replace(/js$/, `${VERSION}.js`));
  for (const input of [built, pinned])
    assert.ok(execFileSync('gzip', ['-9', '-n'], { input }).length <= 2500);
});

test("a page's content security policy has nothing to object to", () => {
  const code = built.toString();
  assert.doesNotMatch(code, /\beval\b|\bFunction\(|innerHTML|document\.write/);
});
