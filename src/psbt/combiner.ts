import { compareBytes, equalBytes, toHex } from '../domain/bytes.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import { unreachable } from '../domain/unreachable.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import type { ReviewedQuorum } from '../review/review.ts';
import type { AddressDeriver, DerivedAddress, DerivedKey } from '../wallet/address.ts';
import type { Wallet } from '../wallet/wallet.ts';
import { signaturesOfFinal, type KeySignature } from './final-scripts.ts';
import { checkOwnInput, quorumProgress, type HashForType } from './input-signatures.ts';
import { agreed, conflict, distinctFields, distinctSignatures, mergeDerivations, mergeOtherFields, sameOutput, type Place } from './merge-fields.ts';
import { hintsOf, ownScriptsOf } from './own-scripts.ts';
import { mergeVersion2 } from './merge-version-2.ts';
import { previousOutputs } from './previous-outputs.ts';
import type { Bip32Derivation, CombinedPsbt, Psbt, PsbtInput, PsbtOutput, TxOutput } from './psbt.ts';
import { createSighasher } from './sighash.ts';
import { SIGHASH_ALL } from './sighash-types.ts';
import { inputOriginsOf, isTapSignature, leafSignaturesOf, tapKeySignatureOf, tapKeySignaturesOf, withLeafSignatures, withTapKeySignature } from './taproot-fields.ts';
import { parsePreviousTransaction, serializeTransaction, txidOfHash } from './transaction.ts';
import { unproven } from './updater.ts';

export interface Combination {
  /** In canonical order: the same for every order of the files that went in. */
  readonly psbt: CombinedPsbt;
  readonly quorum: ReviewedQuorum;
}

/**
 * BIP174's Combiner, made strict: every input must be the wallet's own with a proven amount, and every signature must verify
 * and be of one of its cosigners. Signatures inside final scripts are taken out and counted like the others.
 * @throws StrongroomError `psbt.mixed-transactions`, `psbt.conflict`, `psbt.input-unproven`, `psbt.foreign-input`,
 * `psbt.signature-invalid`
 */
export function combinePsbts(psbts: readonly Psbt[], deriver: AddressDeriver): Combination {
  const merged = mergePsbts(psbts, deriver);
  const spent = previousOutputs(merged).map((previous, index): TxOutput => {
    if (previous.proof === null) throw unproven(index);
    return previous.output;
  });
  const sighasher = createSighasher(merged.transaction, spent);
  const signedBy: (readonly Fingerprint[])[] = [];
  const inputs = merged.inputs.map((input, index): PsbtInput => {
    const output = spent[index] as TxOutput;
    const derived = ownScriptsOf(deriver).find(output.scriptPubKey, hintsOf(inputOriginsOf(input)));
    if (derived === null) throw foreign(index);
    if (input.witnessUtxo !== undefined && !sameOutput(input.witnessUtxo, output)) throw conflict({ scope: 'input', index }, 'the amount');
    const hashFor: HashForType = (sighashType) => sighasher.hash(index, derived.rule, sighashType);
    const signatures = validSignatures(input, index, deriver.wallet, derived, hashFor);
    signedBy.push(derived.keys.filter((key) => signatures.some((signature) => signature.key === key)).map((key) => key.masterFingerprint));
    return { ...withSignatures(input, derived, signatures), bip32Derivations: mergeDerivations([input.bip32Derivations], registeredOrigins(derived)) };
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
    otherFields: [
      ...mergeOtherFields(inputs.map((input) => input.otherFields.filter((field) => !isTapSignature(field))), place),
      ...distinctFields(inputs.flatMap((input) => input.otherFields.filter(isTapSignature))),
    ],
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

/** One valid signature a cosigner, those of final scripts too; any other signature stops the work. */
function validSignatures(input: PsbtInput, index: number, wallet: Wallet, derived: DerivedAddress, hashFor: HashForType): readonly KeySignature[] {
  const byKey = new Map<DerivedKey, Uint8Array>();
  const stated = [...statedSignatures(input, index, derived, hashFor), ...finalSignatures(input, index, wallet, derived, hashFor)];
  // Two valid signatures of one key differ only by their nonces. They are taken in rising order, so the first is the same choice
  // for everybody.
  for (const { key, signature } of stated.sort((a, b) => compareBytes(a.signature, b.signature))) if (!byKey.has(key)) byKey.set(key, signature);
  return [...byKey].map(([key, signature]) => ({ key, signature }));
}

function statedSignatures(input: PsbtInput, index: number, derived: DerivedAddress, hashFor: HashForType): KeySignature[] {
  // Replies may hold several signatures of one key, in fields of one key.
  const keyPath = tapKeySignaturesOf(input);
  const each = keyPath.length < 2 ? [input] : keyPath.map((signature) => withTapKeySignature(withoutSignatures(input), signature));
  return each.flatMap((single) => {
    const { signatures, leafSignatures, taprootSignature } = checkOwnInput(single, derived, hashFor);
    const bad = [...signatures, ...leafSignatures].find((signature) => !signature.counts);
    if (bad !== undefined) throw invalid(index, bad.key?.masterFingerprint ?? toHex(bad.signature.publicKey));
    const hasStrayLeaf = derived.rule.kind !== 'taproot-leaf' && leafSignaturesOf(single).length > 0;
    if (hasStrayLeaf || (keyPath.length > 0 && taprootSignature?.counts !== true)) throw invalid(index, 'taproot');
    const own = derived.keys[0] as DerivedKey;
    return [
      ...signatures.map(({ key, signature }) => ({ key: key as DerivedKey, signature: signature.signature })),
      ...leafSignatures.map(({ key, signature }) => ({ key: key as DerivedKey, signature: signature.signature })),
      ...(taprootSignature === null ? [] : [{ key: own, signature: tapKeySignatureOf(single) as Uint8Array }]),
    ];
  });
}

function finalSignatures(input: PsbtInput, index: number, wallet: Wallet, derived: DerivedAddress, hashFor: HashForType): readonly KeySignature[] {
  const { finalScriptSig, finalScriptWitness } = input;
  if ((finalScriptSig === undefined || finalScriptSig.length === 0) && finalScriptWitness === undefined) return [];
  const signatures = signaturesOfFinal(input, wallet, derived, hashFor);
  const isAll = (signature: Uint8Array): boolean => (derived.taproot !== null && signature.length === 64) || signature.at(-1) === SIGHASH_ALL;
  if (signatures === null || !signatures.every(({ signature }) => isAll(signature))) throw invalid(index, 'final scripts');
  return signatures;
}

/** The input with these signatures and no other, and no final scripts. */
function withSignatures(input: PsbtInput, { rule }: DerivedAddress, signatures: readonly KeySignature[]): PsbtInput {
  const bare = withoutSignatures(input);
  switch (rule.kind) {
    case 'taproot-key':
      return signatures.reduce((signed, { signature }) => withTapKeySignature(signed, signature), bare);
    case 'taproot-leaf':
      return withLeafSignatures(bare, signatures.map(({ key, signature }) => ({ publicKey: key.signingKey, leafHash: rule.leafHash, signature })).sort((a, b) => compareBytes(a.publicKey, b.publicKey)));
    case 'legacy':
    case 'segwit-v0':
      return { ...bare, partialSignatures: signatures.map(({ key, signature }) => ({ publicKey: key.signingKey, signature })).sort((a, b) => compareBytes(a.publicKey, b.publicKey)) };
    default:
      return unreachable(rule);
  }
}

function withoutSignatures(input: PsbtInput): PsbtInput {
  const { finalScriptSig, finalScriptWitness, ...rest } = input;
  return { ...rest, partialSignatures: [], otherFields: input.otherFields.filter((field) => !isTapSignature(field)) };
}

function registeredOrigins(derived: DerivedAddress): Bip32Derivation[] {
  return derived.taproot !== null ? [] : derived.keys.map(({ publicKey, masterFingerprint, path }) => ({ publicKey, masterFingerprint, path }));
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
