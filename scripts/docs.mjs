import { writeFileSync } from 'node:fs';
import { ensureNode } from './lib/node-runtime.mjs';
import { inRoot } from './lib/paths.mjs';
import { runShown } from './lib/run.mjs';

/* npm run docs: writes the pages of docs/ that are made from the code's own lists. A test fails when they are stale. */

const AGAIN = 'STRONGROOM_DOCS_AGAIN';

if (process.env[AGAIN] === undefined) {
  // Once more under a Node that reads TypeScript, which the one that npm runs on may not.
  process.exitCode = await runShown(await ensureNode(), [inRoot('scripts/docs.mjs')], { env: { ...process.env, [AGAIN]: '1' } });
} else {
  const { pages } = await import('./lib/docs-pages.mjs');
  for (const [name, content] of Object.entries(pages)) writeFileSync(inRoot('docs', name), content);
}
