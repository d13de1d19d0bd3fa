import { ByteWriter } from '../domain/byte-writer.ts';
import { compareBytes, concat, equalBytes, parseHex, toHex } from '../domain/bytes.ts';
import { parseFingerprint } from '../domain/fingerprint.ts';
import type { DerivedAddress } from '../wallet/address.ts';
import { xOnly, type TaprootParts } from '../wallet/locking-script.ts';
import { TAPSCRIPT_VERSION } from '../wallet/taproot.ts';
import { ByteReader } from './codec/byte-reader.ts';
import { INPUT, OUTPUT } from './codec/field-types.ts';
import type { Bip32Derivation, KeyValue, PsbtInput, PsbtOutput } from './psbt.ts';

// BIP371's fields. Their lengths and forms were checked when the file was read; what they say is a claim like any other.

const NO_KEY = new Uint8Array(0);
const fieldValue = (map: PsbtInput | PsbtOutput, keyType: number): Uint8Array | undefined => map.otherFields.find((field) => field.keyType === keyType)?.value;

/** 64 bytes, or 65 with a sighash type. */
export const tapKeySignatureOf = (input: PsbtInput): Uint8Array | undefined => fieldValue(input, INPUT.tapKeySignature);
/** All of them: of several files brought together, one input may have more than one. */
export const tapKeySignaturesOf = (input: PsbtInput): readonly Uint8Array[] =>
  input.otherFields.filter((field) => field.keyType === INPUT.tapKeySignature).map((field) => field.value);
/** Whether a field is a taproot signature, of the key path or of a leaf. */
export const isTapSignature = ({ keyType }: KeyValue): boolean => keyType === INPUT.tapKeySignature || keyType === INPUT.tapScriptSignature;
/** 32 bytes. */
export const tapInternalKeyOf = (input: PsbtInput): Uint8Array | undefined => fieldValue(input, INPUT.tapInternalKey);

/** A signature of one key for one leaf. */
export interface LeafSignature {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly leafHash: Uint8Array;
  /** 64 bytes, or 65 with a sighash type. */
  readonly signature: Uint8Array;
}

export const leafSignaturesOf = (input: PsbtInput): readonly LeafSignature[] =>
  input.otherFields.filter((field) => field.keyType === INPUT.tapScriptSignature)
    .map(({ keyData, value }) => ({ publicKey: keyData.subarray(0, 32), leafHash: keyData.subarray(32), signature: value }));

/** The input with its key-path signature. */
export const withTapKeySignature = (input: PsbtInput, signature: Uint8Array): PsbtInput =>
  ({ ...input, otherFields: [...input.otherFields, { keyType: INPUT.tapKeySignature, keyData: NO_KEY, value: signature }] });

/** The input with these signatures for its leaf, and no other. */
export function withLeafSignatures(input: PsbtInput, signatures: readonly LeafSignature[]): PsbtInput {
  const others = input.otherFields.filter((field) => field.keyType !== INPUT.tapScriptSignature);
  const fields = signatures.map(({ publicKey, leafHash, signature }): KeyValue => ({ keyType: INPUT.tapScriptSignature, keyData: concat(publicKey, leafHash), value: signature }));
  return { ...input, otherFields: [...others, ...fields] };
}

const isInputTaprootType = (keyType: number): boolean => keyType >= INPUT.tapKeySignature && keyType <= INPUT.tapMerkleRoot;
/** Fields that have a meaning on a taproot input only until it is final. */
export const isTaprootInputField = (field: KeyValue): boolean => isInputTaprootType(field.keyType);

/** Fields that say what an own taproot output is made of. */
export const isTaprootOutputField = ({ keyType }: KeyValue): boolean => keyType === OUTPUT.tapInternalKey || keyType === OUTPUT.tapTree || keyType === OUTPUT.tapBip32Derivation;

/** The key origins of an input or output, BIP174's and BIP371's; the public keys of the latter have 32 bytes. */
export const inputOriginsOf = (input: PsbtInput): readonly Bip32Derivation[] => originsOf(input, INPUT.tapBip32Derivation);
export const outputOriginsOf = (output: PsbtOutput): readonly Bip32Derivation[] => originsOf(output, OUTPUT.tapBip32Derivation);

function originsOf(map: PsbtInput | PsbtOutput, tapKeyType: number): readonly Bip32Derivation[] {
  const fields = map.otherFields.filter((field) => field.keyType === tapKeyType);
  return fields.length === 0 ? map.bip32Derivations : [...map.bip32Derivations, ...fields.map(readTapOrigin)];
}

/** @see BIP371, PSBT_IN_TAP_BIP32_DERIVATION */
function readTapOrigin({ keyData, value }: KeyValue): Bip32Derivation {
  const reader = new ByteReader(value);
  reader.skip(reader.compactSize() * 32);
  const masterFingerprint = parseFingerprint(toHex(reader.slice(4)));
  return { publicKey: keyData, masterFingerprint, path: Array.from({ length: reader.remaining / 4 }, () => reader.uint32()) };
}

/** BIP371's fields that say what an own taproot input is made of. Those of its keys stand in rising order, as most programs write them. */
export function tapInputFields({ taproot, keys }: Pick<DerivedAddress, 'taproot' | 'keys'>): readonly KeyValue[] {
  if (taproot === null) return [];
  const { internalKey, leaf } = taproot;
  return [
    ...(leaf === null ? [] : [{ keyType: INPUT.tapLeafScript, keyData: leaf.controlBlock, value: concat(leaf.script, Uint8Array.of(TAPSCRIPT_VERSION)) }]),
    ...tapOrigins(INPUT.tapBip32Derivation, taproot, keys),
    { keyType: INPUT.tapInternalKey, keyData: NO_KEY, value: internalKey },
    ...(leaf === null ? [] : [{ keyType: INPUT.tapMerkleRoot, keyData: NO_KEY, value: leaf.hash }]),
  ];
}

/** The same for an own output. */
export function tapOutputFields({ taproot, keys }: Pick<DerivedAddress, 'taproot' | 'keys'>): readonly KeyValue[] {
  if (taproot === null) return [];
  return [
    { keyType: OUTPUT.tapInternalKey, keyData: NO_KEY, value: taproot.internalKey },
    ...(taproot.leaf === null ? [] : [{ keyType: OUTPUT.tapTree, keyData: NO_KEY, value: treeOf(taproot.leaf.script) }]),
    ...tapOrigins(OUTPUT.tapBip32Derivation, taproot, keys),
  ];
}

function tapOrigins(keyType: number, { leaf }: TaprootParts, keys: DerivedAddress['keys']): KeyValue[] {
  return keys.map(({ publicKey, masterFingerprint, path }): KeyValue => {
    const writer = new ByteWriter();
    if (leaf === null) writer.compactSize(0);
    else writer.compactSize(1).raw(leaf.hash);
    writer.raw(parseHex(masterFingerprint));
    for (const step of path) writer.uint32(step);
    return { keyType, keyData: xOnly(publicKey), value: writer.bytes() };
  }).sort((a, b) => compareBytes(a.keyData, b.keyData));
}

/** A tree of one leaf. @see BIP371, PSBT_OUT_TAP_TREE */
const treeOf = (script: Uint8Array): Uint8Array => new ByteWriter().uint8(0).uint8(TAPSCRIPT_VERSION).sized(script).bytes();

/** Whether everything that an input states of its taproot output is what was rebuilt; what is not stated contradicts nothing. */
export function tapInputFits(input: PsbtInput, { taproot }: Pick<DerivedAddress, 'taproot'>): boolean {
  return input.otherFields.every(({ keyType, keyData, value }) => {
    switch (keyType) {
      case INPUT.tapInternalKey:
        return taproot !== null && equalBytes(value, taproot.internalKey);
      case INPUT.tapMerkleRoot:
        return taproot !== null && taproot.leaf !== null && equalBytes(value, taproot.leaf.hash);
      case INPUT.tapLeafScript:
        return taproot !== null && taproot.leaf !== null && equalBytes(keyData, taproot.leaf.controlBlock) && equalBytes(value, concat(taproot.leaf.script, Uint8Array.of(TAPSCRIPT_VERSION)));
      default:
        return true;
    }
  });
}

/** The same of an output. */
export function tapOutputFits(output: PsbtOutput, { taproot }: Pick<DerivedAddress, 'taproot'>): boolean {
  return output.otherFields.every(({ keyType, value }) => {
    switch (keyType) {
      case OUTPUT.tapInternalKey:
        return taproot !== null && equalBytes(value, taproot.internalKey);
      case OUTPUT.tapTree:
        return taproot !== null && taproot.leaf !== null && equalBytes(value, treeOf(taproot.leaf.script));
      default:
        return true;
    }
  });
}

/** Whether an output presents itself by BIP371's fields as somebody's own. */
export const claimsTaproot = (output: PsbtOutput): boolean => output.otherFields.some(({ keyType }) => keyType === OUTPUT.tapInternalKey || keyType === OUTPUT.tapTree);
