import { fileURLToPath } from 'node:url';
import { ensureProgram, findProgram, printProgram } from './debian-program.mjs';

/** A real bitcoind for tests. Debian carries Knots, a bitcoind with a stricter relay policy. */
const bitcoind = {
  peer: 'bitcoind',
  variable: 'BITCOIND',
  debianPackage: 'bitcoin-knots',
  suites: ['trixie', 'trixie-backports'],
  programs: { bitcoind: 'usr/bin/bitcoind', 'bitcoin-cli': 'usr/bin/bitcoin-cli' },
  otherwise: 'Install Bitcoin Core or Knots',
};

/** A bitcoind that is on this machine already, or `null`. */
export const findBitcoind = () => findProgram(bitcoind);

/**
 * A real bitcoind, fetched when there is none.
 * @returns `{ command, version, origin: 'path' | 'environment' | 'debian' }`
 * @throws PeerUnavailable with the reason and what to do
 */
export const ensureBitcoind = () => ensureProgram(bitcoind);

if (process.argv[1] === fileURLToPath(import.meta.url)) printProgram(ensureBitcoind);
