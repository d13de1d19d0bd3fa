import { concat, parseHex } from '../../domain/bytes.ts';
import type { Bip32Derivation, KeyValue, Psbt, PsbtInput, PsbtOutput } from '../psbt.ts';
import { serializeTransaction, writeStack } from '../transaction.ts';
import { ByteWriter } from './byte-writer.ts';
import { PSBT_MAGIC } from './decode.ts';
import { GLOBAL, INPUT, OUTPUT } from './field-types.ts';
import { writeMap } from './key-value-map.ts';

const NO_KEY = new Uint8Array(0);
const uint32 = (value: number): Uint8Array => new ByteWriter().uint32(value).bytes();
const field = (keyType: number, value: Uint8Array, keyData: Uint8Array = NO_KEY): KeyValue => ({ keyType, keyData, value });

/**
 * A PSBT's binary form. What `decodePsbt` read comes back byte for byte; fields that were added since stand by rising type.
 * @see BIP174, "Specification"
 */
export function encodePsbt(psbt: Psbt): Uint8Array {
  const writer = new ByteWriter().raw(PSBT_MAGIC);
  writeMap(writer, [field(GLOBAL.unsignedTx, serializeTransaction(psbt.transaction, false)), ...psbt.globalFields], psbt.fieldOrder);
  for (const input of psbt.inputs) writeMap(writer, inputFields(input), input.fieldOrder);
  for (const output of psbt.outputs) writeMap(writer, outputFields(output), output.fieldOrder);
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
  return field(keyType, concat(parseHex(derivation.masterFingerprint), ...derivation.path.map(uint32)), derivation.publicKey);
}
