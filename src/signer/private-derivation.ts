import { hmac } from '@noble/hashes/hmac.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { isPrivate, privateAdd } from 'tiny-secp256k1';
import { utf8 } from '../domain/bytes.ts';
import { HARDENED, type DerivationPath } from '../domain/derivation-path.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { hash160, type ExtendedPublicKey } from '../wallet/extended-public-key.ts';
import { publicKeyOfPrivate } from './private-curve.ts';

/**
 * An extended private key (BIP32), as short-lived as possible: whoever makes one wipes it. Ours rather than a library's,
 * because a library's keys cannot be wiped; a library is the oracle in the tests.
 */
export interface ExtendedPrivateKey {
  readonly depth: number;
  readonly parentFingerprint: number;
  readonly childNumber: number;
  readonly chainCode: Uint8Array;
  /** 32 bytes. A secret. */
  readonly privateKey: Uint8Array;
}

/** Overwrites the secret and the chain code. */
export function wipeKey(key: ExtendedPrivateKey): void {
  key.privateKey.fill(0);
  key.chainCode.fill(0);
}

const noSuchKey = (reason: string): StrongroomError =>
  new StrongroomError('path.malformed', `There is no such key: ${reason}.`, { reason }, 'Choose another path.');

/**
 * @param seed 16 to 64 bytes
 * @throws StrongroomError `path.malformed` where the seed is of another length or, once in 2^127 seeds, has no master key
 * @see BIP32, "Master key generation"
 */
export function masterKeyOf(seed: Uint8Array): ExtendedPrivateKey {
  if (seed.length < 16 || seed.length > 64) throw noSuchKey('a seed has 16 to 64 bytes');
  return keyOf(hmac(sha512, utf8('Bitcoin seed'), seed), (left) => left.slice(), { depth: 0, parentFingerprint: 0, childNumber: 0 });
}

/** 33 bytes, compressed. */
export const publicKeyOf = (key: ExtendedPrivateKey): Uint8Array => publicKeyOfPrivate(key.privateKey);

/** The public half, in arrays of its own. @see BIP32, `N()` */
export const neuter = (key: ExtendedPrivateKey): ExtendedPublicKey => ({
  depth: key.depth,
  parentFingerprint: key.parentFingerprint,
  childNumber: key.childNumber,
  chainCode: Uint8Array.from(key.chainCode),
  publicKey: publicKeyOf(key),
});

/**
 * @param parentPublicKey what `publicKeyOf` gives for the parent, where that is at hand: to compute it costs as much as a signature
 * @throws StrongroomError `path.malformed` for an index or depth out of range or, once in 2^127, a child that does not exist
 * @see BIP32, "Private parent key to private child key"
 */
export function derivePrivateChild(parent: ExtendedPrivateKey, index: number, parentPublicKey: Uint8Array = publicKeyOf(parent)): ExtendedPrivateKey {
  if (!Number.isInteger(index) || index < 0 || index > 0xffff_ffff) throw noSuchKey('a child number has 32 bits');
  if (parent.depth === 255) throw noSuchKey('a path has at most 255 steps');
  const data = new Uint8Array(37);
  // Hardened: 0x00 and the private key; otherwise the public key, so that public derivation finds the same child.
  if (index >= HARDENED) data.set(parent.privateKey, 1);
  else data.set(parentPublicKey, 0);
  data.set([index >>> 24, (index >>> 16) & 0xff, (index >>> 8) & 0xff, index & 0xff], 33);
  const digest = hmac(sha512, parent.chainCode, data);
  data.fill(0);
  return keyOf(digest, (left) => privateAdd(parent.privateKey, left), {
    depth: parent.depth + 1,
    parentFingerprint: new DataView(hash160(parentPublicKey).buffer).getUint32(0),
    childNumber: index,
  });
}

/** The descendant along a path; the keys in between are wiped. */
export function derivePrivatePath(ancestor: ExtendedPrivateKey, path: DerivationPath): ExtendedPrivateKey {
  let key: ExtendedPrivateKey = { ...ancestor, chainCode: Uint8Array.from(ancestor.chainCode), privateKey: Uint8Array.from(ancestor.privateKey) };
  for (const index of path) {
    const parent = key;
    try {
      key = derivePrivateChild(parent, index);
    } finally {
      wipeKey(parent);
    }
  }
  return key;
}

/** Left half of a digest to a private key (in an array of its own), right half to the chain code; the digest is wiped. */
function keyOf(digest: Uint8Array, toPrivateKey: (left: Uint8Array) => Uint8Array | null, place: Pick<ExtendedPrivateKey, 'depth' | 'parentFingerprint' | 'childNumber'>): ExtendedPrivateKey {
  try {
    const left = digest.subarray(0, 32);
    const privateKey = isPrivate(left) ? toPrivateKey(left) : null;
    if (privateKey === null) throw noSuchKey('its number is not on the curve');
    return { ...place, privateKey, chainCode: digest.slice(32) };
  } finally {
    digest.fill(0);
  }
}
