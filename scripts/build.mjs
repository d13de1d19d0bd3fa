import { buildEverything } from './lib/bundles.mjs';
import { ensureNode } from './lib/node-runtime.mjs';

// Makes dist/: one bundle an edition and purpose, and the Node that the command-line programs run on.
try {
  await ensureNode();
  const builds = await buildEverything();
  console.log(`Built dist/ (${Object.entries(builds).map(([product, hash]) => `${product} ${hash.slice(0, 12)}`).join(', ')}).`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
