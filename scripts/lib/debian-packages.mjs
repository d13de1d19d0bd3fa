import { existsSync, readFileSync } from 'node:fs';
import { CommandFailed, runQuietly } from './run.mjs';

/** A peer that cannot be had on this machine; the message says why and what to do. */
export class PeerUnavailable extends Error {
  constructor(peer, reason) {
    super(`${peer} cannot be had here: ${reason}`);
    this.name = 'PeerUnavailable';
  }
}

export const isRoot = () => typeof process.getuid === 'function' && process.getuid() === 0;

/** The path of a program on PATH, or `null`. */
export function findOnPath(name) {
  try {
    return runQuietly('sh', ['-c', 'command -v "$1"', 'sh', name]).trim() || null;
  } catch {
    return null;
  }
}

/**
 * Installs Debian packages on the machine itself. Only root can.
 * @throws PeerUnavailable
 */
export function installDebianPackages(peer, packages) {
  if (findOnPath('apt-get') === null) throw new PeerUnavailable(peer, 'this system has no apt-get. Install it by hand and put it on PATH.');
  if (!isRoot()) throw new PeerUnavailable(peer, `installing packages needs root. Run once: sudo apt-get install --no-install-recommends ${packages.join(' ')}`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => runQuietly('apt-get', ['install', '--yes', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', ...packages], { env: environment });
  try {
    try {
      install();
    } catch {
      // A fresh machine may have no package lists yet, or stale ones.
      runQuietly('apt-get', ['update', '-o', 'DPkg::Lock::Timeout=120'], { env: environment });
      install();
    }
  } catch (fault) {
    throw new PeerUnavailable(peer, `apt-get could not install ${packages.join(' ')}.\n${fault instanceof CommandFailed ? fault.message : ''}`);
  }
}

/** Debian's suites by the names that a machine's sources may use. */
const debianSuite = /^(bullseye|bookworm|trixie|forky|duke|sid|oldoldstable|oldstable|stable|testing|unstable)$/;

/**
 * The mirror of Debian's main archive that this machine's own apt uses.
 * @throws PeerUnavailable where the machine is not a Debian one
 */
export function debianMirror(peer) {
  let targets = '';
  try {
    targets = runQuietly('apt-get', ['indextargets', '--format', '$(REPO_URI) $(RELEASE) $(COMPONENT)', 'Created-By: Packages']);
  } catch {
    targets = '';
  }
  for (const line of targets.split('\n')) {
    const [uri = '', release = '', component = ''] = line.split(' ');
    if (component === 'main' && debianSuite.test(release) && /\/debian\/?$/.test(uri)) return uri.replace(/\/$/, '');
  }
  throw new PeerUnavailable(peer, 'the sources of this machine\'s apt name no Debian mirror. Install it by hand and put it on PATH.');
}

/** Options that hand the machine's own proxy settings of apt on to another apt. */
export function aptProxyOptions() {
  return ['http', 'https'].flatMap((scheme) => {
    let proxy = '';
    try {
      proxy = /='(.*)'/.exec(runQuietly('apt-config', ['shell', 'PROXY', `Acquire::${scheme}::Proxy`]))?.[1] ?? '';
    } catch {
      proxy = '';
    }
    return proxy === '' ? [] : [`--aptopt=Acquire::${scheme}::Proxy "${proxy}"`];
  });
}

/** The text of a small file, or `null`. */
export const readIfThere = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : null);
