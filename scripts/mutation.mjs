import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { installIfStale } from './lib/install.mjs';
import { ensureNode, withNode } from './lib/node-runtime.mjs';
import { ensureFolder, inRoot } from './lib/paths.mjs';
import { runShown } from './lib/run.mjs';

/*
 * npm run mutation [-- --files GLOB]... [--fresh]
 *
 * Changes src/psbt and src/review in one small place at a time and says which changes no test notices: with --files those of these
 * files only, with --fresh all of them again, also those that were noticed before. Takes hours. See docs/mutation.md.
 */

const LEAST_PERCENT = 90;
const { values } = parseArgs({ options: { files: { type: 'string', multiple: true, default: ['src/psbt/**/*.ts', 'src/review/**/*.ts'] }, fresh: { type: 'boolean', default: false } } });

installIfStale();
const node = await ensureNode();
const folder = inRoot('test-results', 'mutation');
const known = resolve(folder, 'known.json');
ensureFolder(folder);
if (values.fresh) rmSync(known, { force: true });
const vectors = resolve(process.env.STRONGROOM_VECTORS ?? inRoot('../shared/vectors'));
if (!existsSync(vectors)) console.error(`No published cases at ${vectors}: what only they notice will count as unnoticed.`);
// Whoever works on this machine goes first.
setPriority(constants.priority.PRIORITY_LOW);

// What runs while files are loaded can only be changed by loading everything anew, which takes ten times as long. So first all that
// can be changed after that; whatever was not noticed then is tried again, with everything loaded under the change.
await stryker('quick');
forgetUnnoticed();
await stryker('whole');
process.exitCode = summary();

async function stryker(pass) {
  console.error(`\n== ${pass === 'quick' ? 'Changes while tests run' : 'Changes while files are loaded, and what was not noticed'}`);
  const status = await runShown(node, [fileURLToPath(new URL('./mutation/run.mjs', import.meta.url)), JSON.stringify({ files: values.files, pass })], { env: { ...withNode(node), STRONGROOM_VECTORS: vectors } });
  if (status !== 0) process.exit(status);
}

function forgetUnnoticed() {
  const report = JSON.parse(readFileSync(known, 'utf8'));
  for (const file of Object.values(report.files)) file.mutants = file.mutants.filter(({ status }) => status === 'Killed');
  writeFileSync(known, JSON.stringify(report));
}

/** One line a file and one for all; @returns the exit code */
function summary() {
  const { files } = JSON.parse(readFileSync(resolve(folder, 'report.json'), 'utf8'));
  const kinds = ['Killed', 'Timeout', 'Survived', 'NoCoverage', 'RuntimeError', 'Ignored'];
  const total = Object.fromEntries(kinds.map((kind) => [kind, 0]));
  const line = (name, counts) => {
    const noticed = counts['Killed'] + counts['Timeout'];
    const all = noticed + counts['Survived'] + counts['NoCoverage'];
    return `${name.padEnd(52)} ${String(all).padStart(6)} ${kinds.map((kind) => String(counts[kind]).padStart(12)).join(' ')} ${all === 0 ? '' : `${((100 * noticed) / all).toFixed(1)} %`}`;
  };
  console.log(`${'file'.padEnd(52)} ${'mutants'.padStart(6)} ${kinds.map((kind) => kind.padStart(12)).join(' ')}`);
  for (const [name, { mutants }] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const counts = Object.fromEntries(kinds.map((kind) => [kind, mutants.filter(({ status }) => status === kind).length]));
    for (const kind of kinds) total[kind] += counts[kind];
    if (mutants.length > 0) console.log(line(name, counts));
  }
  console.log(line('all', total));
  for (const [name, { mutants }] of Object.entries(files)) {
    for (const { status, mutatorName, location, replacement } of mutants) {
      if (status === 'Survived' || status === 'NoCoverage') console.log(`${name}:${location.start.line}:${location.start.column} ${mutatorName}: ${String(replacement).replace(/\s+/g, ' ').slice(0, 100)}`);
    }
  }
  const noticed = total['Killed'] + total['Timeout'];
  const percent = (100 * noticed) / (noticed + total['Survived'] + total['NoCoverage']);
  if (percent >= LEAST_PERCENT) return 0;
  console.error(`Under ${LEAST_PERCENT} % are noticed.`);
  return 1;
}
