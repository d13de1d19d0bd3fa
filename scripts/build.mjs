import { buildEverything } from './lib/bundles.mjs';
import { ensureNode } from './lib/node-runtime.mjs';

// Makes dist/: one bundle an edition and purpose, and the Node that the command-line programs run on.
try {
  await ensureNode();
  console.log(`Built dist/ (${await buildEverything()}).`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
