import { StrongroomError } from '../errors/strongroom-error.ts';
import type { DerivedAddress } from '../wallet/address.ts';
import { equalBytes } from '../domain/bytes.ts';
import { finalScripts, type FinalScripts, type KeySignature } from './final-scripts.ts';
import { listOf, ownerOf, type Derivers } from './owner.ts';
import { previousOutputs } from './previous-outputs.ts';
import type { CombinedPsbt, FinalizedPsbt, Psbt, PsbtInput } from './psbt.ts';
import { inputOriginsOf, isTaprootInputField, leafSignaturesOf, tapKeySignatureOf } from './taproot-fields.ts';
import { unproven } from './updater.ts';

/**
 * BIP174's Input Finalizer for every script that a wallet can have (`finalScripts`).
 * @param derivers of one wallet, or of all that the transaction draws on
 * @throws StrongroomError `psbt.incomplete` naming the inputs that lack signatures; `psbt.input-unproven`, `psbt.foreign-input`
 */
export function finalizePsbt(psbt: CombinedPsbt, derivers: Derivers): FinalizedPsbt {
  const wallets = listOf(derivers);
  const previous = previousOutputs(psbt);
  const lacking: number[] = [];
  const quorums = new Set<number>();
  const inputs = psbt.inputs.map((input, index): PsbtInput => {
    const proof = previous[index];
    if (proof === undefined || proof.proof === null) throw unproven(index);
    const owner = ownerOf(wallets, proof.output.scriptPubKey, inputOriginsOf(input));
    if (owner === null) throw new StrongroomError('psbt.foreign-input', `Input ${index} is not of a wallet that was given.`, { index }, 'Name every wallet that the transaction spends from.');
    const { wallet } = owner.deriver;
    const scripts = finalScripts(wallet, owner.derived, keySignatures(input, owner.derived));
    if (scripts === null) {
      lacking.push(index);
      quorums.add(wallet.required);
    }
    return finalInput(input, scripts ?? {});
  });
  if (lacking.length > 0) {
    const required = Math.max(...quorums);
    throw new StrongroomError('psbt.incomplete', `${lacking.length} of ${inputs.length} inputs lack signatures; ${[...quorums].join(' or ')} are required on each.`, { inputs: lacking.slice(0, 20).join(', '), required }, 'Have another cosigner sign, then combine again.');
  }
  const finalized: Psbt = { ...psbt, inputs };
  return finalized as FinalizedPsbt;
}

/** The signatures of an own input, by key; combining has verified each. */
function keySignatures(input: PsbtInput, { rule, keys }: DerivedAddress): KeySignature[] {
  const keyPath = rule.kind === 'taproot-key' ? tapKeySignatureOf(input) : undefined;
  const made = rule.kind === 'taproot-leaf' ? leafSignaturesOf(input).filter(({ leafHash }) => equalBytes(leafHash, rule.leafHash)) : input.partialSignatures;
  return keys.flatMap((key) => {
    const signature = keyPath ?? made.find((candidate) => equalBytes(candidate.publicKey, key.signingKey))?.signature;
    return signature === undefined ? [] : [{ key, signature }];
  });
}

/** What is left of an input once it is final: UTXO fields, the final scripts, and fields without a meaning here (BIP174). */
export function finalInput(input: PsbtInput, scripts: FinalScripts): PsbtInput {
  return {
    ...(input.nonWitnessUtxo === undefined ? {} : { nonWitnessUtxo: input.nonWitnessUtxo }),
    ...(input.witnessUtxo === undefined ? {} : { witnessUtxo: input.witnessUtxo }),
    partialSignatures: [],
    bip32Derivations: [],
    ...scripts,
    otherFields: input.otherFields.filter((field) => !isTaprootInputField(field)),
  };
}
