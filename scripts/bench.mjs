import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { installIfStale } from './lib/install.mjs';
import { ensureNode, withNode } from './lib/node-runtime.mjs';
import { inRoot } from './lib/paths.mjs';
import { runQuietly, runShown } from './lib/run.mjs';

/*
 * npm run bench [-- PART...]: seconds differ between machines, the ratio to something measured in the same run much less.
 *
 * start-up: from the start of the process to the first window that can be used, against an empty Electron window.
 * psbt: the PSBT engine from building to the final transaction, against bitcoinjs-lib's Psbt class, @scure/btc-signer and Electrum, in
 * processor time.
 * paper-wallets: 500 paper wallets as two documents, against 500 key derivations and 1,000 QR encodings alone; at most twice.
 *
 * frames: codes across the gap: how many a transfer takes, what drawing one costs, and how many of 200 hard pictures of codes are read.
 * addresses: 10,000 addresses of a 3-of-5 wallet, against the point additions alone that they take, and two other libraries.
 *
 * ledger: books of 1,000,000 entries, listed, searched, audited and closed, beside the same questions in the sqlite3 shell.
 *
 * Written to test/bench/output/.
 */

const RUNS = 7;
const MOST_TIMES_ALONE = 2;
const LEDGER_ENTRIES = 1_000_000;
/** A question to the books is answered before anybody waits, or takes no more than so many times what the shell does. */
const MOST_LEDGER_MS = 250;
const MOST_TIMES_SHELL = 6;
/** Of an address: times its point additions alone, and part of what another library takes for it. */
const MOST_OF_ADDITIONS = 1.25;
const MOST_OF_LIBRARIES = 0.5;
const parts = { psbt: benchPsbtEngine, 'paper-wallets': benchPaperWallets, 'start-up': benchStartUp, frames: benchFrames, addresses: benchAddresses, ledger: benchLedger };

installIfStale();
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  console.error(`No such part: ${unknown.join(', ')}. There are: ${Object.keys(parts).join(', ')}.`);
  process.exit(64);
}
for (const [name, bench] of Object.entries(parts)) if (asked.length === 0 || asked.includes(name)) await bench();

async function benchPsbtEngine() {
  const { benchPsbt } = await import('./lib/bench-psbt.mjs');
  const { faults, ...measured } = await benchPsbt();
  write('psbt', { load: loadavg().map((load) => Number(load.toFixed(1))), ...measured });
  for (const fault of faults) console.error(`Too slow: ${fault}.`);
  if (faults.length > 0) process.exitCode = 1;
}

async function benchPaperWallets() {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-bench-'));
  try {
    const node = await ensureNode();
    const output = join(folder, 'paper-wallets.json');
    const status = await runShown(node, ['--experimental-strip-types', '--disable-warning=ExperimentalWarning', inRoot('test/bench/paper-wallets.ts'), output], { env: withNode(node) });
    if (status !== 0) throw new Error(`The measurement ended with ${status}.`);
    const { wallets, encryptedWallets, alone, batch, encrypted } = JSON.parse(readFileSync(output, 'utf8'));
    const ratio = Number((median(batch) / median(alone)).toFixed(2));
    console.log(`500 paper wallets: ${wallets} wallets as two documents in ${median(batch)} ms; their keys and QR codes alone in ${median(alone)} ms; ratio ${ratio} (at most ${MOST_TIMES_ALONE})`);
    console.log(`encrypted paper wallets: ${Math.round(encrypted[0] / encryptedWallets)} ms a wallet, encrypted and opened again`);
    write('paper-wallets', { wallets, encryptedWallets, alone, batch, encrypted, ratio });
    if (ratio > MOST_TIMES_ALONE) {
      console.error('Too slow: the batch takes more than twice as long as its keys and codes alone.');
      process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Processor time of codes, and hard pictures of them; at least as many of these are read as by the best library alone. */
async function benchFrames() {
  const node = await ensureNode();
  const measured = Object.fromEntries(['qr-frames', 'hard-frames'].map((name) => [name, JSON.parse(runQuietly(node, ['--experimental-strip-types', '--disable-warning=ExperimentalWarning', inRoot(`test/bench/${name}.ts`)], { env: withNode(node) }))]));
  const hard = measured['hard-frames'];
  console.log(`hard pictures of codes: ${hard.read} of ${hard.frames} read${hard.zbar === null ? '' : `, zbar ${hard.zbar}`}; ${hard.medianMs} ms each`);
  write('frames', measured);
}

/** Addresses by both curves; the native one is what the programs use. */
async function benchAddresses() {
  const node = await ensureNode();
  const flags = ['--expose-gc', '--experimental-strip-types', '--disable-warning=ExperimentalWarning'];
  const measured = ['native', 'webassembly'].map((curve) => JSON.parse(runQuietly(node, [...flags, inRoot('test/bench/addresses.ts'), curve, '10000'], { env: withNode(node), cwd: inRoot('.') })));
  for (const { curve, addresses, microsecondsPerAddress: { ours, additions, bitcoinerlab, bdk } } of measured) {
    const [toAdditions, toBitcoinerlab, toBdk] = [additions, bitcoinerlab, bdk].map((other) => Number((ours / other).toFixed(2)));
    console.log(`${addresses} addresses, ${curve}: ${ours} µs each, ${toAdditions} times their point additions (at most ${MOST_OF_ADDITIONS}), ${toBitcoinerlab} of @bitcoinerlab/descriptors, ${toBdk} of BDK`);
    const isOver = toAdditions > MOST_OF_ADDITIONS || (curve === 'native' && Math.max(toBitcoinerlab, toBdk) > MOST_OF_LIBRARIES);
    if (isOver) {
      console.error('Too slow: addresses.');
      process.exitCode = 1;
    }
  }
  write('addresses', { measured });
}

/** A ledger of a million entries: each question at most an eye-blink, or a few times what the bare shell takes. */
async function benchLedger() {
  const { findOnPath, installDebianPackages } = await import('./lib/debian-packages.mjs');
  if (findOnPath('sqlite3') === null) installDebianPackages('sqlite3', ['sqlite3']);
  const node = await ensureNode();
  const measured = JSON.parse(runQuietly(node, ['--experimental-strip-types', '--disable-warning=ExperimentalWarning', inRoot('test/bench/ledger.ts'), String(LEDGER_ENTRIES), 'sqlite3'], { env: withNode(node), cwd: inRoot('.') }));
  for (const { name, ms, shellMs } of measured.questions) {
    console.log(`${name.padEnd(48)} ${String(ms).padStart(9)} ms   sqlite3 ${String(shellMs).padStart(7)} ms   ${shellMs >= 5 ? `ratio ${(ms / shellMs).toFixed(2)}` : ''}`);
    if (ms > MOST_LEDGER_MS && ms > MOST_TIMES_SHELL * shellMs) {
      console.error(`Too slow: ${name}.`);
      process.exitCode = 1;
    }
  }
  const { openMs, refresh, close, wholeFile } = measured;
  console.log(`open ${openMs} ms; refresh without news ${refresh.nothingNewMs} ms, with 100 new ${refresh.hundredNewMs} ms; close of ${close.transactions} transactions ${close.reportMs} ms, its PDF ${close.pdfMs} ms; whole export ${wholeFile.exportMs} ms, check ${wholeFile.checkMs} ms, backup ${wholeFile.backupMs} ms`);
  if (openMs > MOST_LEDGER_MS) {
    console.error('Too slow: opening the ledger.');
    process.exitCode = 1;
  }
  write('ledger', measured);
}

async function benchStartUp() {
  const { buildEverything } = await import('./lib/bundles.mjs');
  const { openWindowPlace } = await import('./lib/app-suite.mjs');
  const build = await buildEverything();
  const place = await openWindowPlace({ more: ['test/bench'] });
  if ('missing' in place) {
    console.error(place.missing);
    process.exitCode = 1;
    return;
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
    write('start-up', { build, electron: place.electron.version, rows });
  } finally {
    place.close();
  }
}

function write(name, content) {
  const folder = inRoot('test/bench/output');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify({ at: new Date().toISOString(), processor: cpus()[0]?.model ?? 'unknown', processors: cpus().length, ...content }, null, 2)}\n`);
  console.log(`Written to test/bench/output/${name}.json`);
}

function median(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
