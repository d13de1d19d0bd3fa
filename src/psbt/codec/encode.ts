import { parseHex } from '../../domain/bytes.ts';
import type { Bip32Derivation, KeyValue, Psbt, PsbtInput, PsbtOutput } from '../psbt.ts';
import { serializeTransaction, writeStack } from '../transaction.ts';
import { ByteWriter, uint32 } from '../../domain/byte-writer.ts';
import { PSBT_MAGIC } from './decode.ts';
import { GLOBAL, INPUT, OUTPUT } from './field-types.ts';
import { field, writeMap } from './key-value-map.ts';
import { version2FieldsOf, version2Globals, version2InputFields, version2OutputFields } from './write-version-2.ts';

/**
 * A PSBT's binary form, in the version that it was read in or that is asked for. What `decodePsbt` read comes back byte for
 * byte; fields that were added since stand by rising type. Version 0 cannot hold what only version 2 says (`version2`).
 * @see BIP174, "Specification"; BIP370
 */
export function encodePsbt(psbt: Psbt, options: { readonly version?: 0 | 2 } = {}): Uint8Array {
  const writer = new ByteWriter().raw(PSBT_MAGIC);
  if ((options.version ?? psbt.version) === 2) {
    const version2 = version2FieldsOf(psbt);
    writeMap(writer, [...version2Globals(psbt, version2), ...psbt.globalFields.filter(({ keyType }) => keyType !== GLOBAL.version)], psbt.fieldOrder);
    psbt.inputs.forEach((input, index) => writeMap(writer, [...version2InputFields(psbt, version2, index), ...inputFields(input)], input.fieldOrder));
    psbt.outputs.forEach((output, index) => writeMap(writer, [...version2OutputFields(psbt, index), ...outputFields(output)], output.fieldOrder));
  } else {
    writeMap(writer, [field(GLOBAL.unsignedTx, serializeTransaction(psbt.transaction, false)), ...psbt.globalFields], psbt.fieldOrder);
    for (const input of psbt.inputs) writeMap(writer, inputFields(input), input.fieldOrder);
    for (const output of psbt.outputs) writeMap(writer, outputFields(output), output.fieldOrder);
  }
  return writer.bytes();
}

/** Every field of an input as key-value pairs. */
export function inputFields(input: PsbtInput): KeyValue[] {
  const fields: KeyValue[] = [];
  const add = (keyType: number, value: Uint8Array | undefined): void => {
    if (value !== undefined) fields.push(field(keyType, value));
  };
  add(INPUT.nonWitnessUtxo, input.nonWitnessUtxo);
  if (input.witnessUtxo !== undefined) add(INPUT.witnessUtxo, new ByteWriter().int64(input.witnessUtxo.amountSats).sized(input.witnessUtxo.scriptPubKey).bytes());
  for (const { publicKey, signature } of input.partialSignatures) fields.push(field(INPUT.partialSignature, signature, publicKey));
  if (input.sighashType !== undefined) add(INPUT.sighashType, uint32(input.sighashType));
  add(INPUT.redeemScript, input.redeemScript);
  add(INPUT.witnessScript, input.witnessScript);
  for (const derivation of input.bip32Derivations) fields.push(derivationField(INPUT.bip32Derivation, derivation));
  add(INPUT.finalScriptSig, input.finalScriptSig);
  if (input.finalScriptWitness !== undefined) {
    const stack = new ByteWriter();
    writeStack(stack, input.finalScriptWitness);
    add(INPUT.finalScriptWitness, stack.bytes());
  }
  for (const other of input.otherFields) fields.push(other);
  return fields;
}

/** Every field of an output as key-value pairs. */
export function outputFields(output: PsbtOutput): KeyValue[] {
  const fields: KeyValue[] = [];
  if (output.redeemScript !== undefined) fields.push(field(OUTPUT.redeemScript, output.redeemScript));
  if (output.witnessScript !== undefined) fields.push(field(OUTPUT.witnessScript, output.witnessScript));
  for (const derivation of output.bip32Derivations) fields.push(derivationField(OUTPUT.bip32Derivation, derivation));
  for (const other of output.otherFields) fields.push(other);
  return fields;
}

function derivationField(keyType: number, derivation: Bip32Derivation): KeyValue {
  const value = new ByteWriter().raw(parseHex(derivation.masterFingerprint));
  // Not spread into one call: a hostile path has a million steps, more than a call has arguments.
  for (const step of derivation.path) value.uint32(step);
  return field(keyType, value.bytes(), derivation.publicKey);
}
