/**
 * Builds everything in dist/ from src/, byte for byte the same each time, so that a test can
 * compare. Properties whose names begin with an underscore are private to a bundle and get short
 * names.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { minify } from 'terser';

const place = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));

export const TARGET = place('dist/ds.js');
export const { version: VERSION } = JSON.parse(readFileSync(place('package.json'), 'utf8'));

const PRIVATE = /^_/;
/** The script, and what it loads on demand from beside it. */
const PARTS = ['ds.js', 'more.js', 'survey.js'];

/**
 * One script out of an entry and what it imports.
 * @param {string} entry
 * @param {'iife' | 'esm'} format
 */
async function pack(entry, format) {
  const { outputFiles } = await build({
    absWorkingDir: place('.'),
    entryPoints: [entry],
    bundle: true,
    minifySyntax: true,
    minifyWhitespace: true,
    format,
    target: 'es2021',
    charset: 'utf8',
    legalComments: 'none',
    sourcemap: 'external',
    outfile: 'dist/out.js',
    mangleProps: PRIVATE,
    write: false,
  });
  const [map, code] = [...outputFiles].sort((a, b) => b.path.length - a.path.length);
  // Terser finds some bytes more, and the map goes through both.
  const { code: small = '', map: mapped = '' } = await minify(code.text, {
    ecma: 2020,
    module: true,
    compress: {
      passes: 3,
      unsafe: true,
      unsafe_arrows: true,
      hoist_funs: true,
      booleans_as_integers: true,
    },
    sourceMap: { content: map.text, filename: 'ds.js' },
  });
  return { code: Buffer.from(small), map: Buffer.from(String(mapped)) };
}

/** The bytes of dist/ds.js as they follow from the source. */
export async function bundle() {
  return (await pack('src/index.js', 'iife')).code;
}

/**
 * Every file of dist/ by its name. `ds.<version>.js` is what a page may pin with an integrity
 * hash: it loads its parts by the same version, and released ones stay in dist/ when the version
 * moves on.
 * @returns {Promise<Map<string, Buffer>>}
 */
export async function files() {
  const script = await pack('src/index.js', 'iife');
  const survey = await pack('src/survey.js', 'iife');
  const more = await pack('src/more.js', 'esm');
  const module = await pack('src/module.js', 'esm');
  const made = new Map([
    ['ds.js', script.code],
    ['ds.js.map', script.map],
    ['ds.mjs', module.code],
    ['more.js', more.code],
    ['survey.js', survey.code],
  ]);
  for (const part of PARTS) made.set(pinned(part), pin(/** @type {Buffer} */ (made.get(part))));
  return made.set('sri.json', Buffer.from(hashes(made)));
}

/** @param {string} part */
const pinned = (part) => part.replace(/js$/, `${VERSION}.js`);

/**
 * A script that loads parts of its own version.
 * @param {Buffer} code
 */
function pin(code) {
  const named = PARTS.reduce(
    (text, part) => text.replace(new RegExp(`(["'\`])${part}\\1`, 'g'), `$1${pinned(part)}$1`),
    code.toString(),
  );
  return Buffer.from(named);
}

/**
 * The integrity hashes of the scripts, as JSON.
 * @param {Map<string, Buffer>} made
 */
function hashes(made) {
  const scripts = [...made].filter(([name]) => /js$/.test(name));
  const digest = (/** @type {Buffer} */ code) =>
    `sha384-${createHash('sha384').update(code).digest('base64')}`;
  const integrity = Object.fromEntries(scripts.map(([name, code]) => [name, digest(code)]));
  return `${JSON.stringify({ version: VERSION, integrity }, null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(place('dist'), { recursive: true });
  for (const [name, content] of await files()) {
    writeFileSync(place(`dist/${name}`), content);
    const zipped = gzipSync(content, { level: 9 }).length;
    console.log(`dist/${name}: ${content.length} bytes, ${zipped} with gzip -9`);
  }
}
