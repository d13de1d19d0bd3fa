import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { installIfStale } from './lib/install.mjs';
import { inRoot } from './lib/paths.mjs';
import { runShown } from './lib/run.mjs';

/*
 * npm run bench: from the start of the process to the first window that can be used, for each edition, against an empty
 * Electron window in the same run: seconds differ between machines, the ratio much less. Written to test/bench/output/.
 */

const RUNS = 7;

installIfStale();
const { buildEverything } = await import('./lib/bundles.mjs');
const { openWindowPlace } = await import('./lib/app-suite.mjs');
const build = await buildEverything();
const place = await openWindowPlace({ more: ['test/bench'] });
if ('missing' in place) {
  console.error(place.missing);
  process.exit(1);
}

try {
  const output = join(place.user.home, 'start-up.json');
  const [command, args] = place.user.command(place.user.node, [join(place.user.checkout, 'test/bench/start-up.mjs'), String(RUNS), output]);
  const status = await runShown(command, args, { cwd: place.user.checkout, env: place.environment });
  if (status !== 0) throw new Error(`The measurement ended with ${status}.`);
  const measured = JSON.parse(readFileSync(output, 'utf8'));
  const base = median(measured.empty);
  const rows = Object.entries(measured).map(([name, samples]) => ({ name, medianMs: median(samples), leastMs: Math.min(...samples), mostMs: Math.max(...samples), ratioToEmpty: Number((median(samples) / base).toFixed(2)) }));
  for (const row of rows) {
    console.log(`${row.name.padEnd(10)} first usable window after ${row.medianMs} ms (${row.leastMs} to ${row.mostMs}, ${RUNS} starts), ${row.ratioToEmpty} times an empty window`);
  }
  const folder = inRoot('test/bench/output');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'start-up.json'), `${JSON.stringify({ build, at: new Date().toISOString(), electron: place.electron.version, processor: cpus()[0]?.model ?? 'unknown', processors: cpus().length, rows }, null, 2)}\n`);
  console.log('Written to test/bench/output/start-up.json');
} finally {
  place.close();
}

function median(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
