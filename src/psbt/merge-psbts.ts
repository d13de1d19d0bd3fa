import { compareBytes, equalBytes } from '../domain/bytes.ts';
import type { AddressDeriver, DerivedAddress } from '../wallet/address.ts';
import { INPUT, OUTPUT } from './codec/field-types.ts';
import { agreed, mergeDerivations, mergeOtherFields, oddOnes, sameOutput, withRegistered, type Place } from './merge-fields.ts';
import { mergeVersion2 } from './merge-version-2.ts';
import { ownerOf } from './owner.ts';
import type { Bip32Derivation, KeyValue, Psbt, PsbtInput, PsbtOutput, TxOutput } from './psbt.ts';
import type { Reply } from './reply.ts';
import { isTapSignature, outputOriginsOf, tapInputFields, tapOutputFields } from './taproot-fields.ts';
import { parsePreviousTransaction, txidOfHash } from './transaction.ts';

/**
 * All files' fields brought together, without any signature and without final scripts: what one file lacks comes from another, so
 * that a reply that was stripped to its signatures fits the file that they answer.
 * @param replies at least one, all of one transaction
 * @throws StrongroomError `psbt.conflict` naming the file that contradicts the others
 */
export function mergePsbts(replies: readonly Reply[], derivers: readonly AddressDeriver[]): Psbt {
  const { transaction } = (replies[0] as Reply).psbt;
  const version2 = mergeVersion2(replies);
  return {
    version: version2 === undefined ? 0 : 2,
    transaction,
    ...(version2 === undefined ? {} : { version2 }),
    globalFields: mergeOtherFields(replies.map(({ psbt }) => psbt.globalFields), { scope: 'global', index: 0 }, replies),
    inputs: transaction.ins.map((spent, index) => mergeInputs(replies, index, spent)),
    outputs: transaction.outs.map(({ script }, index) => mergeOutputs(replies, index, script, derivers)),
  };
}

type Spent = Pick<Psbt['transaction']['ins'][number], 'hash' | 'index'>;

function mergeInputs(replies: readonly Reply[], index: number, spent: Spent): PsbtInput {
  const place: Place = { scope: 'input', index };
  const inputs = replies.map(({ psbt }) => psbt.inputs[index] as PsbtInput);
  const bytes = (name: 'redeemScript' | 'witnessScript'): Uint8Array | undefined => agreed(inputs.map((input) => input[name]), equalBytes, place, name, replies);
  const nonWitnessUtxo = previousTransactionOf(inputs, spent, place, replies);
  return withoutUndefined({
    nonWitnessUtxo,
    witnessUtxo: witnessUtxoOf(inputs, nonWitnessUtxo, spent, place, replies),
    partialSignatures: [],
    sighashType: agreed(inputs.map((input) => input.sighashType), Object.is, place, 'sighashType', replies),
    redeemScript: bytes('redeemScript'),
    witnessScript: bytes('witnessScript'),
    bip32Derivations: mergeDerivations(inputs.map((input) => input.bip32Derivations), []),
    otherFields: mergeOtherFields(inputs.map((input) => input.otherFields.filter((field) => !isTapSignature(field))), place, replies, ({ keyType }) => keyType === INPUT.tapBip32Derivation),
  });
}

function mergeOutputs(replies: readonly Reply[], index: number, script: Uint8Array, derivers: readonly AddressDeriver[]): PsbtOutput {
  const place: Place = { scope: 'output', index };
  const outputs = replies.map(({ psbt }) => psbt.outputs[index] as PsbtOutput);
  const origins = outputs.flatMap(outputOriginsOf);
  // Only where somebody calls it a wallet's: a payment needs no search.
  const own = origins.length === 0 ? null : ownerOf(derivers, script, origins);
  const otherFields = mergeOtherFields(outputs.map((output) => output.otherFields), place, replies, ({ keyType }) => keyType === OUTPUT.tapBip32Derivation);
  return withoutUndefined({
    redeemScript: agreed(outputs.map((output) => output.redeemScript), equalBytes, place, 'redeemScript', replies),
    witnessScript: agreed(outputs.map((output) => output.witnessScript), equalBytes, place, 'witnessScript', replies),
    bip32Derivations: mergeDerivations(outputs.map((output) => output.bip32Derivations), own === null ? [] : registeredOrigins(own.derived)),
    otherFields: own === null ? otherFields : withRegistered(otherFields, tapOutputFields(own.derived).filter(({ keyType }) => keyType === OUTPUT.tapBip32Derivation)),
  });
}

/** An own input whose key origins are the registered ones, wherever the files state origins for its keys. */
export function withRegisteredOrigins(input: PsbtInput, derived: DerivedAddress): PsbtInput {
  const taproot = tapInputFields(derived).filter(({ keyType }: KeyValue) => keyType === INPUT.tapBip32Derivation);
  return { ...input, bip32Derivations: mergeDerivations([input.bip32Derivations], registeredOrigins(derived)), otherFields: withRegistered(input.otherFields, taproot) };
}

function registeredOrigins(derived: DerivedAddress): Bip32Derivation[] {
  return derived.taproot !== null ? [] : derived.keys.map(({ publicKey, masterFingerprint, path }) => ({ publicKey, masterFingerprint, path }));
}

/** Programs may drop the witnesses of a previous transaction; both forms have the same id and prove the same. */
function previousTransactionOf(inputs: readonly PsbtInput[], { hash }: Spent, place: Place, replies: readonly Reply[]): Uint8Array | undefined {
  const stated = inputs.flatMap((input) => input.nonWitnessUtxo ?? []);
  const [first] = stated;
  if (first === undefined || stated.every((bytes) => equalBytes(bytes, first))) return first;
  const txid = txidOfHash(hash);
  // No vote is needed: the id says which is the one that is spent.
  const odd = replies.filter((_, at) => {
    const bytes = inputs[at]?.nonWitnessUtxo;
    return bytes !== undefined && parsePreviousTransaction(bytes).txid !== txid;
  });
  if (odd.length > 0) throw oddOnes(place, 'nonWitnessUtxo', odd);
  return [...stated].sort(compareBytes)[0];
}

function witnessUtxoOf(inputs: readonly PsbtInput[], previous: Uint8Array | undefined, spent: Spent, place: Place, replies: readonly Reply[]): TxOutput | undefined {
  const stated = inputs.map((input) => input.witnessUtxo);
  const first = stated.find((output) => output !== undefined);
  if (first === undefined || stated.every((output) => output === undefined || sameOutput(output, first))) return first;
  const parsed = previous === undefined ? undefined : parsePreviousTransaction(previous);
  const proven = parsed?.txid === txidOfHash(spent.hash) ? parsed.outputAt(spent.index) : undefined;
  // Where a previous transaction decides it, again no vote is needed.
  if (proven !== undefined) throw oddOnes(place, 'witnessUtxo', replies.filter((_, at) => stated[at] !== undefined && !sameOutput(stated[at], proven)));
  return agreed(stated, sameOutput, place, 'witnessUtxo', replies);
}

/** The object without fields that nobody stated. */
function withoutUndefined<T extends object>(fields: { readonly [Name in keyof T]: T[Name] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
