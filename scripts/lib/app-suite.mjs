import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { ensureBitcoind } from './bitcoind.mjs';
import { makeBundle } from './bundles.mjs';
import { startDisplay } from './display.mjs';
import { ensureElectron } from './electron.mjs';
import { findNode } from './node-runtime.mjs';
import { cacheFolder, ensureFolder, inRoot } from './paths.mjs';
import { ensurePrintSystem } from './print-system.mjs';
import { runShown } from './run.mjs';
import { describeMissing, installMissing, missingForElectron } from './system.mjs';
import { prepareSandbox, unprivileged } from './unprivileged.mjs';

/** What the tests read of the checkout, besides the runtime. */
const NEEDED = ['dist', 'test/app', 'test/support', 'src', 'electron', 'scripts/lib', 'playwright.config.ts', 'package.json', 'node_modules/playwright', 'node_modules/playwright-core', 'node_modules/@playwright', 'node_modules/@axe-core', 'node_modules/axe-core', 'node_modules/@electron'];

/** The packages that the program itself stands on: the tests compare with its own code. */
function runtimePackages() {
  const { packages } = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8'));
  return Object.entries(packages).flatMap(([path, { dev }]) => (path !== '' && dev !== true ? [path] : []));
}

/**
 * A place where windows can be opened: runtime, libraries, a user with the real sandbox, a display.
 * @param {{ log?: (line: string) => void, more?: string[] }} [options] `more`: further files of the checkout that will be read
 * @returns the place, or `{ missing: sentence }` where this machine cannot have it
 */
export async function openWindowPlace({ log = console.error, more = [] } = {}) {
  const electron = await ensureElectron({ log });
  const look = () => missingForElectron(electron.executable, { withoutDisplay: true });
  const missing = installMissing(look(), { log, again: look });
  if (missing.length > 0) return { missing: describeMissing(missing) };
  const node = findNode() ?? process.execPath;
  const runtime = electron.folder.startsWith(cacheFolder) ? join('.cache', `electron-${electron.version}`) : 'node_modules/electron';
  const user = unprivileged([...NEEDED, ...runtimePackages().filter((path) => existsSync(inRoot(path))), ...more.filter((path) => existsSync(inRoot(path))), runtime], node);
  const executable = join(user.checkout, electron.executable.slice(inRoot().length));
  prepareSandbox(user, join(executable, '..'));
  const display = await startDisplay(user);
  return {
    electron: { ...electron, executable },
    user,
    environment: { ...user.environment, DISPLAY: display.name, STRONGROOM_ELECTRON: executable },
    close() {
      display.close();
      user.close();
    },
  };
}

/** Programs that only tests run, made as the shipped ones are. */
const TEST_BUNDLES = '.cache/test-bundles';

async function buildTestBundles() {
  const { outputFiles } = await makeBundle({ entry: 'test/support/app/vector-host.ts', outfile: `${TEST_BUNDLES}/vectors.cjs`, options: { platform: 'node', format: 'cjs', target: 'node22', external: ['electron'] } });
  for (const file of outputFiles ?? []) {
    ensureFolder(dirname(file.path));
    writeFileSync(file.path, file.contents);
  }
}

/**
 * A bitcoind for the tests of node care.
 * @returns what of the checkout belongs to it, and the reason where there is none
 */
function ensureNodeProgram() {
  try {
    const { command, origin } = ensureBitcoind();
    return { more: origin === 'debian' ? [relative(inRoot(), dirname(command))] : [], missing: null };
  } catch (fault) {
    return { more: [], missing: fault.message.split('\n')[0] };
  }
}

/** The published cases that are computed inside Electron, where the tests' user can read them. */
function vectorsFor(home) {
  const given = resolve(process.env.STRONGROOM_VECTORS ?? inRoot('../shared/vectors'));
  const copy = join(home, 'vectors');
  for (const name of ['bip38', 'bip39']) if (existsSync(join(given, name))) cpSync(join(given, name), join(copy, name), { recursive: true });
  return existsSync(copy) ? copy : given;
}

/**
 * Runs the Playwright suite.
 * @param args further arguments of Playwright (files, --grep)
 * @returns `{ report }`, the path of its JSON report, or `{ missing }`
 */
export async function runAppSuite(args = [], { log = console.error } = {}) {
  await buildTestBundles();
  const printSystem = ensurePrintSystem({ log });
  const nodeProgram = ensureNodeProgram();
  const place = await openWindowPlace({ log, more: ['release', TEST_BUNDLES, ...nodeProgram.more, ...(typeof printSystem === 'string' ? [printSystem] : [])] });
  if ('missing' in place) return place;
  try {
    const output = join(place.user.home, 'output');
    const report = join(place.user.home, 'app.json');
    const vectors = vectorsFor(place.user.home);
    const environment = { ...place.environment, STRONGROOM_TEST_OUTPUT: output, STRONGROOM_TEST_REPORT: report, ...(typeof printSystem === 'string' ? { STRONGROOM_PRINT_SYSTEM: join(place.user.checkout, printSystem) } : { STRONGROOM_NO_PRINT_SYSTEM: printSystem.missing }), ...(nodeProgram.missing === null ? {} : { STRONGROOM_NO_BITCOIND: nodeProgram.missing }), STRONGROOM_VECTORS: vectors };
    const [name, parameters] = place.user.command(place.user.node, [join(place.user.checkout, 'node_modules/@playwright/test/cli.js'), 'test', ...args]);
    const status = await runShown(name, parameters, { cwd: place.user.checkout, env: environment });
    const kept = ensureFolder(inRoot('test-results'));
    rmSync(join(kept, 'app'), { recursive: true, force: true });
    if (existsSync(output)) cpSync(output, join(kept, 'app'), { recursive: true });
    mkdirSync(join(kept, 'app'), { recursive: true });
    if (existsSync(report)) copyFileSync(report, join(kept, 'app.json'));
    return { status, report: existsSync(report) ? join(kept, 'app.json') : null };
  } finally {
    place.close();
  }
}
