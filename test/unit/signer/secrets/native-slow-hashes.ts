import * as nodeCrypto from 'node:crypto';
import type { SlowHashes } from '../../../../src/signer/secrets/slow-hashes.ts';

/** The runtime's own functions, so that tests do not wait for those in JavaScript. */
export const nativeSlowHashes: SlowHashes = {
  scrypt: (password, salt, cost, length) =>
    Promise.resolve(Uint8Array.from(nodeCrypto.scryptSync(password, salt, length, { ...cost, maxmem: 256 * cost.N * cost.r }))),
  pbkdf2Sha256: (password, salt, rounds, length) => Promise.resolve(Uint8Array.from(nodeCrypto.pbkdf2Sync(password, salt, rounds, length, 'sha256'))),
};
