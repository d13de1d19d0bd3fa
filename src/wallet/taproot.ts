import { sha256 } from '@noble/hashes/sha2.js';
import { concat, parseHex, utf8 } from '../domain/bytes.ts';
import { ByteWriter } from '../domain/byte-writer.ts';
import { xOnlyPointAddTweak } from './secp256k1-public.ts';

/** The version of leaves that hold tapscript. @see BIP342 */
export const TAPSCRIPT_VERSION = 0xc0;

/**
 * A point of which nobody can know the private key: the hash of the generator, taken for an x coordinate. As an internal key
 * it leaves the script tree as the only way to spend.
 * @see BIP341, "Constructing and spending Taproot outputs"
 */
export const UNSPENDABLE_INTERNAL_KEY: Uint8Array = parseHex('50929b74c1a04954b78b4b6035e97a5e078a5a0f28ec96d547bfee9ace803ac0');

const tagHashes = new Map<string, Uint8Array>();

/** SHA-256 with the tag's hash, twice, in front. @see BIP340, "Design": tagged hashes */
export function taggedHash(tag: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const tagHash = tagHashes.get(tag) ?? sha256(utf8(tag));
  tagHashes.set(tag, tagHash);
  return sha256(concat(tagHash, tagHash, ...parts));
}

/**
 * What an internal key is tweaked by.
 * @param merkleRoot of the script tree, 32 bytes; `null` where there is none
 * @see BIP341, "Constructing and spending Taproot outputs"
 */
export const taprootTweak = (internalKey: Uint8Array, merkleRoot: Uint8Array | null): Uint8Array =>
  merkleRoot === null ? taggedHash('TapTweak', internalKey) : taggedHash('TapTweak', internalKey, merkleRoot);

/** What a taproot internal key is tweaked by where there is no script tree. */
export const keyPathTweak = (internalKey: Uint8Array): Uint8Array => taprootTweak(internalKey, null);

/**
 * The output key of an internal key without a script tree: tweaked all the same, so that nobody can have hidden a tree in it.
 * @param internalKey 32 bytes, x only
 * @returns 32 bytes, or `null` where, once in 2^128, there is none
 * @see BIP341; BIP86
 */
export function keyPathOutputKey(internalKey: Uint8Array): Uint8Array | null {
  return xOnlyPointAddTweak(internalKey, keyPathTweak(internalKey))?.xOnlyPubkey ?? null;
}

/** @see BIP341, "Script validation rules" */
export const tapLeafHash = (script: Uint8Array): Uint8Array =>
  taggedHash('TapLeaf', new ByteWriter().uint8(TAPSCRIPT_VERSION).sized(script).bytes());

/** A taproot output whose tree is one leaf. */
export interface SingleLeafOutput {
  /** 32 bytes. */
  readonly outputKey: Uint8Array;
  /** The merkle root of a tree of one leaf is the leaf's hash. */
  readonly leafHash: Uint8Array;
  /** Leaf version and parity, internal key; the path is empty. @see BIP341, "Script validation rules" */
  readonly controlBlock: Uint8Array;
}

/**
 * The output of an internal key and a tree of one tapscript leaf.
 * @returns `null` where, once in 2^128, there is none
 * @see BIP341
 */
export function singleLeafOutput(internalKey: Uint8Array, script: Uint8Array): SingleLeafOutput | null {
  const leafHash = tapLeafHash(script);
  const tweaked = xOnlyPointAddTweak(internalKey, taprootTweak(internalKey, leafHash));
  if (tweaked === null) return null;
  return { outputKey: tweaked.xOnlyPubkey, leafHash, controlBlock: concat(Uint8Array.of(TAPSCRIPT_VERSION | tweaked.parity), internalKey) };
}
