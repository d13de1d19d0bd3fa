import { equalBytes } from '../domain/bytes.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import type { AddressDeriver, DerivedAddress } from '../wallet/address.ts';
import { compareBytes } from '../domain/bytes.ts';
import { hintsOf, ownScriptsOf } from './own-scripts.ts';
import { previousOutputs } from './previous-outputs.ts';
import type { CombinedPsbt, FinalizedPsbt, Psbt, PsbtInput } from './psbt.ts';
import { unproven } from './updater.ts';

/**
 * BIP174's Input Finalizer for P2WSH sorted multisig: exactly as many signatures as the quorum requires, in the order of the
 * keys in the script; where there are more, the first in that order, so that everybody builds the same transaction.
 * @throws StrongroomError `psbt.incomplete` naming the inputs that lack signatures; `psbt.input-unproven`, `psbt.foreign-input`
 * @see BIP147 for the empty first item
 */
export function finalizePsbt(psbt: CombinedPsbt, deriver: AddressDeriver): FinalizedPsbt {
  const { required } = deriver.wallet;
  const previous = previousOutputs(psbt);
  const lacking: number[] = [];
  const inputs = psbt.inputs.map((input, index): PsbtInput => {
    const proof = previous[index];
    if (proof?.proof !== 'previous-transaction') throw unproven(index);
    const derived = ownScriptsOf(deriver).find(proof.output.scriptPubKey, hintsOf(input.bip32Derivations));
    if (derived === null) throw new StrongroomError('psbt.foreign-input', `Input ${index} is not of this wallet.`, { index }, 'Choose the wallet that the transaction spends from.');
    const signatures = inScriptOrder(derived, input).slice(0, required);
    if (signatures.length < required) lacking.push(index);
    return finalInput(input, { finalScriptWitness: [new Uint8Array(0), ...signatures, derived.witnessScript] });
  });
  if (lacking.length > 0) {
    throw new StrongroomError('psbt.incomplete', `${lacking.length} of ${inputs.length} inputs lack signatures; ${required} are required on each.`, { inputs: lacking.slice(0, 20).join(', '), required }, 'Have another cosigner sign, then combine again.');
  }
  const finalized: Psbt = { ...psbt, inputs };
  return finalized as FinalizedPsbt;
}

function inScriptOrder(derived: DerivedAddress, input: PsbtInput): Uint8Array[] {
  const keys = derived.keys.map((key) => key.publicKey).sort(compareBytes);
  return keys.flatMap((publicKey) => input.partialSignatures.find((partial) => equalBytes(partial.publicKey, publicKey))?.signature ?? []);
}

/** What is left of an input once it is final: UTXO fields, the final scripts, and fields without a meaning here (BIP174). */
export function finalInput(input: PsbtInput, scripts: Pick<PsbtInput, 'finalScriptSig' | 'finalScriptWitness'>): PsbtInput {
  return {
    ...(input.nonWitnessUtxo === undefined ? {} : { nonWitnessUtxo: input.nonWitnessUtxo }),
    ...(input.witnessUtxo === undefined ? {} : { witnessUtxo: input.witnessUtxo }),
    partialSignatures: [],
    bip32Derivations: [],
    ...scripts,
    otherFields: input.otherFields,
  };
}
