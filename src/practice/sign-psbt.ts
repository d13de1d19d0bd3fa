import { formatOutpoint } from '../domain/outpoint.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { decodePsbt } from '../psbt/codec/decode.ts';
import { encodePsbt } from '../psbt/codec/encode.ts';
import { closedToChanges } from '../psbt/modifiable.ts';
import type { Psbt, PsbtInput } from '../psbt/psbt.ts';
import { SIGHASH_ALL } from '../psbt/sighash-types.ts';
import { createSighasherV0 } from '../psbt/sighash-v0.ts';
import { serializeTransaction, txidOfHash } from '../psbt/transaction.ts';
import type { Branch } from '../wallet/address.ts';
import { signKeyHashInput } from './key-hash-input.ts';
import type { PracticeKeys } from './practice-keys.ts';

/** A coin of the practice node's own wallet, as its chain knows it. */
export interface OwnCoin {
  readonly scriptPubKey: Uint8Array;
  readonly amountSats: bigint;
  readonly branch: Branch;
  readonly index: number;
}

export interface HotSigning {
  readonly psbt: Uint8Array;
  readonly signedInputs: number;
  /** The transaction to be broadcast, or `null` while inputs of others are not final. */
  readonly transaction: Uint8Array | null;
}

/**
 * Signs and finalizes the practice node's own inputs of a PSBT, as a node's wallet does: what a coin is worth, it knows
 * from its own chain and not from the PSBT.
 * @param coinOf its own coin at an outpoint (`txid:vout`)
 * @throws StrongroomError `sign.nothing` when no input is its own, `psbt.unsupported` for a special sighash type, and what
 * `decodePsbt` throws
 */
export function signWithPracticeKeys(psbtBytes: Uint8Array, keys: PracticeKeys, coinOf: (outpoint: string) => OwnCoin | undefined): HotSigning {
  const psbt = decodePsbt(psbtBytes);
  const sighasher = createSighasherV0(psbt.transaction);
  let signedInputs = 0;
  const inputs = psbt.inputs.map((input, index): PsbtInput => {
    const spent = psbt.transaction.ins[index] as Psbt['transaction']['ins'][number];
    const coin = coinOf(formatOutpoint({ txid: txidOfHash(spent.hash), vout: spent.index }));
    if (coin === undefined || isFinal(input)) return input;
    if (input.sighashType !== undefined && input.sighashType !== SIGHASH_ALL) {
      throw new StrongroomError('psbt.unsupported', `Input ${index} asks for a sighash type that the hot wallet does not sign.`, { index }, 'Have the transaction made again without a special sighash type.');
    }
    signedInputs += 1;
    const finalScriptWitness = signKeyHashInput(sighasher, index, coin, keys.key('hot', coin.branch, coin.index));
    return finalInput(input, finalScriptWitness);
  });
  if (signedInputs === 0) {
    throw new StrongroomError('sign.nothing', 'No input of the transaction is the hot wallet\'s.', {}, 'Check which wallet the transaction spends from.');
  }
  return { psbt: encodePsbt(closedToChanges({ ...psbt, inputs })), signedInputs, transaction: inputs.every(isFinal) ? extract(psbt, inputs) : null };
}

const isFinal = (input: PsbtInput): boolean => input.finalScriptWitness !== undefined || input.finalScriptSig !== undefined;

/** What BIP174's Input Finalizer leaves: the UTXO, the final script and what nobody here knows. */
function finalInput(input: PsbtInput, finalScriptWitness: readonly Uint8Array[]): PsbtInput {
  return {
    ...(input.nonWitnessUtxo === undefined ? {} : { nonWitnessUtxo: input.nonWitnessUtxo }),
    ...(input.witnessUtxo === undefined ? {} : { witnessUtxo: input.witnessUtxo }),
    partialSignatures: [],
    bip32Derivations: [],
    finalScriptWitness,
    otherFields: input.otherFields,
  };
}

function extract(psbt: Psbt, inputs: readonly PsbtInput[]): Uint8Array {
  const transaction = psbt.transaction.clone();
  inputs.forEach((input, index) => {
    transaction.setInputScript(index, input.finalScriptSig ?? new Uint8Array(0));
    transaction.setWitness(index, [...(input.finalScriptWitness ?? [])]);
  });
  return serializeTransaction(transaction, true);
}
