import { createBase58check } from '@scure/base';
import { sha256 } from '@noble/hashes/sha2.js';

const base58check = createBase58check(sha256);

/** The bytes of a base58check text, or `null` where it is none. A secret: wipe them after use. */
export function decodeBase58check(text: string): Uint8Array | null {
  try {
    return base58check.decode(text);
  } catch {
    return null;
  }
}

/** @see decodeBase58check */
export const encodeBase58check = (bytes: Uint8Array): string => base58check.encode(bytes);
