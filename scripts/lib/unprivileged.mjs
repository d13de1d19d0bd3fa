import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './paths.mjs';
import { which } from './system.mjs';

/** Nobody's number: no account of it need exist. Chromium's sandbox refuses to work for root, so tests never run as root. */
const UID = 61_234;

/**
 * How to run something with the real sandbox on. For an ordinary user: as it is. For root: as a user without a name, with a
 * home of its own, from a copy of the checkout where that user could not read it.
 * @param needed files and folders of the checkout that will be read (relative)
 * @param node the Node to run scripts with
 * @returns `{ command(name, args): [name, args], environment, checkout, node, home, close() }`
 */
export function unprivileged(needed, node = process.execPath) {
  const home = mkdtempSync(join(tmpdir(), 'strongroom-user-'));
  const folders = Object.fromEntries([['HOME', ''], ['XDG_CONFIG_HOME', '.config'], ['XDG_CACHE_HOME', '.cache'], ['XDG_RUNTIME_DIR', '.run'], ['TMPDIR', 'tmp']].map(([name, below]) => [name, join(home, below)]));
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  // A session bus of the caller would not answer another user.
  const environment = { ...process.env, ...folders, DBUS_SESSION_BUS_ADDRESS: 'disabled:' };
  const close = () => rmSync(home, { recursive: true, force: true });
  if (process.getuid?.() !== 0) return { command: (name, args) => [name, args], environment, checkout: root, node, home, close };

  const setpriv = which('setpriv');
  if (setpriv === null) throw new Error('setpriv (package util-linux) is needed to run the app tests as another user than root.');
  const as = [`--reuid=${UID}`, `--regid=${UID}`, '--clear-groups', '--'];
  const command = (name, args) => [setpriv, [...as, name, ...args]];
  const canRead = (path) => spawnSync(setpriv, [...as, 'test', '-r', path]).status === 0;

  let checkout = root;
  if (!needed.every((path) => canRead(join(root, path)))) {
    checkout = join(home, 'checkout');
    for (const path of needed) {
      mkdirSync(dirname(join(checkout, path)), { recursive: true });
      if (existsSync(join(root, path))) cpSync(join(root, path), join(checkout, path), { recursive: true, verbatimSymlinks: true });
    }
  }
  let runtime = node;
  if (!canRead(node)) {
    runtime = join(home, 'node');
    copyFileSync(node, runtime);
    chmodSync(runtime, 0o755);
  }
  spawnSync('chown', ['-R', `${UID}:${UID}`, home]);
  return { command, environment, checkout, node: runtime, home, close };
}

/**
 * Lets Chromium's sandbox work where the system forbids user namespaces to ordinary users: through its helper program,
 * which must then belong to root and carry the setuid bit. Only root can do this, and only the tests ask for it.
 */
export function prepareSandbox(user, electronFolder) {
  if (process.getuid?.() !== 0) return;
  const [name, args] = user.command('unshare', ['--user', 'true']);
  if (spawnSync(name, args).status === 0) return;
  const helper = join(electronFolder, 'chrome-sandbox');
  spawnSync('chown', ['root:root', helper]);
  chmodSync(helper, 0o4755);
}
