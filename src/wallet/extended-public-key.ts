import { createBase58check } from '@scure/base';
import { ripemd160 } from '@noble/hashes/legacy.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { toHex } from '../domain/bytes.ts';
import { HARDENED, type DerivationPath } from '../domain/derivation-path.ts';
import { parseFingerprint, type Fingerprint } from '../domain/fingerprint.ts';
import type { KeyRealm } from '../domain/chains/chain.ts';
import { chainParameters, type NetworkName } from '../domain/network.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { isPoint, pointAddScalar } from './secp256k1-public.ts';

const base58check = createBase58check(sha256);

/** An extended public key (BIP32). Immutable; the byte arrays are never written to. */
export interface ExtendedPublicKey {
  readonly depth: number;
  /** First four bytes of the parent's HASH160, as a number; 0 for a master key. */
  readonly parentFingerprint: number;
  readonly childNumber: number;
  readonly chainCode: Uint8Array;
  /** 33 bytes, compressed. */
  readonly publicKey: Uint8Array;
}

export type { KeyRealm } from '../domain/chains/chain.ts';

/** Whose version bytes the extended keys of a network are written with. */
export const realmOf = (network: NetworkName): KeyRealm => chainParameters(network).keyRealms[0];

/** The scripts that SLIP-132 has version bytes for. */
export type PrefixScript = 'p2sh-p2wpkh' | 'p2wpkh' | 'p2sh-p2wsh' | 'p2wsh';

// BIP32 and SLIP-132 version bytes. The SLIP-132 variants name a script type; the script comes from the wallet's policy
// here, so they are read and normalised; only the dialect of a program that knows a script by nothing else writes them.
const publicVersions: ReadonlyMap<number, { readonly realm: KeyRealm; readonly prefixScript: PrefixScript | null }> = new Map([
  [0x0488b21e, { realm: 'main', prefixScript: null }],
  [0x049d7cb2, { realm: 'main', prefixScript: 'p2sh-p2wpkh' }],
  [0x04b24746, { realm: 'main', prefixScript: 'p2wpkh' }],
  [0x0295b43f, { realm: 'main', prefixScript: 'p2sh-p2wsh' }],
  [0x02aa7ed3, { realm: 'main', prefixScript: 'p2wsh' }],
  [0x043587cf, { realm: 'test', prefixScript: null }],
  [0x044a5262, { realm: 'test', prefixScript: 'p2sh-p2wpkh' }],
  [0x045f1cf6, { realm: 'test', prefixScript: 'p2wpkh' }],
  [0x024289ef, { realm: 'test', prefixScript: 'p2sh-p2wsh' }],
  [0x02575483, { realm: 'test', prefixScript: 'p2wsh' }],
  // Ltub, Mtub, ttub and dgub: coins' own.
  [0x019da462, { realm: 'litecoin', prefixScript: null }],
  [0x01b26ef6, { realm: 'litecoin', prefixScript: 'p2sh-p2wpkh' }],
  [0x0436f6e1, { realm: 'litecoin-test', prefixScript: null }],
  [0x02facafd, { realm: 'dogecoin', prefixScript: null }],
]);
const privateVersions: ReadonlySet<number> = new Set([
  0x0488ade4, 0x049d7878, 0x04b2430c, 0x0295b005, 0x02aa7a99, 0x04358394, 0x044a4e28, 0x045f18bc, 0x024285b5, 0x02575048,
  0x019d9cfe, 0x01b26792, 0x0436ef7d, 0x02fac398,
]);

const malformed = (reason: string): StrongroomError =>
  new StrongroomError('key.record-malformed', `The extended public key is malformed: ${reason}.`, { reason }, 'Export the key record again on the signing device.');

export interface ParsedExtendedKey {
  readonly key: ExtendedPublicKey;
  readonly realm: KeyRealm;
  /** The script that the text's prefix names (`Zpub`: P2WSH); `null` for xpub and tpub, which name none. @see SLIP-132 */
  readonly prefixScript: PrefixScript | null;
}

/**
 * An extended public key from its base58check text; SLIP-132 variants (ypub, Zpub, ...) are normalised.
 * @throws StrongroomError `key.record-malformed`; `wallet.private-key` for an extended private key
 * @see BIP32, "Serialization format"; SLIP-132
 */
export function parseExtendedPublicKey(text: string): ParsedExtendedKey {
  let data: Uint8Array;
  try {
    data = base58check.decode(text);
  } catch {
    throw malformed('its base58 checksum is wrong');
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data.length !== 78) throw malformed('it does not hold 78 bytes');
  const version = view.getUint32(0);
  if (privateVersions.has(version)) {
    throw new StrongroomError('wallet.private-key', 'An extended PRIVATE key stands where a public key belongs.', {}, 'Treat this key as exposed: do not use the file, and export the public key record on the signing device.');
  }
  const meaning = publicVersions.get(version);
  if (meaning === undefined) throw malformed('its version is unknown');
  const key: ExtendedPublicKey = {
    depth: data[4] as number,
    parentFingerprint: view.getUint32(5),
    childNumber: view.getUint32(9),
    chainCode: data.slice(13, 45),
    publicKey: data.slice(45),
  };
  if (key.depth === 0 && (key.parentFingerprint !== 0 || key.childNumber !== 0)) throw malformed('a master key names a parent');
  const prefix = key.publicKey[0];
  if ((prefix !== 2 && prefix !== 3) || !isPoint(key.publicKey)) throw malformed('its point is not on the curve');
  return { key, ...meaning };
}

/**
 * Whether version bytes are those of a network's extended keys, without a script type in them.
 * @param version as eight hexadecimal digits
 */
export function isKeyVersionOf(network: NetworkName, version: string): boolean {
  const meaning = publicVersions.get(Number.parseInt(version, 16));
  return meaning !== undefined && meaning.prefixScript === null && chainParameters(network).keyRealms.includes(meaning.realm);
}

/** The key's text with the network's own version bytes: xpub, tpub, dgub. */
export const formatExtendedPublicKey = (key: ExtendedPublicKey, network: NetworkName): string => serialised(key, chainParameters(network).bip32.public);

/** The key's text with the prefix that names a script (`Zpub`, `vpub`), for programs that know the script by nothing else. @see SLIP-132 */
export function formatPrefixedKey(key: ExtendedPublicKey, network: NetworkName, script: PrefixScript): string {
  const realm: KeyRealm = chainParameters(network).isTest ? 'test' : 'main';
  const [version] = [...publicVersions].find(([, meaning]) => meaning.realm === realm && meaning.prefixScript === script) as [number, unknown];
  return serialised(key, version);
}

function serialised(key: ExtendedPublicKey, version: number): string {
  const data = new Uint8Array(78);
  const view = new DataView(data.buffer);
  view.setUint32(0, version);
  data[4] = key.depth;
  view.setUint32(5, key.parentFingerprint);
  view.setUint32(9, key.childNumber);
  data.set(key.chainCode, 13);
  data.set(key.publicKey, 45);
  return base58check.encode(data);
}

/** HASH160 of a compressed public key: its first four bytes are the key's fingerprint. */
export const hash160 = (bytes: Uint8Array): Uint8Array => ripemd160(sha256(bytes));

/** The key's own BIP32 fingerprint. */
export const fingerprintOf = (publicKey: Uint8Array): Fingerprint => parseFingerprint(toHex(hash160(publicKey).subarray(0, 4)));

/**
 * The non-hardened child of an extended public key.
 * @throws StrongroomError `path.malformed` for a hardened index, or where BIP32 says that the child does not exist
 * @see BIP32, "Public parent key to public child key"
 */
export function deriveChild(parent: ExtendedPublicKey, index: number): ExtendedPublicKey {
  const publicKey = childPublicKey(parent, index);
  return {
    depth: parent.depth + 1,
    parentFingerprint: new DataView(hash160(parent.publicKey).buffer).getUint32(0),
    childNumber: index,
    chainCode: work.digest.slice(32),
    publicKey,
  };
}

/**
 * The non-hardened child's public key alone, 33 bytes. What it was computed from is left in `work.digest`.
 * @throws StrongroomError `path.malformed`, as `deriveChild`
 */
export function childPublicKey(parent: ExtendedPublicKey, index: number): Uint8Array {
  const publicKey = index < HARDENED ? childOf(parent, index) : null;
  if (publicKey === null) throw new StrongroomError('path.malformed', `An extended public key has no child ${index}.`, { index }, 'Only non-hardened children can be derived from a public key.');
  return publicKey;
}

/**
 * What every child is computed in, one after the other. Nothing in it is secret. Making these arrays anew for each child, and having
 * them collected, would take as long as the hash does.
 */
const work = workingMemory();

function workingMemory() {
  const [hashed, digest] = [new Uint8Array(37), new Uint8Array(64)];
  return { hash: hmac.create(sha512, new Uint8Array(32)), hashed, index: new DataView(hashed.buffer, 33), digest, scalar: digest.subarray(0, 32) };
}

/** @see BIP32, "Public parent key to public child key" */
function childOf(parent: ExtendedPublicKey, index: number): Uint8Array | null {
  work.hashed.set(parent.publicKey);
  work.index.setUint32(0, index);
  keyedBy(parent)._cloneInto(work.hash).update(work.hashed).digestInto(work.digest);
  return pointAddScalar(parent.publicKey, work.scalar, true);
}

type Keyed = ReturnType<typeof hmac.create>;

/** The hashes of parents with their chain codes in them already, which is half the work for each child. */
const keyed = new WeakMap<ExtendedPublicKey, Keyed>();

function keyedBy(parent: ExtendedPublicKey): Keyed {
  const known = keyed.get(parent);
  if (known !== undefined) return known;
  const made = hmac.create(sha512, parent.chainCode);
  keyed.set(parent, made);
  return made;
}

/** The descendant along a non-hardened path. */
export const derivePublicPath = (key: ExtendedPublicKey, path: DerivationPath): ExtendedPublicKey => path.reduce(deriveChild, key);
