import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installIfStale } from './lib/install.mjs';
import { cacheFolder, inRoot } from './lib/paths.mjs';
import { bundleFuzzer } from '../test/fuzz/engine/bundle.mjs';
import { targetNames } from '../test/fuzz/engine/target-names.mjs';
import { keepFinding } from '../test/fuzz/engine/keep.mjs';
import { MOST_MILLISECONDS, tryAlone, watched } from '../test/fuzz/engine/watch.mjs';

/*
 * npm run fuzz [-- --minutes N] [--inputs N] [--target NAME] [--seed S] [--processes N]
 *
 * Gives the program's readers what nobody should ever give them. Branches that were not taken before lead the way; nothing but
 * an error of the catalog may come back, within a second, in half a gibibyte. Findings are made small and kept in
 * test/fuzz/corpus/. See docs/fuzzing.md.
 */

const { values } = parseArgs({ options: { minutes: { type: 'string' }, inputs: { type: 'string' }, target: { type: 'string', multiple: true }, seed: { type: 'string', default: '1' }, processes: { type: 'string', default: String(availableParallelism()) } } });
const number = (name, text, least) => {
  const value = Number(text);
  if (text !== undefined && !(value >= least)) fail(`--${name} wants a number of at least ${least}.`);
  return value;
};
const inputs = values.inputs === undefined ? Number.POSITIVE_INFINITY : number('inputs', values.inputs, 1);
const minutes = values.minutes === undefined ? (values.inputs === undefined ? 1 : Number.POSITIVE_INFINITY) : number('minutes', values.minutes, 0);
const seed = number('seed', values.seed, 0);
const processes = number('processes', values.processes, 1);
const chosen = values.target ?? targetNames;
const unknown = chosen.filter((name) => !targetNames.includes(name));
if (unknown.length > 0) fail(`No such target: ${unknown.join(', ')}. There are: ${targetNames.join(', ')}.`);

function fail(text) {
  console.error(text);
  process.exit(64);
}

installIfStale();
const { file: bundle, edges } = await bundleFuzzer(join(cacheFolder, `fuzz-${process.pid}`));
const folder = mkdtempSync(join(tmpdir(), 'strongroom-fuzz-'));
const started = Date.now();
const seconds = () => (Date.now() - started) / 1000;

/** Of each process: what it said last, and what those that ran in its place before had done. */
const lanes = Array.from({ length: processes }, newLane);
const seen = new Uint8Array(edges.length);
const kept = [];
const causes = new Set();
let peakBytes = 0;
let computedMs = 0;
let stopping = false;
const running = new Set();
/** A target that loses so many processes is given nothing more, so that the others are. */
const MOST_LOSSES = 5;
const losses = new Map();
/** @type {{ kind: string, name: string, input: Buffer, message: string }[]} */
const unexplained = [];
process.env.STRONGROOM_VECTORS ??= inRoot('../shared/vectors');
if (!existsSync(process.env.STRONGROOM_VECTORS)) console.error('The published vectors are not there (STRONGROOM_VECTORS): beginning with our own files alone.');
console.error(`${chosen.length} targets, ${edges.length} branches, ${processes} processes, seed ${seed}${Number.isFinite(minutes) ? `, ${minutes} minutes` : ''}${Number.isFinite(inputs) ? `, ${inputs} inputs` : ''}`);

const ticker = setInterval(() => line(), process.stderr.isTTY ? 2000 : 20_000);
const end = Number.isFinite(minutes) ? setTimeout(stop, minutes * 60_000) : undefined;
process.on('SIGINT', stop);
await Promise.all(lanes.map((lane, index) => runLane(lane, index)));
clearInterval(ticker);
clearTimeout(end);
const took = seconds();
for (const loss of unexplained) await explain(loss);
summary();
rmSync(folder, { recursive: true, force: true });
rmSync(join(cacheFolder, `fuzz-${process.pid}`), { recursive: true, force: true });
process.exitCode = kept.length === 0 ? 0 : 1;

function newLane() {
  return { now: /** @type {any} */ (null), before: 0, tables: /** @type {any[]} */ ([]) };
}

/** Processes one after another: where one is lost with an input, the next goes on with another stream of chance. */
async function runLane(lane, index) {
  const share = Math.floor(inputs / processes) + (index < inputs % processes ? 1 : 0);
  for (let generation = 0; !stopping && lane.before < share; generation += 1) {
    const alive = chosen.filter((name) => (losses.get(name) ?? 0) < MOST_LOSSES);
    if (alive.length === 0) return;
    const orders = { mode: 'fuzz', targets: alive, seed, stream: generation * 1000 + index, edges: edges.length, inputs: Number.isFinite(share) ? share - lane.before : Number.MAX_SAFE_INTEGER, file: join(folder, `input-${index}-${generation}`) };
    const faults = [];
    const one = watched({ bundle, orders, told: (message) => take(lane, message, faults) });
    running.add(one);
    if (stopping) one.stop();
    const ending = await one.ended;
    running.delete(one);
    for (const fault of faults) keep(fault);
    if (ending.kind !== 'done') noteLoss({ ...ending, name: alive[ending.target] ?? alive[0] });
    lane.tables.push(lane.now?.progress ?? {});
    computedMs += lane.now?.processorMs ?? 0;
    lane.before += Math.max(lane.now?.given ?? 0, ending.given);
    lane.now = null;
  }
}

function take(lane, message, faults) {
  lane.now = message;
  peakBytes = Math.max(peakBytes, message.peakRssBytes);
  const buckets = Buffer.from(message.seen, 'base64');
  for (let edge = 0; edge < seen.length; edge += 1) seen[edge] |= buckets[edge];
  for (const fault of message.faults) {
    faults.push(fault);
    console.error(`\nFOUND ${fault.target}: ${fault.message} (${fault.input.length / 2} bytes)`);
  }
}

/** The first of each kind is looked into once the run is over: each attempt takes seconds. */
function noteLoss(loss) {
  const { name, kind, message } = loss;
  const count = (losses.get(name) ?? 0) + 1;
  losses.set(name, count);
  if (count === 1) console.error(`\nLOST a process at ${name}: ${message}`);
  if (count === MOST_LOSSES) console.error(`\nNo more inputs for ${name}: it loses process after process.`);
  if (!unexplained.some((known) => known.name === name && known.kind === kind)) unexplained.push(loss);
}

/** Whether the input that a process was lost with does it alone, and how small it can be. */
async function explain({ kind, name, input, message }) {
  const file = join(folder, `try-${kind}`);
  const shows = async (candidate) => {
    const outcome = await tryAlone(bundle, name, candidate, file);
    if (typeof outcome === 'string') return outcome === kind || kind !== 'memory';
    return kind === 'hang' ? outcome.processorMs > MOST_MILLISECONDS : kind === 'memory' ? outcome.grownBytes > 256 * 1024 * 1024 : false;
  };
  if (!(await shows(input))) {
    kept.push(`${name}: ${message}; its last input alone does not do it`);
    return;
  }
  // By halves only: each attempt is a process.
  let best = input;
  for (let size = best.length >> 1, attempts = 0; size > 0 && attempts < 60; size >>= 1) {
    for (let at = 0; at < best.length && attempts < 60; attempts += 1) {
      const shorter = Buffer.concat([best.subarray(0, at), best.subarray(at + size)]);
      if (await shows(shorter)) best = shorter;
      else at += size;
    }
  }
  keep({ target: name, kind, signature: '', message, input: best.toString('hex') });
}

/** Of one cause, as far as can be told, one finding is kept, whichever process came upon it. */
function keep(fault) {
  const cause = `${fault.target} ${fault.kind} ${fault.signature}`;
  if (causes.has(cause)) return;
  causes.add(cause);
  const path = keepFinding({ ...fault, input: Buffer.from(fault.input, 'hex') });
  kept.push(`${fault.target}: ${fault.message}\n    ${path}`);
}

function stop() {
  stopping = true;
  for (const one of running) one.stop();
}

function totals() {
  const given = lanes.reduce((sum, lane) => sum + lane.before + (lane.now?.given ?? 0), 0);
  const corpus = lanes.reduce((sum, lane) => sum + Object.values(lane.now?.progress ?? {}).reduce((all, { corpus: size }) => all + size, 0), 0);
  return { given, corpus, taken: seen.reduce((count, buckets) => count + (buckets === 0 ? 0 : 1), 0) };
}

function line() {
  const { given, corpus, taken } = totals();
  const text = `${Math.round(seconds())} s  ${given.toLocaleString('en')} inputs  ${Math.round(given / seconds()).toLocaleString('en')}/s  ${taken} of ${edges.length} branches  corpus ${corpus}  peak ${Math.round(peakBytes / 1048576)} MiB  findings ${kept.length}`;
  process.stderr.write(process.stderr.isTTY ? `\r${text}   ` : `${text}\n`);
}

function summary() {
  const { given, taken } = totals();
  const rows = chosen.map((name) => {
    const parts = lanes.flatMap(({ tables }) => tables.flatMap((table) => table[name] ?? []));
    const sum = (field) => parts.reduce((all, part) => all + part[field], 0);
    return { name, inputs: sum('inputs'), accepted: sum('accepted'), corpus: sum('corpus'), spentMs: sum('spentMs'), slowestMs: Math.max(0, ...parts.map((part) => part.slowestMs)) };
  });
  console.log(`\n${'target'.padEnd(16)}${'inputs'.padStart(12)}${'accepted'.padStart(12)}${'corpus'.padStart(9)}${'each'.padStart(10)}${'slowest'.padStart(11)}`);
  for (const row of rows) console.log(`${row.name.padEnd(16)}${row.inputs.toLocaleString('en').padStart(12)}${row.accepted.toLocaleString('en').padStart(12)}${String(row.corpus).padStart(9)}${`${Math.round((row.spentMs * 1000) / Math.max(1, row.inputs))} µs`.padStart(10)}${`${Math.round(row.slowestMs)} ms`.padStart(11)}`);
  for (const zone of ['src/psbt/', 'src/review/', 'src/airgap/', 'src/wallet/', 'src/signer/secrets/']) {
    const of = edges.flatMap(({ file }, edge) => (file.startsWith(zone) ? [edge] : []));
    console.log(`${zone.padEnd(22)}${of.filter((edge) => seen[edge] !== 0).length} of ${of.length} branches taken`);
  }
  console.log(`${given.toLocaleString('en')} inputs in ${Math.round(took)} s (${Math.round(given / took).toLocaleString('en')} a second; ${Math.round(given / Math.max(1, computedMs / 1000))} in each of ${Math.round(computedMs / 1000)} s of processor time; ${processes} processes, seed ${seed}); ${taken} of ${edges.length} branches; at most ${Math.round(peakBytes / 1048576)} MiB in one process; ${kept.length} findings`);
  for (const finding of kept) console.log(`  ${finding}`);
}
