import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { build } from 'esbuild';
import { ensureFolder, inRoot } from '../../../scripts/lib/paths.mjs';
import { instrument } from './instrument.mjs';

const worker = inRoot('test/fuzz/engine/worker.ts');
const nativePbkdf2 = inRoot('test/fuzz/engine/native-pbkdf2.ts');
const MOST_EDGES = 1 << 16;

/**
 * Bundles the fuzzing process with counters in every branch of src/.
 * @param {string} folder where it goes; inside the checkout, so that packages are found from there
 * @returns {Promise<{ file: string, edges: { file: string }[] }>}
 */
export async function bundleFuzzer(folder) {
  ensureFolder(folder);
  const file = `${folder}/worker.mjs`;
  const edges = [];
  const counters = {
    name: 'edge-counters',
    setup(context) {
      context.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => {
        if (path.includes('node_modules')) return undefined;
        const name = relative(inRoot(), path).replaceAll('\\', '/');
        const contents = instrument(readFileSync(path, 'utf8'), path, () => edges.push({ file: name }) - 1);
        return { contents, loader: 'ts' };
      });
      // The policy id's 65,536 rounds, by the system and each once: the same bytes, a hundred times as many inputs.
      context.onResolve({ filter: /^@noble\/hashes\/pbkdf2\.js$/ }, ({ importer }) => (/policy-id\.ts$/.test(importer) ? { path: nativePbkdf2 } : undefined));
    },
  };
  await build({
    stdin: { contents: `import { serveFuzzing } from ${JSON.stringify(worker)};\nserveFuzzing(globalThis.__strongroomEdges);`, resolveDir: inRoot(), loader: 'ts' },
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    packages: 'external',
    banner: { js: `const __edges = new Uint8Array(${MOST_EDGES}); globalThis.__strongroomEdges = __edges;` },
    plugins: [counters],
    logLevel: 'error',
  });
  if (edges.length > MOST_EDGES) throw new Error(`The program has ${edges.length} branches; the fuzzer counts ${MOST_EDGES}.`);
  return { file, edges };
}
