import { readdirSync } from 'node:fs';
import { installIfStale } from './lib/install.mjs';
import { ensureNode, withNode } from './lib/node-runtime.mjs';
import { inRoot } from './lib/paths.mjs';
import { runShown } from './lib/run.mjs';

/* Takes docs/paper/*.png anew: every sheet, drawn by poppler from the PDF that would be printed, with practice data. */

installIfStale();
const node = await ensureNode();
const folder = inRoot('docs/paper');
process.exitCode = await runShown(node, ['--experimental-strip-types', '--disable-warning=ExperimentalWarning', inRoot('test/support/paper/take-pictures.ts'), folder], { env: withNode(node) });
if (process.exitCode === 0) console.log(`Took ${readdirSync(folder).length} pictures into docs/paper/.`);
