import type { KeyValue } from '../psbt.ts';
import { ByteReader, malformedPsbt } from './byte-reader.ts';
import { isOrigin, isSchnorrLength, isTapLeaf, isTapOrigin, isTapTree, readsWhole } from './taproot-values.ts';

/** Key types that have a meaning here, by map. @see BIP174, BIP370 (version 2), BIP371 (taproot) */
export const GLOBAL = {
  unsignedTx: 0x00, xpub: 0x01, version: 0xfb,
  txVersion: 0x02, fallbackLocktime: 0x03, inputCount: 0x04, outputCount: 0x05, txModifiable: 0x06,
} as const;
export const INPUT = {
  nonWitnessUtxo: 0x00, witnessUtxo: 0x01, partialSignature: 0x02, sighashType: 0x03, redeemScript: 0x04, witnessScript: 0x05,
  bip32Derivation: 0x06, finalScriptSig: 0x07, finalScriptWitness: 0x08,
  previousTxid: 0x0e, outputIndex: 0x0f, sequence: 0x10, requiredTimeLocktime: 0x11, requiredHeightLocktime: 0x12,
  tapKeySignature: 0x13, tapScriptSignature: 0x14, tapLeafScript: 0x15, tapBip32Derivation: 0x16, tapInternalKey: 0x17, tapMerkleRoot: 0x18,
} as const;
export const OUTPUT = {
  redeemScript: 0x00, witnessScript: 0x01, bip32Derivation: 0x02, amount: 0x03, script: 0x04,
  tapInternalKey: 0x05, tapTree: 0x06, tapBip32Derivation: 0x07,
} as const;
export const PROPRIETARY = 0xfc;

/** Whether a field's key data and value have the lengths and form that its type demands. */
export type FieldRule = (keyData: Uint8Array, value: Uint8Array) => boolean;

const noKey = (key: Uint8Array): boolean => key.length === 0;
const keyOf = (length: number): FieldRule => (key) => key.length === length;
/** Compressed or uncompressed by prefix and length; whether it is on the curve matters only for keys of the wallet. */
export const isPublicKeyShape = (key: Uint8Array): boolean =>
  (key.length === 33 && (key[0] === 2 || key[0] === 3)) || (key.length === 65 && key[0] === 4);
const isCompressed = (key: Uint8Array): boolean => key.length === 33 && isPublicKeyShape(key);
const never: FieldRule = () => false;
const onlyValueOf = (length: number): FieldRule => (key, value) => noKey(key) && value.length === length;

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

/** From here on a locktime is a time and not a height. @see BIP65 */
const LOCKTIME_THRESHOLD = 500_000_000;
const uint32Where = (holds: (value: number) => boolean): FieldRule => (key, value) => noKey(key) && value.length === 4 && holds(new ByteReader(value).uint32());
const isCount: FieldRule = (key, value) => noKey(key) && readsWhole(value, (reader) => reader.compactSize() >= 0);

// Fields of version 2 that say what a transaction is, or may become. In version 0 they must not stand.
export const version2GlobalRules: ReadonlyMap<number, FieldRule> = new Map<number, FieldRule>([
  [GLOBAL.txVersion, onlyValueOf(4)],
  [GLOBAL.fallbackLocktime, onlyValueOf(4)],
  [GLOBAL.inputCount, isCount],
  [GLOBAL.outputCount, isCount],
  [GLOBAL.txModifiable, onlyValueOf(1)],
  [GLOBAL.version, onlyValueOf(4)],
]);

export const version2InputRules: ReadonlyMap<number, FieldRule> = new Map<number, FieldRule>([
  [INPUT.previousTxid, onlyValueOf(32)],
  [INPUT.outputIndex, onlyValueOf(4)],
  [INPUT.sequence, onlyValueOf(4)],
  [INPUT.requiredTimeLocktime, uint32Where((locktime) => locktime >= LOCKTIME_THRESHOLD)],
  [INPUT.requiredHeightLocktime, uint32Where((locktime) => locktime > 0 && locktime < LOCKTIME_THRESHOLD)],
]);

export const version2OutputRules: ReadonlyMap<number, FieldRule> = new Map<number, FieldRule>([
  [OUTPUT.amount, onlyValueOf(8)],
  [OUTPUT.script, noKey],
]);

/** Rules of the fields that are carried along; a type without a rule is unknown and always well formed. */
export const globalRules: ReadonlyMap<number, FieldRule> = new Map<number, FieldRule>([
  // The transaction itself is taken out before; another field of its type, with key data, is none of BIP174.
  [GLOBAL.unsignedTx, never],
  [GLOBAL.xpub, isGlobalXpub],
  // Those of version 2 are taken out of its files before.
  ...[...version2GlobalRules.keys()].map((keyType): [number, FieldRule] => [keyType, never]),
  [GLOBAL.version, onlyValueOf(4)],
  [PROPRIETARY, isProprietary],
]);

export const inputRules: ReadonlyMap<number, FieldRule> = new Map<number, FieldRule>([
  [0x09, noKey],
  [0x0a, keyOf(20)], [0x0b, keyOf(32)], [0x0c, keyOf(20)], [0x0d, keyOf(32)],
  ...[...version2InputRules.keys()].map((keyType): [number, FieldRule] => [keyType, never]),
  // BIP371.
  [INPUT.tapKeySignature, (key, value) => noKey(key) && isSchnorrLength(value)],
  // An x-only key and the hash of the leaf.
  [INPUT.tapScriptSignature, (key, value) => key.length === 64 && isSchnorrLength(value)],
  [INPUT.tapLeafScript, isTapLeaf],
  [INPUT.tapBip32Derivation, (key, value) => key.length === 32 && isTapOrigin(value)],
  [INPUT.tapInternalKey, onlyValueOf(32)],
  [INPUT.tapMerkleRoot, onlyValueOf(32)],
  // BIP373.
  [0x1a, isMusigParticipants],
  [0x1b, (key, value) => isMusigKey(key) && value.length === 66],
  [0x1c, (key, value) => isMusigKey(key) && value.length === 32],
  [PROPRIETARY, isProprietary],
]);

export const outputRules: ReadonlyMap<number, FieldRule> = new Map<number, FieldRule>([
  ...[...version2OutputRules.keys()].map((keyType): [number, FieldRule] => [keyType, never]),
  [OUTPUT.tapInternalKey, onlyValueOf(32)],
  [OUTPUT.tapTree, (key, value) => noKey(key) && isTapTree(value)],
  [OUTPUT.tapBip32Derivation, (key, value) => key.length === 32 && isTapOrigin(value)],
  [0x08, isMusigParticipants],
  [PROPRIETARY, isProprietary],
]);

// A DER signature and its sighash byte have 9 to 73 bytes. Whether it is one, and verifies, the review says.
export const isSignatureLength = (value: Uint8Array): boolean => value.length >= 9 && value.length <= 73;
export { noKey };

/** @throws StrongroomError `psbt.malformed` for a field that breaks the rule of its type */
export function requireRules(fields: readonly KeyValue[], rules: ReadonlyMap<number, FieldRule>): void {
  for (const field of fields) requireForm(field, rules.get(field.keyType)?.(field.keyData, field.value) ?? true);
}

/** @throws StrongroomError `psbt.malformed` */
export function requireForm(field: KeyValue, hasForm: boolean): void {
  if (!hasForm) throw malformedPsbt(`a field of type 0x${field.keyType.toString(16).padStart(2, '0')} has a wrong key or value, or may not stand here`, { keyType: field.keyType });
}
