import type { Ledger } from '../../companion/ledger/ledger.ts';
import type { QueueEntry } from '../../companion/queue/queue.ts';
import { extractTransaction } from '../../psbt/extractor.ts';
import { finalizePsbt } from '../../psbt/finalizer.ts';
import type { Derivers } from '../../psbt/owner.ts';
import { requirePlanned } from '../../psbt/plan-check.ts';
import type { CombinedPsbt, FinalTransaction, Psbt, PsbtInput } from '../../psbt/psbt.ts';
import { finalizeSingleKeys } from '../../psbt/single-key-finalizer.ts';

/**
 * The final transaction of a plan whose quorum is complete: made, compared with the plan out of its own bytes, and kept.
 * @param derivers of the wallets that it spends from
 * @throws StrongroomError `psbt.incomplete`, `psbt.not-the-plan`, and as `finalizePsbt` and `extractTransaction`
 */
export function finalizeEntry(ledger: Ledger, entry: QueueEntry, derivers: Derivers, signed: CombinedPsbt, original: Psbt, now: string): FinalTransaction {
  const transaction = extractTransaction(finalizePsbt(signed, derivers), entry.network);
  requirePlanned(transaction, original);
  keepFinal(ledger, entry.planId, transaction, now);
  return transaction;
}

/**
 * The final transaction of a sweep of papers, compared with the plan: its one reply holds the signatures of all of their keys, and no
 * wallet says whose they are. Each script is rebuilt from the key that signed; amounts are those that the plan proves.
 * @throws StrongroomError `psbt.incomplete`, `psbt.not-the-plan`, and as `finalizeSingleKeys` and `extractTransaction`
 */
export function finalPapers({ network }: QueueEntry, reply: Psbt, original: Psbt): FinalTransaction {
  const inputs = reply.inputs.map((input, index) => ({ ...input, ...provenBy(original.inputs[index]) }));
  const transaction = extractTransaction(finalizeSingleKeys({ ...reply, inputs }), network);
  requirePlanned(transaction, original);
  return transaction;
}

/** Keeps the transaction of a plan that was checked. @param now ISO 8601, UTC */
export const keepFinal = (ledger: Ledger, planId: string, { txid, bytes }: FinalTransaction, now: string): void =>
  ledger.queue.saveFinal(planId, { txid, transaction: bytes, finalizedAt: now });

/** What the plan's own input says of the output that it spends. */
const provenBy = (planned: PsbtInput | undefined): Pick<PsbtInput, 'nonWitnessUtxo' | 'witnessUtxo'> => ({
  ...(planned?.nonWitnessUtxo === undefined ? {} : { nonWitnessUtxo: planned.nonWitnessUtxo }),
  ...(planned?.witnessUtxo === undefined ? {} : { witnessUtxo: planned.witnessUtxo }),
});
