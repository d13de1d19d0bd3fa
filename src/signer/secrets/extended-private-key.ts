import { isPrivate } from 'tiny-secp256k1';
import { formatPath, parsePath, type DerivationPath } from '../../domain/derivation-path.ts';
import { parseFingerprint, type Fingerprint } from '../../domain/fingerprint.ts';
import { chainParameters, type NetworkName } from '../../domain/network.ts';
import type { KeyRealm } from '../../wallet/extended-public-key.ts';
import type { ExtendedPrivateKey } from '../private-derivation.ts';
import { decodeBase58check, encodeBase58check } from './base58-secret.ts';
import { malformedSecret } from './malformed-secret.ts';
import { wipe } from './wipe.ts';

/** Where an extended key stands below its master. */
export interface KeyPlace {
  readonly masterFingerprint: Fingerprint;
  readonly path: DerivationPath;
}

export interface PlacedPrivateKey {
  readonly key: ExtendedPrivateKey;
  readonly realm: KeyRealm;
  /** `null` for a master key, and for a key of which nobody stated it. */
  readonly place: KeyPlace | null;
}

// BIP32, and SLIP-132's variants (yprv, Zprv, ...) that name a script type as well: read and normalised, never written, as
// with public keys.
const versions: ReadonlyMap<number, KeyRealm> = new Map([
  [0x0488ade4, 'main'], [0x049d7878, 'main'], [0x04b2430c, 'main'], [0x0295b005, 'main'], [0x02aa7a99, 'main'],
  [0x04358394, 'test'], [0x044a4e28, 'test'], [0x045f18bc, 'test'], [0x024285b5, 'test'], [0x02575048, 'test'],
  // Ltpv, Mtpv, ttpv and dgpv: coins' own.
  [0x019d9cfe, 'litecoin'], [0x01b26792, 'litecoin'], [0x0436ef7d, 'litecoin-test'], [0x02fac398, 'dogecoin'],
]);

const SIZE = 78;

/** Whether bytes have the size of an extended key, private or public. */
export const looksLikeExtendedKey = (bytes: Uint8Array): boolean => bytes.length === SIZE;

/**
 * An extended private key: `xprv...` or `tprv...`, for one below its master with its place before it, as in
 * `[73c5da0a/48h/0h/0h]xprv...`.
 * @throws StrongroomError `secret.malformed`; `fingerprint.malformed` and `path.malformed` for a wrong place
 * @see BIP32, "Serialization format"
 */
export function parseExtendedPrivateKey(text: string): PlacedPrivateKey {
  const [, fingerprint, path, body] = /^(?:\[([^\]/]*)((?:\/[^\]]*)?)\])?([^[\]]*)$/.exec(text.trim()) ?? [];
  const bytes = body === undefined ? null : decodeBase58check(body);
  if (bytes === null) throw malformedSecret('xprv', 'its base58 checksum is wrong');
  try {
    if (!looksLikeExtendedKey(bytes)) throw malformedSecret('xprv', 'it does not hold 78 bytes');
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const realm = versions.get(view.getUint32(0));
    if (realm === undefined) throw malformedSecret('xprv', 'its version is not that of a private key');
    if (bytes[45] !== 0 || !isPrivate(bytes.subarray(46))) throw malformedSecret('xprv', 'its number is not on the curve');
    const header = { depth: bytes[4] as number, parentFingerprint: view.getUint32(5), childNumber: view.getUint32(9) };
    if (header.depth === 0 && (header.parentFingerprint !== 0 || header.childNumber !== 0)) throw malformedSecret('xprv', 'a master key names a parent');
    const place = fingerprint === undefined ? null : placeOf(fingerprint, (path as string).slice(1), header);
    return { key: { ...header, chainCode: bytes.slice(13, 45), privateKey: bytes.slice(46) }, realm, place };
  } finally {
    wipe(bytes);
  }
}

/** The stated place, where it does not contradict the key. */
function placeOf(fingerprint: string, pathText: string, header: Pick<ExtendedPrivateKey, 'depth' | 'parentFingerprint' | 'childNumber'>): KeyPlace {
  const place: KeyPlace = { masterFingerprint: parseFingerprint(fingerprint), path: parsePath(pathText) };
  const parentIsMaster = header.depth === 1;
  if (place.path.length !== header.depth || (header.depth > 0 && place.path.at(-1) !== header.childNumber)) {
    throw malformedSecret('xprv', 'its depth or child number contradicts the stated path', { depth: header.depth, path: formatPath(place.path) });
  }
  if (parentIsMaster && header.parentFingerprint.toString(16).padStart(8, '0') !== place.masterFingerprint) {
    throw malformedSecret('xprv', 'its parent is not the stated master key');
  }
  return place;
}

/** The key's text as xprv or tprv. A secret. */
export function formatExtendedPrivateKey(key: ExtendedPrivateKey, network: NetworkName): string {
  const bytes = new Uint8Array(SIZE);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, chainParameters(network).bip32.private);
  bytes[4] = key.depth;
  view.setUint32(5, key.parentFingerprint);
  view.setUint32(9, key.childNumber);
  bytes.set(key.chainCode, 13);
  bytes.set(key.privateKey, 46);
  const text = encodeBase58check(bytes);
  wipe(bytes);
  return text;
}
