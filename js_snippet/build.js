import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

export const TARGET = fileURLToPath(new URL('dist/ds.js', import.meta.url));

/** The bytes of dist/ds.js as they follow from the source. */
export async function bundle() {
  const result = await build({
    entryPoints: [fileURLToPath(new URL('src/index.js', import.meta.url))],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2020',
    charset: 'utf8',
    legalComments: 'none',
    write: false,
  });
  return result.outputFiles[0].contents;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const code = await bundle();
  writeFileSync(TARGET, code);
  const zipped = gzipSync(code, { level: 9 }).length;
  console.log(`dist/ds.js: ${code.length} bytes, ${zipped} with gzip -9`);
}
