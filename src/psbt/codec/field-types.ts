import { ByteReader } from './byte-reader.ts';

/** Key types of BIP174 that have a meaning here, by map. */
export const GLOBAL = { unsignedTx: 0x00, xpub: 0x01, version: 0xfb } as const;
export const INPUT = {
  nonWitnessUtxo: 0x00, witnessUtxo: 0x01, partialSignature: 0x02, sighashType: 0x03, redeemScript: 0x04, witnessScript: 0x05,
  bip32Derivation: 0x06, finalScriptSig: 0x07, finalScriptWitness: 0x08,
  tapKeySignature: 0x13, tapScriptSignature: 0x14, tapLeafScript: 0x15, tapBip32Derivation: 0x16, tapInternalKey: 0x17, tapMerkleRoot: 0x18,
} as const;
export const OUTPUT = { redeemScript: 0x00, witnessScript: 0x01, bip32Derivation: 0x02 } as const;
export const PROPRIETARY = 0xfc;

/** Whether a field's key data and value have the lengths and form that its type demands. */
export type FieldRule = (keyData: Uint8Array, value: Uint8Array) => boolean;

const noKey = (key: Uint8Array): boolean => key.length === 0;
const keyOf = (length: number): FieldRule => (key) => key.length === length;
/** Compressed or uncompressed by prefix and length; whether it is on the curve matters only for keys of the wallet. */
export const isPublicKeyShape = (key: Uint8Array): boolean =>
  (key.length === 33 && (key[0] === 2 || key[0] === 3)) || (key.length === 65 && key[0] === 4);
const isCompressed = (key: Uint8Array): boolean => key.length === 33 && isPublicKeyShape(key);
/** Fingerprint and any number of path steps. */
const isOrigin = (value: Uint8Array): boolean => value.length >= 4 && value.length % 4 === 0;
const never: FieldRule = () => false;

/** True when the reader gets through all of the bytes. */
function readsWhole(bytes: Uint8Array, read: (reader: ByteReader) => boolean): boolean {
  try {
    const reader = new ByteReader(bytes);
    return read(reader) && reader.remaining === 0;
  } catch {
    return false;
  }
}

const isTaprootOrigin: FieldRule = (_key, value) =>
  readsWhole(value, (reader) => {
    reader.skip(reader.compactSize() * 32);
    return isOrigin(reader.slice(reader.remaining));
  });

const isTapTree: FieldRule = (_key, value) =>
  readsWhole(value, (reader) => {
    if (reader.remaining === 0) return false;
    while (reader.remaining > 0) {
      const depth = reader.uint8();
      const leafVersion = reader.uint8();
      if (depth > 128 || (leafVersion & 1) !== 0) return false;
      reader.sized();
    }
    return true;
  });

/** Identifier and subtype must be readable; the rest is the owner's. @see BIP174, "Proprietary Use Type" */
const isProprietary: FieldRule = (key) =>
  readsWhole(key, (reader) => {
    reader.sized();
    reader.compactSize();
    reader.skip(reader.remaining);
    return true;
  });

const isGlobalXpub: FieldRule = (key, value) => key.length === 78 && isOrigin(value) && value.length / 4 - 1 === key[4];
const isMusigParticipants: FieldRule = (key, value) => isCompressed(key) && value.length > 0 && value.length % 33 === 0;
const isMusigKey = (key: Uint8Array): boolean =>
  (key.length === 66 || key.length === 98) && isCompressed(key.subarray(0, 33)) && isCompressed(key.subarray(33, 66));

/** Rules of the fields that are carried along; a type without a rule is unknown and always well formed. */
export const globalRules: ReadonlyMap<number, FieldRule> = new Map<number, FieldRule>([
  // The transaction itself is taken out before; another field of its type, with key data, is none of BIP174.
  [GLOBAL.unsignedTx, never],
  [GLOBAL.xpub, isGlobalXpub],
  // PSBTv2's own fields (BIP370) must not stand in a version 0 file.
  [0x02, never], [0x03, never], [0x04, never], [0x05, never], [0x06, never],
  [GLOBAL.version, (key, value) => noKey(key) && value.length === 4],
  [PROPRIETARY, isProprietary],
]);

export const inputRules: ReadonlyMap<number, FieldRule> = new Map<number, FieldRule>([
  [0x09, noKey],
  [0x0a, keyOf(20)], [0x0b, keyOf(32)], [0x0c, keyOf(20)], [0x0d, keyOf(32)],
  [0x0e, never], [0x0f, never], [0x10, never], [0x11, never], [0x12, never],
  // BIP371.
  [INPUT.tapKeySignature, (key, value) => noKey(key) && (value.length === 64 || value.length === 65)],
  [INPUT.tapScriptSignature, (key, value) => key.length === 64 && (value.length === 64 || value.length === 65)],
  [INPUT.tapLeafScript, (key, value) => key.length >= 33 && key.length <= 33 + 32 * 128 && (key.length - 33) % 32 === 0 && value.length >= 1],
  [INPUT.tapBip32Derivation, (key, value) => key.length === 32 && isTaprootOrigin(key, value)],
  [INPUT.tapInternalKey, (key, value) => noKey(key) && value.length === 32],
  [INPUT.tapMerkleRoot, (key, value) => noKey(key) && value.length === 32],
  // BIP373.
  [0x1a, isMusigParticipants],
  [0x1b, (key, value) => isMusigKey(key) && value.length === 66],
  [0x1c, (key, value) => isMusigKey(key) && value.length === 32],
  [PROPRIETARY, isProprietary],
]);

export const outputRules: ReadonlyMap<number, FieldRule> = new Map<number, FieldRule>([
  [0x03, never], [0x04, never],
  [0x05, (key, value) => noKey(key) && value.length === 32],
  [0x06, (key, value) => noKey(key) && isTapTree(key, value)],
  [0x07, (key, value) => key.length === 32 && isTaprootOrigin(key, value)],
  [0x08, isMusigParticipants],
  [PROPRIETARY, isProprietary],
]);

// A DER signature and its sighash byte have 9 to 73 bytes. Whether it is one, and verifies, the review says.
export const isSignatureLength = (value: Uint8Array): boolean => value.length >= 9 && value.length <= 73;
export { isOrigin, noKey };
