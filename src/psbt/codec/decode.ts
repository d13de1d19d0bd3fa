import { toHex } from '../../domain/bytes.ts';
import { parseFingerprint } from '../../domain/fingerprint.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { MAX_PSBT_BYTES, MAX_PSBT_INPUTS, type Bip32Derivation, type KeyValue, type PartialSignature, type Psbt, type PsbtInput, type PsbtOutput, type TxOutput } from '../psbt.ts';
import { parsePreviousTransaction, parseUnsignedTransaction, readStack } from '../transaction.ts';
import { ByteReader, malformedPsbt, tooLargePsbt } from './byte-reader.ts';
import { GLOBAL, globalRules, INPUT, inputRules, isOrigin, isPublicKeyShape, isSignatureLength, noKey, OUTPUT, outputRules, type FieldRule } from './field-types.ts';
import { ItemBudget } from './item-budget.ts';
import { readMap, unusualOrder } from './key-value-map.ts';

/** `psbt` and 0xff. */
export const PSBT_MAGIC = Uint8Array.of(0x70, 0x73, 0x62, 0x74, 0xff);

/**
 * A PSBT of version 0 from its binary form. Strict: what BIP174 does not permit is refused, in time linear in the size;
 * caps are checked before anything is allocated. The result holds a copy, so later changes to `bytes` do not reach it.
 * @throws StrongroomError `psbt.malformed`, `psbt.too-large`, `psbt.unsupported` (version 2 or later)
 * @see BIP174, "Specification"
 */
export function decodePsbt(bytes: Uint8Array): Psbt {
  if (bytes.length > MAX_PSBT_BYTES) throw tooLargePsbt('bytes', MAX_PSBT_BYTES);
  // Not slice(): on a Node Buffer that would be a view of memory that others can still write to.
  const reader = new ByteReader(new Uint8Array(bytes));
  if (reader.remaining < PSBT_MAGIC.length || toHex(reader.slice(PSBT_MAGIC.length)) !== toHex(PSBT_MAGIC)) {
    throw malformedPsbt('it does not begin with the magic bytes of a PSBT');
  }
  const budget = new ItemBudget();
  const globals = readMap(reader, budget);
  requireVersionZero(globals);
  const unsigned = globals.find((field) => field.keyType === GLOBAL.unsignedTx);
  if (unsigned === undefined) throw malformedPsbt('it has no unsigned transaction');
  requireForm(unsigned, noKey(unsigned.keyData));
  const transaction = parseUnsignedTransaction(unsigned.value, MAX_PSBT_INPUTS);
  const globalFields = globals.filter((field) => field !== unsigned);
  requireRules(globalFields, globalRules);
  const inputs = transaction.ins.map(() => readInput(readMap(reader, budget), budget));
  const outputs = transaction.outs.map(() => readOutput(readMap(reader, budget)));
  if (reader.remaining > 0) throw malformedPsbt('bytes follow its last map');
  return { version: 0, transaction, globalFields, inputs, outputs, ...unusualOrder(globals) };
}

/** @see BIP174, PSBT_GLOBAL_VERSION: absent means 0; BIP370 is version 2 */
function requireVersionZero(globals: readonly KeyValue[]): void {
  const field = globals.find((candidate) => candidate.keyType === GLOBAL.version && noKey(candidate.keyData));
  if (field === undefined) return;
  requireForm(field, field.value.length === 4);
  const version = new ByteReader(field.value).uint32();
  if (version !== 0) {
    throw new StrongroomError('psbt.unsupported', `The PSBT is of version ${version}; this version of Strongroom reads version 0.`, { version }, 'Export the PSBT as version 0 (BIP174).');
  }
}

/** @see BIP174, "Per-Input Types" */
function readInput(fields: readonly KeyValue[], budget: ItemBudget): PsbtInput {
  const partialSignatures: PartialSignature[] = [];
  const bip32Derivations: Bip32Derivation[] = [];
  const otherFields: KeyValue[] = [];
  const single: { -readonly [Name in keyof PsbtInput]?: PsbtInput[Name] } = {};
  for (const field of fields) {
    const { keyType, keyData, value } = field;
    switch (keyType) {
      case INPUT.nonWitnessUtxo:
        requireForm(field, noKey(keyData));
        parsePreviousTransaction(value);
        single.nonWitnessUtxo = value;
        break;
      case INPUT.witnessUtxo:
        requireForm(field, noKey(keyData));
        single.witnessUtxo = readTxOutput(value);
        break;
      case INPUT.partialSignature:
        requireForm(field, isPublicKeyShape(keyData) && isSignatureLength(value));
        partialSignatures.push({ publicKey: keyData, signature: value });
        break;
      case INPUT.sighashType:
        requireForm(field, noKey(keyData) && value.length === 4);
        single.sighashType = new ByteReader(value).uint32();
        break;
      case INPUT.redeemScript:
        requireForm(field, noKey(keyData));
        single.redeemScript = value;
        break;
      case INPUT.witnessScript:
        requireForm(field, noKey(keyData));
        single.witnessScript = value;
        break;
      case INPUT.bip32Derivation:
        bip32Derivations.push(readDerivation(field));
        break;
      case INPUT.finalScriptSig:
        requireForm(field, noKey(keyData));
        single.finalScriptSig = value;
        break;
      case INPUT.finalScriptWitness:
        requireForm(field, noKey(keyData));
        single.finalScriptWitness = readWitness(value, budget);
        break;
      default:
        otherFields.push(field);
    }
  }
  requireRules(otherFields, inputRules);
  return { ...single, partialSignatures, bip32Derivations, otherFields, ...unusualOrder(fields) };
}

/** @see BIP174, "Per-Output Types" */
function readOutput(fields: readonly KeyValue[]): PsbtOutput {
  const bip32Derivations: Bip32Derivation[] = [];
  const otherFields: KeyValue[] = [];
  const scripts: { redeemScript?: Uint8Array; witnessScript?: Uint8Array } = {};
  for (const field of fields) {
    if (field.keyType === OUTPUT.redeemScript) {
      requireForm(field, noKey(field.keyData));
      scripts.redeemScript = field.value;
    } else if (field.keyType === OUTPUT.witnessScript) {
      requireForm(field, noKey(field.keyData));
      scripts.witnessScript = field.value;
    } else if (field.keyType === OUTPUT.bip32Derivation) {
      bip32Derivations.push(readDerivation(field));
    } else {
      otherFields.push(field);
    }
  }
  requireRules(otherFields, outputRules);
  return { ...scripts, bip32Derivations, otherFields, ...unusualOrder(fields) };
}

function readDerivation(field: KeyValue): Bip32Derivation {
  requireForm(field, isPublicKeyShape(field.keyData) && isOrigin(field.value));
  const reader = new ByteReader(field.value);
  const masterFingerprint = parseFingerprint(toHex(reader.slice(4)));
  const path = Array.from({ length: reader.remaining / 4 }, () => reader.uint32());
  return { publicKey: field.keyData, masterFingerprint, path };
}

function readTxOutput(value: Uint8Array): TxOutput {
  const reader = new ByteReader(value);
  const amountSats = reader.int64();
  const scriptPubKey = reader.sized();
  if (reader.remaining > 0) throw malformedPsbt('bytes follow a witness UTXO');
  return { amountSats, scriptPubKey };
}

function readWitness(value: Uint8Array, budget: ItemBudget): Uint8Array[] {
  const reader = new ByteReader(value);
  const items = readStack(reader, (count) => budget.take(count));
  if (reader.remaining > 0) throw malformedPsbt('bytes follow a final witness');
  return items;
}

function requireRules(fields: readonly KeyValue[], rules: ReadonlyMap<number, FieldRule>): void {
  for (const field of fields) requireForm(field, rules.get(field.keyType)?.(field.keyData, field.value) ?? true);
}

function requireForm(field: KeyValue, hasForm: boolean): void {
  if (!hasForm) throw malformedPsbt(`a field of type 0x${field.keyType.toString(16).padStart(2, '0')} has a wrong key or value, or may not stand here`, { keyType: field.keyType });
}
