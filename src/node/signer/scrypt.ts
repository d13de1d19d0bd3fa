import * as nodeCrypto from 'node:crypto';
import { scryptAsync } from '@noble/hashes/scrypt.js';

/** Block size and parallelism that age's passphrase files have. */
const BLOCK_SIZE = 8;
const PARALLELISM = 1;

/**
 * scrypt (RFC 7914) with r = 8 and p = 1, 32 bytes, away from the main thread.
 * @param workFactorLog2 the base-2 logarithm of N; memory is 1 KiB times N
 * @param native the runtime's own scrypt; where it has none, a slower one in JavaScript takes its place
 * @throws RangeError where there is not enough memory
 */
export function scrypt32(passphrase: Uint8Array, salt: Uint8Array, workFactorLog2: number, native: typeof nodeCrypto.scrypt | undefined = nodeCrypto.scrypt): Promise<Uint8Array> {
  const rounds = 2 ** workFactorLog2;
  // What OpenSSL counts: 128 * r * (N + p) and some more.
  const memoryBytes = 128 * BLOCK_SIZE * (rounds + PARALLELISM + 32);
  if (native === undefined) {
    return scryptAsync(passphrase, salt, { N: rounds, r: BLOCK_SIZE, p: PARALLELISM, dkLen: 32, maxmem: memoryBytes });
  }
  return new Promise((resolve, reject) => {
    native(passphrase, salt, 32, { N: rounds, r: BLOCK_SIZE, p: PARALLELISM, maxmem: memoryBytes }, (fault, key) => {
      if (fault !== null) {
        reject(new RangeError('scrypt failed'));
        return;
      }
      resolve(Uint8Array.from(key));
      key.fill(0);
    });
  });
}
