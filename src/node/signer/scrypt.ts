import * as nodeCrypto from 'node:crypto';
import { scryptAsync } from '@noble/hashes/scrypt.js';
import { nativeScrypt } from './slow-hashes.ts';

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
  const cost = { N: 2 ** workFactorLog2, r: BLOCK_SIZE, p: PARALLELISM };
  // The library's own limit is lower than a work factor of 2^20 needs.
  return nativeScrypt(passphrase, salt, cost, 32, native) ?? scryptAsync(passphrase, salt, { ...cost, dkLen: 32, maxmem: 128 * BLOCK_SIZE * (cost.N + PARALLELISM + 32) });
}
