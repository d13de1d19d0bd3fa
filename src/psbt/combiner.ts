import { compareBytes, equalBytes, toHex } from '../domain/bytes.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import type { ReviewedQuorum } from '../review/review.ts';
import type { AddressDeriver, DerivedAddress } from '../wallet/address.ts';
import { signaturesOfWitness } from './final-witness.ts';
import { checkSignatures, quorumProgress, signersOf, type CheckedSignature } from './input-signatures.ts';
import { agreed, conflict, distinctSignatures, mergeDerivations, mergeOtherFields, sameOutput, type Place } from './merge-fields.ts';
import { hintsOf, ownScriptsOf } from './own-scripts.ts';
import { mergeVersion2 } from './merge-version-2.ts';
import { previousOutputs } from './previous-outputs.ts';
import type { Bip32Derivation, CombinedPsbt, PartialSignature, Psbt, PsbtInput, PsbtOutput, TxOutput } from './psbt.ts';
import { createSighasherV0, type SighasherV0 } from './sighash-v0.ts';
import { parsePreviousTransaction, serializeTransaction, txidOfHash } from './transaction.ts';
import { unproven } from './updater.ts';

export interface Combination {
  /** In canonical order: the same for every order of the files that went in. */
  readonly psbt: CombinedPsbt;
  readonly quorum: ReviewedQuorum;
}

/**
 * BIP174's Combiner, made strict: every input must be the wallet's own with a proven amount, and every signature must verify
 * and be of one of its cosigners. Signatures inside a final witness are taken out and counted like the others.
 * @throws StrongroomError `psbt.mixed-transactions`, `psbt.conflict`, `psbt.input-unproven`, `psbt.foreign-input`,
 * `psbt.signature-invalid`
 */
export function combinePsbts(psbts: readonly Psbt[], deriver: AddressDeriver): Combination {
  const merged = mergePsbts(psbts, deriver);
  const sighasher = createSighasherV0(merged.transaction);
  const previous = previousOutputs(merged);
  const signedBy: ReturnType<typeof signersOf>[] = [];
  const inputs = merged.inputs.map((input, index): PsbtInput => {
    const proof = previous[index];
    if (proof?.proof !== 'previous-transaction') throw unproven(index);
    const derived = ownScriptsOf(deriver).find(proof.output.scriptPubKey, hintsOf(input.bip32Derivations));
    if (derived === null) throw foreign(index);
    if (input.witnessUtxo !== undefined && !sameOutput(input.witnessUtxo, proof.output)) throw conflict({ scope: 'input', index }, 'the amount');
    const { kept, checked } = keepSignatures(withoutFinal(input, index, derived, proof.output, sighasher), index, derived, proof.output, sighasher);
    signedBy.push(signersOf(derived, checked));
    return { ...kept, bip32Derivations: mergeDerivations([kept.bip32Derivations], registeredOrigins(derived)) };
  });
  const { required, cosigners } = deriver.wallet;
  const psbt: Psbt = { ...merged, inputs };
  return {
    psbt: psbt as CombinedPsbt,
    quorum: { required, total: cosigners.length, ...quorumProgress(required, signedBy), thisKey: null },
  };
}

/** All files' fields brought together, signatures unchecked. */
function mergePsbts(psbts: readonly Psbt[], deriver: AddressDeriver): Psbt {
  const [first] = psbts;
  if (first === undefined) throw new TypeError('nothing to combine');
  const unsigned = serializeTransaction(first.transaction, false);
  if (psbts.some((psbt) => !equalBytes(serializeTransaction(psbt.transaction, false), unsigned))) {
    throw new StrongroomError('psbt.mixed-transactions', 'The files are not of one transaction.', { files: psbts.length }, 'Combine only replies to the same unsigned file.');
  }
  const version2 = mergeVersion2(psbts);
  return {
    version: version2 === undefined ? 0 : 2,
    transaction: first.transaction,
    ...(version2 === undefined ? {} : { version2 }),
    globalFields: mergeOtherFields(psbts.map((psbt) => psbt.globalFields), { scope: 'global', index: 0 }),
    inputs: first.inputs.map((_, index) => mergeInputs(psbts.map((psbt) => psbt.inputs[index] as PsbtInput), index, txidOfHash((first.transaction.ins[index] as { hash: Uint8Array }).hash))),
    outputs: first.outputs.map((_, index) => mergeOutputs(psbts.map((psbt) => psbt.outputs[index] as PsbtOutput), index, (first.transaction.outs[index] as { script: Uint8Array }).script, deriver)),
  };
}

function mergeInputs(inputs: readonly PsbtInput[], index: number, txid: string): PsbtInput {
  const place: Place = { scope: 'input', index };
  const bytes = (name: 'redeemScript' | 'witnessScript' | 'finalScriptSig'): Uint8Array | undefined => agreed(inputs.map((input) => input[name]), equalBytes, place, name);
  return withoutUndefined({
    nonWitnessUtxo: previousTransactionOf(inputs, txid, place),
    witnessUtxo: agreed(inputs.map((input) => input.witnessUtxo), sameOutput, place, 'witnessUtxo'),
    partialSignatures: distinctSignatures(inputs.map((input) => input.partialSignatures)),
    sighashType: agreed(inputs.map((input) => input.sighashType), (a, b) => a === b, place, 'sighashType'),
    redeemScript: bytes('redeemScript'),
    witnessScript: bytes('witnessScript'),
    bip32Derivations: mergeDerivations(inputs.map((input) => input.bip32Derivations), []),
    finalScriptSig: bytes('finalScriptSig'),
    finalScriptWitness: agreed(inputs.map((input) => input.finalScriptWitness), sameStack, place, 'finalScriptWitness'),
    otherFields: mergeOtherFields(inputs.map((input) => input.otherFields), place),
  });
}

function mergeOutputs(outputs: readonly PsbtOutput[], index: number, script: Uint8Array, deriver: AddressDeriver): PsbtOutput {
  const place: Place = { scope: 'output', index };
  const derivations = outputs.flatMap((output) => output.bip32Derivations);
  // Only where somebody calls it the wallet's: a payment needs no search.
  const own = derivations.length === 0 ? null : ownScriptsOf(deriver).find(script, hintsOf(derivations));
  return withoutUndefined({
    redeemScript: agreed(outputs.map((output) => output.redeemScript), equalBytes, place, 'redeemScript'),
    witnessScript: agreed(outputs.map((output) => output.witnessScript), equalBytes, place, 'witnessScript'),
    bip32Derivations: mergeDerivations([derivations], own === null ? [] : registeredOrigins(own)),
    otherFields: mergeOtherFields(outputs.map((output) => output.otherFields), place),
  });
}

/** Programs may drop the witnesses of a previous transaction; both forms have the same id and prove the same. */
function previousTransactionOf(inputs: readonly PsbtInput[], txid: string, place: Place): Uint8Array | undefined {
  const stated = inputs.flatMap((input) => input.nonWitnessUtxo ?? []);
  const [first] = stated;
  if (first === undefined || stated.every((bytes) => equalBytes(bytes, first))) return first;
  if (stated.some((bytes) => parsePreviousTransaction(bytes).txid !== txid)) throw conflict(place, 'nonWitnessUtxo');
  return [...stated].sort(compareBytes)[0];
}

/** The input with its final witness turned back into signatures. */
function withoutFinal(input: PsbtInput, index: number, derived: DerivedAddress, spent: TxOutput, sighasher: SighasherV0): PsbtInput {
  const { finalScriptSig, finalScriptWitness, ...rest } = input;
  if (finalScriptSig !== undefined && finalScriptSig.length > 0) throw invalid(index, 'final scriptSig');
  if (finalScriptWitness === undefined) return rest;
  const signatures = signaturesOfWitness(finalScriptWitness, derived, (sighashType) => sighasher.hash(index, derived.witnessScript, spent.amountSats, sighashType));
  if (signatures === null) throw invalid(index, 'final witness');
  return { ...rest, partialSignatures: distinctSignatures([input.partialSignatures, signatures]) };
}

/** One valid signature a cosigner; any other signature stops the work. */
function keepSignatures(input: PsbtInput, index: number, derived: DerivedAddress, spent: TxOutput, sighasher: SighasherV0): { kept: PsbtInput; checked: readonly CheckedSignature[] } {
  const checked = checkSignatures(input, derived.keys, (sighashType) => sighasher.hash(index, derived.witnessScript, spent.amountSats, sighashType));
  const bad = checked.find((signature) => !signature.counts);
  if (bad !== undefined) throw invalid(index, bad.key?.masterFingerprint ?? toHex(bad.signature.publicKey));
  // Two valid signatures of one key differ only by their nonces. They stand in rising order, so the first is the same choice
  // for everybody.
  const byKey = new Map<string, PartialSignature>();
  for (const { signature } of checked) {
    const key = toHex(signature.publicKey);
    if (!byKey.has(key)) byKey.set(key, signature);
  }
  return { kept: { ...input, partialSignatures: [...byKey.values()] }, checked };
}

function registeredOrigins(derived: DerivedAddress): Bip32Derivation[] {
  return derived.keys.map(({ publicKey, masterFingerprint, path }) => ({ publicKey, masterFingerprint, path }));
}

const sameStack = (a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean =>
  a.length === b.length && a.every((item, position) => equalBytes(item, b[position] as Uint8Array));

/** The object without fields that nobody stated. */
function withoutUndefined<T extends object>(fields: { readonly [Name in keyof T]: T[Name] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

function foreign(index: number): StrongroomError {
  return new StrongroomError('psbt.foreign-input', `Input ${index} is not of this wallet.`, { index }, 'Choose the wallet that the transaction spends from.');
}

function invalid(index: number, signer: string): StrongroomError {
  return new StrongroomError('psbt.signature-invalid', `A signature on input ${index} does not verify, is not of SIGHASH_ALL, or is of no cosigner: ${signer}.`, { index, signer }, 'Leave out the file that holds it and ask that cosigner to sign again.');
}
