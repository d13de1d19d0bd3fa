import { malformedPsbt, tooLargePsbt } from './codec/byte-reader.ts';
import { MAX_PSBT_BYTES, MAX_PSBT_INPUTS, MAX_PSBT_OUTPUTS, type Psbt, type PsbtInput } from './psbt.ts';
import { parseTransaction } from './transaction.ts';

/**
 * A signed transaction as a PSBT of the same transaction unsigned, whose inputs hold the scripts and witnesses as final ones. Some
 * signers give back nothing else, also before the quorum is complete. The Combiner takes the signatures out of it; what proves its
 * amounts must come from the file that it answers.
 * @param bytes network serialisation
 * @throws StrongroomError `psbt.malformed`, `psbt.too-large`
 */
export function psbtOfTransaction(bytes: Uint8Array): Psbt {
  if (bytes.length > MAX_PSBT_BYTES) throw tooLargePsbt('bytes', MAX_PSBT_BYTES);
  const { transaction } = parseTransaction(new Uint8Array(bytes));
  if (transaction.ins.length > MAX_PSBT_INPUTS) throw tooLargePsbt('inputs', MAX_PSBT_INPUTS);
  if (transaction.outs.length > MAX_PSBT_OUTPUTS) throw tooLargePsbt('outputs', MAX_PSBT_OUTPUTS);
  if (transaction.ins.length === 0 || transaction.outs.length === 0) throw malformedPsbt('it is a transaction without inputs or outputs');
  const inputs = transaction.ins.map(({ script, witness }): PsbtInput => ({
    partialSignatures: [],
    bip32Derivations: [],
    ...(script.length === 0 ? {} : { finalScriptSig: script }),
    ...(witness.length === 0 ? {} : { finalScriptWitness: witness }),
    otherFields: [],
  }));
  for (const input of transaction.ins) {
    input.script = new Uint8Array(0);
    input.witness = [];
  }
  return { version: 0, transaction, globalFields: [], inputs, outputs: transaction.outs.map(() => ({ bip32Derivations: [], otherFields: [] })) };
}
