import { sha256 } from '@noble/hashes/sha2.js';
import { concat, utf8 } from '../domain/bytes.ts';
import { xOnlyPointAddTweak } from '../wallet/secp256k1-public.ts';

const tagHashes = new Map<string, Uint8Array>();

/** SHA-256 with the tag's hash, twice, in front. @see BIP340, "Design": tagged hashes */
export function taggedHash(tag: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const tagHash = tagHashes.get(tag) ?? sha256(utf8(tag));
  tagHashes.set(tag, tagHash);
  return sha256(concat(tagHash, tagHash, ...parts));
}

/** What a taproot internal key is tweaked by where there is no script tree. @see BIP341, "Constructing and spending Taproot outputs" */
export const keyPathTweak = (internalKey: Uint8Array): Uint8Array => taggedHash('TapTweak', internalKey);

/**
 * The output key of an internal key without a script tree: tweaked all the same, so that nobody can have hidden a tree in it.
 * @param internalKey 32 bytes, x only
 * @returns 32 bytes, or `null` where, once in 2^128, there is none
 * @see BIP341; BIP86
 */
export function keyPathOutputKey(internalKey: Uint8Array): Uint8Array | null {
  return xOnlyPointAddTweak(internalKey, keyPathTweak(internalKey))?.xOnlyPubkey ?? null;
}
