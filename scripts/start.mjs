import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureNode } from './lib/node-runtime.mjs';
import { NoWindows, hasDisplay, openWindows } from './lib/open-windows.mjs';
import { inRoot } from './lib/paths.mjs';
import { NodeFailed, bitcoindChain } from './lib/rehearsal-bitcoind.mjs';
import { practiceChain } from './lib/rehearsal-practice.mjs';
import { ProgramFailed } from './lib/rehearsal-programs.mjs';
import { CommandFailed, npm } from './lib/run.mjs';
import { CeremonyFailed, rehearse } from './rehearsal.mjs';

/*
 * npm start: from a fresh clone to a running Strongroom in one command. Installs what the lock file says, builds what is
 * stale, and opens the rehearsal: in windows where there is a display, in the terminal where there is none.
 */

const HELP = `npm start [-- options]

  npm start                          the rehearsal: both editions side by side on the practice network
  npm start -- --terminal            the same ceremony in the terminal, through the command-line programs
  npm start -- signer                the offline edition, for real use
  npm start -- companion             the online edition, for real use

  --folder DIR                       where the rehearsal keeps its files (default: rehearsal/TIME in the checkout)
  --node bitcoind://127.0.0.1:18443?cookie=PATH
                                     a real bitcoind on regtest in place of the practice network
  --hot-wallet NAME                  the node's own wallet to sweep from (default: rehearsal-hot); made and funded on regtest
`;

class StartFailed extends Error {}

async function main() {
  const options = readArguments();
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  installIfStale();
  const node = await ensureNode();
  await buildIfStale();
  // The programs and their launchers take the Node that was found here.
  const environment = { ...process.env, STRONGROOM_NODE: node === 'node' ? (process.env.STRONGROOM_NODE ?? '') : node };
  if (options.edition !== null) return openWindows([options.edition], environment, null);

  const folder = freshFolder(options.folder);
  try {
    return await openRehearsal(folder, options, environment);
  } finally {
    // One that could not begin leaves no empty folder behind; rmdir removes no other.
    try {
      rmdirSync(folder);
    } catch {
      // It holds the rehearsal.
    }
  }
}

function openRehearsal(folder, options, environment) {
  if (options.terminal || !hasDisplay()) {
    if (!options.terminal) console.error('There is no display here: the ceremony runs in the terminal. (npm start -- --help tells more.)');
    return runInTerminal(folder, options, environment);
  }
  return runInWindows(folder, options, environment);
}

function readArguments() {
  let parsed;
  try {
    parsed = parseArgs({
      allowPositionals: true,
      options: { terminal: { type: 'boolean' }, node: { type: 'string' }, 'hot-wallet': { type: 'string' }, folder: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (fault) {
    throw new StartFailed(`${fault.message}\n\n${HELP}`);
  }
  const { values, positionals } = parsed;
  const [edition = null, ...more] = positionals;
  if (more.length > 0 || (edition !== null && edition !== 'signer' && edition !== 'companion')) throw new StartFailed(`There is no "${positionals.join(' ')}" to start.\n\n${HELP}`);
  return { edition, terminal: values.terminal === true, node: values.node ?? null, hotWallet: values['hot-wallet'] ?? null, folder: values.folder ?? null, help: values.help === true };
}

/** Installs when node_modules is not what package-lock.json says: compared package by package, so that nothing runs needlessly. */
function installIfStale() {
  if (isInstalled()) return;
  console.error('Installing what package-lock.json names (npm ci) ...');
  npm(['ci', '--no-audit', '--no-fund'], { stdio: ['ignore', 'ignore', 'pipe'] });
}

function isInstalled() {
  const hidden = inRoot('node_modules/.package-lock.json');
  if (!existsSync(hidden)) return false;
  const wanted = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8')).packages;
  const there = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  // Packages for other platforms stand in the lock file and are rightly not there.
  return Object.entries(wanted).every(([path, entry]) => path === '' || entry.optional === true || entry.devOptional === true || (there[path]?.version === entry.version && there[path]?.integrity === entry.integrity));
}

/** Builds when dist/ was made from other sources. */
async function buildIfStale() {
  const { buildEverything, distIsCurrent } = await import('./lib/bundles.mjs');
  if (distIsCurrent() && existsSync(inRoot('dist/companion/cli.cjs'))) return;
  console.error('Building ...');
  await buildEverything();
}

/** An empty folder for a rehearsal; one that holds something is never written into. */
function freshFolder(chosen) {
  const time = new Date().toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '');
  const folder = resolve(chosen ?? inRoot('rehearsal', time));
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new StartFailed(`${folder} is not empty. A rehearsal begins in an empty folder: choose another with --folder.`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

async function runInTerminal(folder, options, environment) {
  await rehearse({ folder, chain: await chooseChain(folder, options, environment), environment });
  return 0;
}

const chooseChain = (folder, options, environment) => (options.node === null ? practiceChain(folder, environment) : bitcoindChain(absoluteNode(options.node), options.hotWallet ?? 'rehearsal-hot'));

/** The programs run in another folder than this script: a relative path in the node's URL is made absolute. */
function absoluteNode(node) {
  return node.replace(/([?&](?:cookie|conf)=)([^&]+)/, (_, name, path) => `${name}${resolve(decodeURIComponent(path))}`);
}

async function runInWindows(folder, options, environment) {
  mkdirSync(join(folder, 'gap'), { recursive: true });
  const chain = await chooseChain(folder, options, environment);
  console.error(await chain.prepare(250_000_000n));
  console.error(`Rehearsal in ${folder}. Files cross between the two windows in ${join(folder, 'gap')}. Close both windows to end it.`);
  return openWindows(['companion', 'signer'], { ...environment, STRONGROOM_REHEARSAL: folder, STRONGROOM_REHEARSAL_NODE: chain.node }, folder);
}

try {
  process.exitCode = await main();
} catch (fault) {
  const told = [StartFailed, CommandFailed, CeremonyFailed, ProgramFailed, NodeFailed, NoWindows].some((kind) => fault instanceof kind);
  console.error(`\n${told ? fault.message : (fault?.stack ?? fault)}`);
  process.exitCode = 1;
}
