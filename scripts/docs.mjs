/** Writes docs/errors.md and docs/findings.md from the code's own lists. A test fails when they are stale. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { errorsPage, findingsPage } from './lib/catalog-docs.mjs';

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));

/** Bundled in memory, so that this runs on a Node that does not read TypeScript. */
async function load(file) {
  const { outputFiles } = await build({ entryPoints: [path(file)], bundle: true, write: false, format: 'esm', platform: 'neutral' });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

writeFileSync(path('docs/errors.md'), errorsPage((await load('src/errors/catalog.ts')).errorCatalog));
writeFileSync(path('docs/findings.md'), findingsPage((await load('src/review/finding.ts')).findingCatalog));
