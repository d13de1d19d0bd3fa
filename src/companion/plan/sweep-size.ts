import { MAX_PSBT_BYTES } from '../../psbt/psbt.ts';
import { isQuorumScript } from '../../domain/wallet-script.ts';
import type { Spendable } from './plan.ts';
import { MAX_STANDARD_WEIGHT, WeightCount, type SpendKind } from './vsize.ts';

/** What besides the size that nodes relay limits one transaction. */
export interface InputLimits {
  /** Bytes of the full transaction that made an output, by its id; 0 where it is not known yet. */
  readonly proofBytes?: (txid: string) => number;
  /** No more inputs than this. */
  readonly maxInputs?: number;
}

/** Room that the whole of a PSBT needs beside its inputs: the transaction's outputs, origins of a large quorum. */
const BYTES_OF_REST = 65_536;

/** Room that an input needs in a PSBT beside its previous transaction: scripts, derivations, signatures to come. */
export const roomOfInput = (kind: SpendKind): number => (kind.type !== 'p2pkh-uncompressed' && isQuorumScript(kind.type) ? 4_096 : 640);

/**
 * How many outputs, from `start` on, one transaction can spend: no larger than nodes relay, and its PSBT, in which each input stands
 * with its whole previous transaction, no larger than a PSBT may be. At least one.
 */
export function mostInputs(ordered: readonly Spendable[], start: number, outputScripts: readonly Uint8Array[], { proofBytes = () => 0, maxInputs = Number.MAX_SAFE_INTEGER }: InputLimits): number {
  const size = new WeightCount(outputScripts);
  let bytes = BYTES_OF_REST;
  let count = 0;
  for (let position = start; position < ordered.length && count < maxInputs; position += 1) {
    const { kind, txid } = ordered[position] as Spendable;
    size.add(kind);
    bytes += proofBytes(txid) + roomOfInput(kind);
    if (count > 0 && (size.weight > MAX_STANDARD_WEIGHT || bytes > MAX_PSBT_BYTES)) break;
    count += 1;
  }
  return count;
}
