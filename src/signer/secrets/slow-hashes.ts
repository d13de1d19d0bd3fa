import { pbkdf2Async } from '@noble/hashes/pbkdf2.js';
import { scryptAsync } from '@noble/hashes/scrypt.js';
import { sha256 } from '@noble/hashes/sha2.js';

/** scrypt's cost: `N` rounds (a power of two), block size `r`, parallelism `p`; memory is 128 * N * r bytes. */
export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** The two deliberately slow functions that secrets of other formats need; an effect, so that a runtime's own can be used. */
export interface SlowHashes {
  /** @see RFC 7914 */
  scrypt(password: Uint8Array, salt: Uint8Array, cost: ScryptCost, length: number): Promise<Uint8Array>;
  /** PBKDF2 with HMAC-SHA-256. @see RFC 8018 */
  pbkdf2Sha256(password: Uint8Array, salt: Uint8Array, rounds: number, length: number): Promise<Uint8Array>;
}

/** Both in JavaScript: about ten times slower than a runtime's own, and there everywhere. */
export const slowHashesInJavaScript: SlowHashes = {
  scrypt: (password, salt, cost, length) => scryptAsync(password, salt, { ...cost, dkLen: length }),
  pbkdf2Sha256: (password, salt, rounds, length) => pbkdf2Async(sha256, password, salt, { c: rounds, dkLen: length }),
};
