import { fileURLToPath } from 'node:url';
import { PeerUnavailable, findOnPath, installDebianPackages } from './debian-packages.mjs';
import { runQuietly } from './run.mjs';

/**
 * A real Electrum for tests: what is on PATH, else Debian's package, installed on the machine when this runs as root.
 * Used offline and on regtest only.
 */

const PEER = 'Electrum';

/** An Electrum that is on this machine already, with the Python that can import it, or `null`. */
export function findElectrum() {
  const command = findOnPath('electrum');
  if (command === null) return null;
  // The distribution's own Python holds the package; another Python that is first on PATH may not.
  for (const python of ['/usr/bin/python3', 'python3']) {
    try {
      const version = runQuietly(python, ['-c', 'import electrum.version as v; print(v.ELECTRUM_VERSION)']).trim();
      return { command, python, version };
    } catch {
      // Try the next one.
    }
  }
  return null;
}

/**
 * A real Electrum, installed when there is none.
 * @returns `{ command, python, version }`
 * @throws PeerUnavailable with the reason and what to do
 */
export function ensureElectrum() {
  const found = findElectrum();
  if (found !== null) return found;
  console.error('No Electrum on this machine: installing Debian\'s package.');
  installDebianPackages(PEER, ['electrum']);
  const installed = findElectrum();
  if (installed === null) throw new PeerUnavailable(PEER, 'the package was installed, but python3 cannot import electrum.');
  return installed;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const { command, version } = ensureElectrum();
    console.log(`${command} (${version})`);
  } catch (fault) {
    console.error(fault instanceof PeerUnavailable ? fault.message : fault);
    process.exitCode = 1;
  }
}
