import { existsSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
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
 *   npm test -- --quick               under three minutes: no peers, faults or attacks, nothing packaged, none of the slow files below
 *   npm test -- unit flow             these suites
 *   npm test -- app requests          the app suite, those of its files whose name holds "requests"
 */

const inVitest = ['unit', 'conformance', 'architecture', 'flow', 'fault', 'attack', 'peers'];
const suites = [...inVitest, 'app'];
const inCi = ['true', '1'].includes(process.env.CI ?? '');

/** What --quick leaves out besides whole suites: files of vitest's suites, and what makes each slow. */
const SLOW_FILES = {
  'test/flow/attack-setups.test.ts': 'false wallet files of every dialect, by the programs',
  'test/flow/paper.test.ts': 'sheets of every kind, printed to pixels and read by another reader',
  'test/flow/paper-commands.test.ts': 'keys on paper and back, by the programs',
  'test/flow/paper-wallets.test.ts': 'every paper wallet and share on paper and back, by the programs',
  'test/flow/sweep-papers.test.ts': 'paper wallets from the dice to the cold wallet, by the programs',
  'test/flow/canary.test.ts': 'a search for planted secrets in everything that the programs leave behind',
  'test/flow/drill.test.ts': 'drills and rehearsed faults, by the programs',
  'test/flow/judgement.test.ts': 'what is put before a person, and what happens after each answer, by the programs',
  'test/flow/script-types.test.ts': 'the main job for wallets of every script type, by the programs',
  'test/flow/command-lines.test.ts': 'every command as a newcomer types it',
  'test/flow/payments.test.ts': 'payments, replacements and the queue, by the programs',
  'test/flow/sweeps.test.ts': 'sweeps of every script type, refills and schedules',
  'test/flow/several-keys.test.ts': 'several keys at one transaction, by the programs',
  'test/flow/books-random.test.ts': 'books beside a chain at random',
  'test/flow/books-commands.test.ts': 'the books, by the programs',
  'test/flow/standby.test.ts': 'two machines, by the programs',
  'test/flow/no-private-keys.test.ts': 'keys of every shape into every input of the Companion',
};
/** The same of the app suite: what its files are named, without `.spec.ts`. */
const SLOW_APP_FILES = {
  packaged: 'the packaged applications',
  'wallet-types': 'a wallet of another script type through both windows',
  'workspaces-[a-z]+': 'the workspaces, by hand and keyboard',
  printing: 'a print service of its own',
  custody: 'sheets from the order to the register',
  drills: 'drills, by hand and keyboard',
  camera: 'scanning',
  canary: 'a search for planted secrets in the window',
  shelf: 'files on the shelf',
  vectors: 'published cases inside Electron',
  'companion-desk': 'queue, coins, books, care and schedules, by hand and keyboard',
  'ledger-work': 'checks, backups and restores of large books in the window',
  'several-sources': 'several servers that must agree, lag, lie and die',
  'sweep-split': 'a sweep in several transactions',
  care: 'a real node looked after',
  'handed-files': 'files handed to a window that is open',
  crowded: 'forty plans and hundreds of entries',
  dialects: 'wallets of other programs, by hand and keyboard',
  'attack-setups': 'false wallet files in the window',
  'no-private-keys': 'keys of every shape into the window',
  'frames[a-z-]*': 'codes from screen to camera',
};
const slowAppFiles = `(${Object.keys(SLOW_APP_FILES).join('|')})\\.spec`;

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
  const absent = { ...(existsSync(vectors) ? {} : { conformance: `no vectors at ${vectors}: name their folder in STRONGROOM_VECTORS` }), ...(quick ? { fault: '--quick', attack: '--quick', peers: '--quick' } : {}) };
  const peerGaps = here.includes('peers') && absent.peers === undefined ? await fetchPeers() : [];
  if (peerGaps.some(({ peer }) => peer === 'bitcoind')) absent.peers = peerGaps.map(({ why }) => why).join('; ');
  const now = here.filter((name) => absent[name] === undefined);
  // Apart from the others: a bitcoind and an Electrum need the machine for themselves to keep their time limits.
  const apart = now.filter((name) => name === 'peers');
  for (const names of [now.filter((name) => name !== 'peers'), apart]) {
    if (names.length > 0) results.push(...(await runVitest(names, node, environment, names === apart ? peerGaps : [])));
  }
  for (const name of here.filter((each) => absent[each] !== undefined)) results.push(notRun(name, absent[name], node, environment));
  if (chosen.includes('app')) results.push(await runApp(node));

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
  const args = [inRoot('node_modules/vitest/vitest.mjs'), 'run', ...names.flatMap((name) => ['--project', name]), `--maxWorkers=${availableParallelism()}`, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...[...gaps.map(({ peer }) => `test/peers/${peer}*`), ...(quick ? Object.keys(SLOW_FILES) : [])].flatMap((file) => ['--exclude', file]), ...(filters.length === 0 ? [] : ['--passWithNoTests', ...filters])];
  const status = await runShown(node, args, { env: environment });
  const results = [...readVitestReport(report, names).values()];
  if (status !== 0 && results.every(({ failed }) => failed === 0)) {
    results[0].failed += 1;
    results[0].failures.push(`vitest ended with ${status} without a failed case: see its output above`);
  }
  for (const result of results) requireCases(result);
  if (quick) {
    const cases = listCases(Object.keys(SLOW_FILES), node, environment);
    for (const [file, slow] of Object.entries(SLOW_FILES)) {
      if (!existsSync(inRoot(file))) throw new Error(`${file} is not there any more: take it out of the slow files.`);
      results.find(({ name }) => file.startsWith(`test/${name}/`))?.notRun.push({ what: `${file} (${slow})`, why: '--quick', cases: cases.filter((each) => each.file === inRoot(file)).length || 1 });
    }
  }
  for (const { peer, why } of gaps) {
    results[0].notRun.push({ what: `test/peers/${peer}`, why, cases: 1 });
    if (inCi) {
      results[0].failed += 1;
      results[0].failures.push(`peers: ${why}`);
    }
  }
  return results;
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
  result.notRun.push({ what: `the suite ${name}`, why, cases: countCases(['--project', name], node, environment) });
  if (inCi && why !== '--quick') {
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

async function runApp(node) {
  if (!quick) {
    say('Packaging both editions');
    const { packageBoth } = await import('./package.mjs');
    await packageBoth({ build: false });
  }
  say('Running app (real Electron, real sandbox)');
  const { countAppCases, runAppSuite } = await import('./lib/app-suite.mjs');
  const outcome = await runAppSuite(quick ? [`/(?!${slowAppFiles})[a-z-]+\\.spec`] : filters);
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
  for (const [file, cases] of quick ? countAppCases(`/${slowAppFiles}`, node) : []) {
    const slow = Object.entries(SLOW_APP_FILES).find(([name]) => new RegExp(`^${name}\\.spec`).test(file))?.[1];
    result.notRun.push({ what: `test/app/${file} (${slow})`, why: '--quick', cases });
  }
  return result;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error.stack ?? String(error));
  console.log('0 passed, 1 failed, 0 skipped');
  process.exitCode = 1;
}
