import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ensureElectron } from './electron.mjs';
import { findNode } from './node-runtime.mjs';
import { cacheFolder, inRoot } from './paths.mjs';
import { describeMissing, missingForElectron } from './system.mjs';
import { prepareSandbox, unprivileged } from './unprivileged.mjs';

/** Windows cannot be opened on this machine; the message says why and what to do. */
export class NoWindows extends Error {}

export const hasDisplay = (environment = process.env) =>
  process.platform === 'darwin' || process.platform === 'win32' || (environment.DISPLAY ?? '') !== '' || (environment.WAYLAND_DISPLAY ?? '') !== '';

/**
 * Opens editions and waits until the last of their windows is closed.
 * @param editions 'signer' and 'companion', or one of them
 * @param environment for the windows
 * @param rehearsalFolder the folder of a rehearsal, or `null` for real use
 * @returns the highest exit status
 * @throws NoWindows
 */
export async function openWindows(editions, environment, rehearsalFolder) {
  if (!hasDisplay(environment)) throw new NoWindows('There is no display here. The command-line programs do the same work: bin/strongroom-signer and bin/strongroom-companion.');
  const electron = await ensureElectron();
  const missing = missingForElectron(electron.executable);
  if (missing.length > 0) throw new NoWindows(describeMissing(missing));
  if (!electron.official) console.error(`This Electron (${electron.version}) is a stand-in for development and tests, not the Electron project's own package. The windows say so too. Never use it with real keys.`);

  const place = process.getuid?.() === 0 ? asNobody(electron, environment, rehearsalFolder) : { command: (name, args) => [name, args], executable: electron.executable, checkout: inRoot(), environment, close: () => undefined };
  const children = [];
  const endAll = () => children.forEach((child) => child.kill('SIGTERM'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, endAll);
  try {
    const endings = editions.map((edition) => new Promise((done) => {
      const [name, args] = place.command(place.executable, [join(place.checkout, 'dist', edition)]);
      const child = spawn(name, args, { env: place.environment, stdio: ['ignore', 'inherit', 'pipe'] });
      children.push(child);
      showOwnLines(child.stderr);
      child.on('error', (fault) => {
        console.error(`${edition}: ${fault.message}`);
        done(1);
      });
      child.on('close', (status) => done(status ?? 1));
    }));
    return Math.max(...(await Promise.all(endings)));
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, endAll);
    place.close();
  }
}

/** Shows what the programs say and leaves out Chromium's own log, which complains of desktops without a message bus. */
function showOwnLines(stream) {
  createInterface({ input: stream }).on('line', (line) => {
    if (!/^\[[0-9]+:[0-9]{4}\/[0-9.]+:[A-Z]+[0-9]*:/.test(line)) process.stderr.write(`${line}\n`);
  });
}

/** Chromium's sandbox does not work for root. A rehearsal then runs as a user without a name; real use does not run at all. */
function asNobody(electron, environment, rehearsalFolder) {
  if (rehearsalFolder === null) throw new NoWindows('Windows with real keys are not opened for root: Chromium\'s sandbox does not work there. Start it as an ordinary user.');
  const runtime = electron.folder.startsWith(cacheFolder) ? join('.cache', `electron-${electron.version}`) : 'node_modules/electron';
  const user = unprivileged(['dist', runtime], findNode() ?? process.execPath);
  const [test, args] = user.command('test', ['-w', rehearsalFolder]);
  spawnSync('chown', ['-R', '--reference', user.home, rehearsalFolder]);
  if (spawnSync(test, args).status !== 0) {
    user.close();
    throw new NoWindows('You are root, and the rehearsal runs as a user without rights, who cannot write into this folder. Choose one that everybody can reach: npm start -- --folder /tmp/strongroom-rehearsal');
  }
  console.error('You are root: the windows run as a user without rights, so that Chromium\'s sandbox works.');
  const executable = join(user.checkout, electron.executable.slice(inRoot().length));
  prepareSandbox(user, join(executable, '..'));
  const names = ['HOME', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_RUNTIME_DIR', 'TMPDIR', 'DBUS_SESSION_BUS_ADDRESS'];
  return {
    command: user.command,
    executable,
    checkout: user.checkout,
    environment: { ...environment, ...Object.fromEntries(names.map((name) => [name, user.environment[name]])), STRONGROOM_NODE: user.node },
    close: user.close,
  };
}
