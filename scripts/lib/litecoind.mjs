import { fileURLToPath } from 'node:url';
import { ensureProgram, findProgram, printProgram } from './debian-program.mjs';

/** A real litecoind for tests, of Debian's package; what lies in `usr/bin` there is a shell wrapper around it. */
const litecoind = {
  peer: 'litecoind',
  variable: 'LITECOIND',
  debianPackage: 'litecoind',
  suites: ['trixie'],
  programs: { litecoind: 'usr/lib/litecoin/litecoind', 'litecoin-cli': 'usr/bin/litecoin-cli' },
  otherwise: 'Install Litecoin Core',
};

/** A litecoind that is on this machine already, or `null`. */
export const findLitecoind = () => findProgram(litecoind);

/**
 * A real litecoind, fetched when there is none.
 * @returns `{ command, version, origin: 'path' | 'environment' | 'debian' }`
 * @throws PeerUnavailable with the reason and what to do
 */
export const ensureLitecoind = () => ensureProgram(litecoind);

if (process.argv[1] === fileURLToPath(import.meta.url)) printProgram(ensureLitecoind);
