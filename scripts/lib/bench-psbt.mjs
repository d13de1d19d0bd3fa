import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findElectrum } from './electrum.mjs';
import { ensureNode, withNode } from './node-runtime.mjs';
import { inRoot } from './paths.mjs';
import { runShown } from './run.mjs';

/*
 * The PSBT engine beside other programs that do the same, in processor time of processes of their own, in turn.
 *
 * What is compared is the path parse, sign, combine, finalize, extract. The engine also reviews, and signs with a second
 * implementation; that is listed apart. Other programs' validation of signatures is in their path, since combining is where ours is.
 */

export const SCRIPTS = ['p2wsh', 'p2tr', 'p2wpkh', 'p2pkh'];
const NAMES = { p2wsh: '2-of-3 P2WSH', p2tr: 'P2TR', p2wpkh: 'P2WPKH', p2pkh: 'P2PKH' };
/** Warm-up rounds and rounds by number of inputs; few where a round takes long. */
/** @type {Record<number, [number, number]>} */
const ROUNDS = { 1: [40, 25], 10: [15, 15], 100: [4, 7], 1000: [1, 3], 5000: [0, 1], 900: [0, 2] };
/** @type {[number, number]} */
const OTHERS_AT_1000 = [0, 2];
/** Times the processor time of 1,000 inputs that 5,000 may cost. What an input of a legacy transaction signs is the transaction. */
const MOST_AT_5000 = { p2wsh: 6, p2tr: 6, p2wpkh: 6, p2pkh: 9 };
/** Of the time that bitcoinjs-lib's builder takes, where that is quadratic: it serialises the transaction for every segwit input. */
const MOST_TO_BUILD = { p2wsh: 0.01, p2tr: 0.01, p2wpkh: 0.01 };
/** Outputs beside the one that is spent which make a previous transaction of 16 kB. */
const HOSTILE = { script: 'p2tr', inputs: 900, moreOutputs: 510 };

/**
 * @param {{ counts?: readonly number[], scripts?: readonly string[] }} [options]
 * @returns {Promise<{ rows: object[], scaling: object[], hostile: object | null, electrum: object | null, faults: string[] }>}
 */
export async function benchPsbt({ counts = [1, 10, 100, 1000], scripts = SCRIPTS } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-bench-'));
  const node = await ensureNode();
  const files = { resultFile: join(folder, 'result.json'), psbtFile: join(folder, 'psbt.hex'), electrumFile: join(folder, 'electrum.json') };
  /** @returns the result of one program's rounds */
  const measure = async (program, order, [warmUps, rounds], builds = rounds) => {
    const task = JSON.stringify({ order, warmUps, rounds, builds, ...files });
    const status = await runShown(node, ['--experimental-strip-types', '--disable-warning=ExperimentalWarning', inRoot(`test/bench/psbt-${program}.ts`), task], { env: withNode(node) });
    if (status !== 0) throw new Error(`The measurement of ${program} ended with ${status}.`);
    return resultOf(files.resultFile);
  };
  const faults = [];
  const rows = [];
  const scaling = [];
  let electrum = null;
  try {
    for (const script of scripts) {
      let atThousand = null;
      for (const inputs of counts) {
        const order = { script, inputs, moreOutputs: 1 };
        const ours = await measure('strongroom', order, ROUNDS[inputs]);
        const theirs = await measure('bitcoinjs', order, inputs >= 1000 ? OTHERS_AT_1000 : ROUNDS[inputs], inputs >= 1000 ? 1 : undefined);
        const row = rowOf(script, inputs, ours, theirs);
        rows.push(row);
        console.log(textOf(row));
        if (inputs === 1000) {
          atThousand = ours;
          if (row.build.ratio > (MOST_TO_BUILD[script] ?? 1)) faults.push(`building 1,000 ${NAMES[script]} inputs takes ${row.build.ratio} of bitcoinjs-lib's time`);
          if (script === 'p2wsh') electrum = await benchElectrum(files, ours);
        }
      }
      if (atThousand !== null) {
        const large = await measure('strongroom', { script, inputs: 5000, moreOutputs: 1 }, ROUNDS[5000]);
        const times = round(whole(large, 'median') / whole(atThousand, 'median'));
        scaling.push({ script, times, most: MOST_AT_5000[script], maxRssMiB: large.maxRssMiB });
        console.log(`${NAMES[script]}: 5,000 inputs cost ${times} times 1,000 inputs (at most ${MOST_AT_5000[script]}), review included; ${large.maxRssMiB} MiB`);
        if (times > MOST_AT_5000[script]) faults.push(`5,000 ${NAMES[script]} inputs cost ${times} times 1,000 inputs`);
      }
    }
    const hostile = scripts.includes(HOSTILE.script) && counts.includes(1000) ? await measure('strongroom', HOSTILE, ROUNDS[900]) : null;
    if (hostile !== null) console.log(`hostile parents: 900 P2TR inputs with previous transactions of 16 kB (${round(hostile.psbtBytes / 1_000_000)} MB): parse ${round(hostile.steps.parse.median)} ms, review ${round(hostile.steps.review.median)} ms, sign ${round(hostile.steps.sign.median)} ms, ${hostile.maxRssMiB} MiB`);
    return { rows, scaling, hostile, electrum, faults };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Electrum on the path of the same file, where it is on this machine. */
async function benchElectrum({ electrumFile, resultFile }, ours) {
  const found = findElectrum();
  if (found === null) {
    console.log('Electrum is not on this machine: not measured beside it.');
    return null;
  }
  const status = await runShown(found.python, [inRoot('test/bench/psbt-electrum.py'), electrumFile, resultFile]);
  if (status !== 0) throw new Error(`The measurement of Electrum ended with ${status}.`);
  const theirs = resultOf(resultFile);
  const path = sum(theirs, ['parse', 'sign', 'combine', 'finalize', 'extract'], 'median');
  const row = {
    version: found.version,
    pathMs: round(path),
    maxRssMiB: theirs.maxRssMiB,
    ratioAlone: round(alone(ours, 'median') / path),
    ratioWithSecond: round(withSecond(ours, 'median') / path),
    ratioWhole: round(whole(ours, 'median') / path),
  };
  console.log(`Electrum ${row.version}, 1,000 inputs of 2-of-3 P2WSH: ${row.pathMs} ms; ours ${row.ratioAlone} of it, with the second implementation ${row.ratioWithSecond}, with the review too ${row.ratioWhole}`);
  return row;
}

function resultOf(file) {
  const { steps, ...rest } = JSON.parse(readFileSync(file, 'utf8'));
  return { ...rest, steps: Object.fromEntries(Object.entries(steps).map(([name, samples]) => [name, { median: median(samples), least: Math.min(...samples) }])) };
}

const sum = (result, names, which) => names.reduce((total, name) => total + (result.steps[name]?.[which] ?? 0), 0);
const alone = (result, which) => sum(result, ['parse', 'signAlone', 'combine', 'finalize', 'extract'], which);
const withSecond = (result, which) => sum(result, ['parse', 'sign', 'combine', 'finalize', 'extract'], which);
const whole = (result, which) => sum(result, ['parse', 'review', 'sign', 'combine', 'finalize', 'extract'], which);
const ofOthers = (result, which) => sum(result, ['parse', 'sign', 'combine', 'validate', 'finalize', 'extract'], which);

function rowOf(script, inputs, ours, theirs) {
  const ratio = (of) => ({ ratio: round(of(ours, 'median') / ofOthers(theirs, 'median')), least: round(of(ours, 'least') / ofOthers(theirs, 'least')) });
  return {
    script,
    inputs,
    psbtBytes: ours.psbtBytes,
    alone: ratio(alone),
    withSecond: ratio(withSecond),
    whole: ratio(whole),
    build: { ratio: round(ours.steps.build.median / theirs.steps.build.median), ours: round(ours.steps.build.median), theirs: round(theirs.steps.build.median) },
    ours: { pathMs: round(withSecond(ours, 'median')), maxRssMiB: ours.maxRssMiB, steps: ours.steps },
    theirs: { pathMs: round(ofOthers(theirs, 'median')), maxRssMiB: theirs.maxRssMiB, steps: theirs.steps },
  };
}

const textOf = (row) =>
  `${NAMES[row.script].padEnd(12)} ${String(row.inputs).padStart(5)} inputs: path ${row.ours.pathMs} ms, bitcoinjs-lib ${row.theirs.pathMs} ms; ratio ${row.alone.ratio} with one implementation, ${row.withSecond.ratio} with both, ${row.whole.ratio} with the review too; build ${row.build.ratio}; ${row.ours.maxRssMiB} and ${row.theirs.maxRssMiB} MiB`;

function median(samples) {
  return [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)];
}

/** Three digits that mean something. */
const round = (value) => Number(value.toPrecision(3));
