import { INPUT } from './codec/field-types.ts';
import type { KeyValue, PsbtInput } from './psbt.ts';

/** BIP371's fields of a key-path input. Their lengths were checked when the file was read. */

const NO_KEY = new Uint8Array(0);
const fieldValue = (input: PsbtInput, keyType: number): Uint8Array | undefined => input.otherFields.find((field) => field.keyType === keyType)?.value;

/** 64 bytes, or 65 with a sighash type. */
export const tapKeySignatureOf = (input: PsbtInput): Uint8Array | undefined => fieldValue(input, INPUT.tapKeySignature);
/** 32 bytes; a claim like any other. */
export const tapInternalKeyOf = (input: PsbtInput): Uint8Array | undefined => fieldValue(input, INPUT.tapInternalKey);

/** The input with its key-path signature. */
export const withTapKeySignature = (input: PsbtInput, signature: Uint8Array): PsbtInput =>
  ({ ...input, otherFields: [...input.otherFields, { keyType: INPUT.tapKeySignature, keyData: NO_KEY, value: signature }] });

/** Fields that have a meaning on an input which one key spends by taproot's key path. */
export const isKeyPathField = (field: KeyValue): boolean => field.keyType === INPUT.tapKeySignature || field.keyType === INPUT.tapInternalKey;
