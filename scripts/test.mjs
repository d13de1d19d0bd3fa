import { existsSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve, sep } from 'node:path';
import { installIfStale } from './lib/install.mjs';
import { ensureNode, withNode } from './lib/node-runtime.mjs';
import { ensureFolder, inRoot } from './lib/paths.mjs';
import { runQuietly, runShown } from './lib/run.mjs';
import { describeResults, emptyResult, readPlaywrightReport, readVitestReport } from './lib/test-report.mjs';

/*
 * npm test: sets itself up on a fresh clone and runs every suite. Nothing is skipped silently: the end names each suite, its
 * cases, and what was not run and why.
 *
 *   npm test                          everything
 *   npm test -- --quick               under three minutes: no peers, faults or attacks, nothing packaged, of flow and app the files below, of unit not the slow ones
 *   npm test -- unit flow             these suites
 *   npm test -- app requests          the app suite, those of its files whose name holds "requests"
 */

const inVitest = ['unit', 'conformance', 'architecture', 'flow', 'fault', 'attack', 'peers'];
const suites = [...inVitest, 'app'];
const inCi = ['true', '1'].includes(process.env.CI ?? '');

/** Why --quick does not run something; what it leaves out is counted by file. */
const LEFT_OUT = 'files, --quick';
/**
 * What --quick runs of suites that it does not run whole: the main job from end to end, and what guards each window.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const QUICK_FILES = {
  flow: ['ceremony.test.ts'],
  app: ['content-security.spec.ts', 'isolation.spec.ts', 'network.spec.ts', 'requests.spec.ts', 'window.spec.ts'],
};
/**
 * What --quick leaves out of the others: each takes some seconds of real key derivation, threads, servers or pixels.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const SLOW_FILES = {
  architecture: ['artifact.test.ts', 'entropy.test.ts'],
  unit: [
    'cli/signer/paper-wallet-commands', 'cli/signer/split-commands', 'electron/spool-folder', 'fuzz/engine', 'node-companion/ledger-work', 'node-shared/code-reading', 'node-signer/age-passphrase', 'node-signer/signing-thread',
    'paper/layout', 'practice/practice-store', 'service-companion/combine', 'service-companion/handlers', 'service-companion/queue', 'service-companion/queue-sweeps', 'service-signer/attack-setups',
    'service-signer/drill-handlers', 'service-signer/handlers', 'service-signer/paper-handlers', 'service-signer/paper-wallets', 'service-signer/several-keys', 'service-signer/sweep-handlers', 'signer/drills/rehearsal',
    'signer/secrets/single-keys',
    'sources/agreed-source', 'sources/light-sources', 'wallet/dialects/round-trip', 'wallet/dialects/services',
  ].map((name) => `${name}.test.ts`),
};

const { quick, chosen, filters } = readArguments(process.argv.slice(2));
const say = (line) => console.error(`\n== ${line}`);

function readArguments(args) {
  const known = args.filter((arg) => suites.includes(arg));
  const options = args.filter((arg) => arg.startsWith('--'));
  const unknown = options.filter((option) => option !== '--quick');
  if (unknown.length > 0) {
    console.error(`Unknown option ${unknown.join(' ')}. Known: --quick, and the suites ${suites.join(', ')}.`);
    process.exit(64);
  }
  const isQuick = options.includes('--quick');
  return { quick: isQuick, chosen: known.length > 0 ? known : suites, filters: args.filter((arg) => !arg.startsWith('--') && !suites.includes(arg)) };
}

async function main() {
  installIfStale();
  const node = await ensureNode();
  // After the installation: these lean on packages.
  const { buildEverything } = await import('./lib/bundles.mjs');
  say('Building');
  await buildEverything();
  const vectors = resolve(process.env.STRONGROOM_VECTORS ?? inRoot('../shared/vectors'));
  const environment = { ...withNode(node), STRONGROOM_VECTORS: vectors };
  const results = [];

  const here = chosen.filter((name) => inVitest.includes(name));
  const absent = { ...(existsSync(vectors) ? {} : { conformance: `no vectors at ${vectors}: name their folder in STRONGROOM_VECTORS` }), ...(quick ? { fault: LEFT_OUT, attack: LEFT_OUT, peers: LEFT_OUT } : {}) };
  const peerGaps = here.includes('peers') && absent.peers === undefined ? await fetchPeers() : [];
  if (peerGaps.some(({ peer }) => peer === 'bitcoind')) absent.peers = peerGaps.map(({ why }) => why).join('; ');
  const now = here.filter((name) => absent[name] === undefined);
  // Apart from the others: a bitcoind and an Electrum need the machine for themselves to keep their time limits.
  const apart = now.filter((name) => name === 'peers');
  for (const names of [now.filter((name) => name !== 'peers'), apart]) {
    if (names.length > 0) results.push(...(await runVitest(names, node, environment, names === apart ? peerGaps : [])));
  }
  for (const name of here.filter((each) => absent[each] !== undefined)) results.push(notRun(name, absent[name], node, environment));
  if (chosen.includes('app')) results.push(await runApp());

  results.sort((a, b) => suites.indexOf(a.name) - suites.indexOf(b.name));
  console.log(describeResults(results));
  return results.every(({ failed }) => failed === 0) ? 0 : 1;
}

/**
 * The programs that the peers suite talks with, once for all of its files.
 * @returns what cannot be had here, and why
 */
async function fetchPeers() {
  say('Finding bitcoind, litecoind and Electrum');
  const { ensureBitcoind } = await import('./lib/bitcoind.mjs');
  const { ensureLitecoind } = await import('./lib/litecoind.mjs');
  const { ensureElectrum } = await import('./lib/electrum.mjs');
  const gaps = [];
  for (const { peer, ensure } of [{ peer: 'bitcoind', ensure: ensureBitcoind }, { peer: 'litecoin', ensure: ensureLitecoind }, { peer: 'electrum', ensure: ensureElectrum }]) {
    try {
      const { version } = ensure();
      console.error(`${peer} ${version}`);
    } catch (fault) {
      console.error(fault.message);
      gaps.push({ peer, why: fault.message.split('\n')[0] });
    }
  }
  return gaps;
}

async function runVitest(names, node, environment, gaps) {
  say(`Running ${names.join(', ')}`);
  const report = inRoot('test-results', `${names.includes('peers') ? 'peers' : 'vitest'}.json`);
  ensureFolder(inRoot('test-results'));
  rmSync(report, { force: true });
  const args = [inRoot('node_modules/vitest/vitest.mjs'), 'run', ...names.flatMap((name) => ['--project', name]), `--maxWorkers=${availableParallelism()}`, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...[...gaps.map(({ peer }) => `test/peers/${peer}*`), ...(quick ? names.flatMap(leftOutFiles) : [])].flatMap((file) => ['--exclude', file]), ...(filters.length === 0 ? [] : ['--passWithNoTests', ...filters])];
  const status = await runShown(node, args, { env: environment });
  const results = [...readVitestReport(report, names).values()];
  if (status !== 0 && results.every(({ failed }) => failed === 0)) {
    results[0].failed += 1;
    results[0].failures.push(`vitest ended with ${status} without a failed case: see its output above`);
  }
  for (const result of results) requireCases(result);
  if (quick) for (const result of results) leaveOut(result);
  for (const { peer, why } of gaps) {
    results[0].notRun.push({ what: `test/peers/${peer}`, why, cases: 1 });
    if (inCi) {
      results[0].failed += 1;
      results[0].failures.push(`peers: ${why}`);
    }
  }
  return results;
}

/** The test files of a suite, from its folder. */
const filesOf = (name) => readdirSync(inRoot('test', name), { recursive: true }).map((file) => file.split(sep).join('/')).filter((file) => /\.(test|spec)\.ts$/.test(file));

/** What --quick leaves out of a suite, as paths. */
function leftOutFiles(name) {
  const files = filesOf(name);
  const absent = [...(QUICK_FILES[name] ?? []), ...(SLOW_FILES[name] ?? [])].filter((file) => !files.includes(file));
  if (absent.length > 0) throw new Error(`test/${name}/${absent[0]} is not there any more: take it out of what --quick knows.`);
  return files.filter((file) => (QUICK_FILES[name] === undefined ? SLOW_FILES[name]?.includes(file) : !QUICK_FILES[name].includes(file))).map((file) => `test/${name}/${file}`);
}

/** Names the files that --quick left out; to count their cases would take as long as to run some of them. */
function leaveOut(result) {
  for (const file of leftOutFiles(result.name)) result.notRun.push({ what: file, why: LEFT_OUT, cases: 1 });
}

/** A suite that has no cases any more is a fault of the suite, not a success. */
function requireCases(result) {
  if (result.passed + result.failed + result.notRun.length > 0 || filters.length > 0) return;
  result.failed += 1;
  result.failures.push(`${result.name}: not one case was found`);
}

/** A suite that is left out, with the number of its cases. In CI nothing but what was asked for is left out. */
function notRun(name, why, node, environment) {
  const result = emptyResult(name);
  const isLeftOut = why === LEFT_OUT;
  result.notRun.push({ what: `the suite ${name}`, why, cases: isLeftOut ? filesOf(name).length : countCases(['--project', name], node, environment) });
  if (inCi && !isLeftOut) {
    result.failed += 1;
    result.failures.push(`${name}: ${why}`);
  }
  return result;
}

/** How many cases vitest finds for its arguments. What cannot be loaded here (its vectors are absent) still counts as one. */
const countCases = (args, node, environment) => listCases(args, node, environment).length || 1;

/**
 * The cases that vitest finds for its arguments; none is run.
 * @returns {{ name: string, file: string }[]} empty where something cannot be loaded
 */
function listCases(args, node, environment) {
  try {
    // --json last: it takes the word behind it for the name of a file to write to, and would write over a test.
    return JSON.parse(runQuietly(node, [inRoot('node_modules/vitest/vitest.mjs'), 'list', ...args, '--json'], { env: environment, stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return [];
  }
}

async function runApp() {
  if (!quick) {
    say('Packaging both editions');
    const { packageBoth } = await import('./package.mjs');
    await packageBoth({ build: false });
  }
  say('Running app (real Electron, real sandbox)');
  const { runAppSuite } = await import('./lib/app-suite.mjs');
  const outcome = await runAppSuite(quick ? (QUICK_FILES.app ?? []).map((file) => `/${file}`) : filters);
  if ('missing' in outcome) {
    const result = emptyResult('app');
    result.notRun.push({ what: 'the suite app', why: outcome.missing, cases: 1 });
    if (inCi) {
      result.failed += 1;
      result.failures.push(`app: ${outcome.missing}`);
    }
    return result;
  }
  const result = outcome.report === null ? emptyResult('app') : readPlaywrightReport(outcome.report);
  if (outcome.status !== 0 && result.failed === 0) {
    result.failed += 1;
    result.failures.push(`the app suite ended with ${outcome.status} without a failed case: see its output above`);
  }
  requireCases(result);
  if (quick) leaveOut(result);
  return result;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error.stack ?? String(error));
  console.log('0 passed, 1 failed, 0 skipped');
  process.exitCode = 1;
}
