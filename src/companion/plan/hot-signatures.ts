import { StrongroomError } from '../../errors/strongroom-error.ts';
import { requireFinalized } from '../../psbt/extractor.ts';
import { closedToChanges } from '../../psbt/modifiable.ts';
import type { FinalizedPsbt, Psbt, PsbtInput } from '../../psbt/psbt.ts';
import { transactionId } from '../../psbt/transaction.ts';

/**
 * Our own PSBT with the final scripts of the one that a node gave back. Nothing else is taken from the node: amounts stay
 * those that our previous transactions prove.
 * @throws StrongroomError `node.malformed` when the node signed another transaction; `psbt.incomplete`
 */
export function withNodeSignatures(ours: Psbt, signed: Psbt): FinalizedPsbt {
  if (transactionId(ours.transaction) !== transactionId(signed.transaction)) {
    throw new StrongroomError('node.malformed', 'The node gave back another transaction than it was asked to sign.', {}, 'Do not use this node until you know why.');
  }
  requireFinalized(signed);
  const inputs = ours.inputs.map((input, index): PsbtInput => {
    const { finalScriptSig, finalScriptWitness } = signed.inputs[index] as PsbtInput;
    return {
      ...(input.nonWitnessUtxo === undefined ? {} : { nonWitnessUtxo: input.nonWitnessUtxo }),
      ...(input.witnessUtxo === undefined ? {} : { witnessUtxo: input.witnessUtxo }),
      ...(finalScriptSig === undefined ? {} : { finalScriptSig }),
      ...(finalScriptWitness === undefined ? {} : { finalScriptWitness }),
      partialSignatures: [],
      bip32Derivations: [],
      otherFields: [],
    };
  });
  return requireFinalized(closedToChanges({ ...ours, inputs }));
}
