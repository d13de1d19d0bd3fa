import { toHex } from '../../domain/bytes.ts';
import { parseFingerprint } from '../../domain/fingerprint.ts';
import type { Bip32Derivation, KeyValue, PartialSignature, PsbtInput, PsbtOutput, TxOutput } from '../psbt.ts';
import { readStack } from '../transaction.ts';
import { ByteReader, malformedPsbt } from './byte-reader.ts';
import { INPUT, inputRules, isPublicKeyShape, isSignatureLength, noKey, OUTPUT, outputRules, requireForm, requireRules } from './field-types.ts';
import type { ItemBudget } from './item-budget.ts';
import { isOrigin } from './taproot-values.ts';
import { requireTransaction } from './transaction-form.ts';

/**
 * What the fields of an input say.
 * @throws StrongroomError `psbt.malformed`, `psbt.too-large`
 * @see BIP174, "Per-Input Types"
 */
export function readInput(fields: readonly KeyValue[], budget: ItemBudget): PsbtInput {
  const partialSignatures: PartialSignature[] = [];
  const bip32Derivations: Bip32Derivation[] = [];
  const otherFields: KeyValue[] = [];
  const single: { -readonly [Name in keyof PsbtInput]?: PsbtInput[Name] } = {};
  for (const field of fields) {
    const { keyType, keyData, value } = field;
    switch (keyType) {
      case INPUT.nonWitnessUtxo:
        requireForm(field, noKey(keyData));
        requireTransaction(value);
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
  return { ...single, partialSignatures, bip32Derivations, otherFields };
}

/**
 * What the fields of an output say.
 * @throws StrongroomError `psbt.malformed`
 * @see BIP174, "Per-Output Types"
 */
export function readOutput(fields: readonly KeyValue[]): PsbtOutput {
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
  return { ...scripts, bip32Derivations, otherFields };
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
