import type { Ledger } from '../../companion/ledger/ledger.ts';
import { extractTransaction } from '../../psbt/extractor.ts';
import { finalizePsbt } from '../../psbt/finalizer.ts';
import { requirePlanned } from '../../psbt/plan-check.ts';
import type { CombinedPsbt, FinalTransaction, Psbt } from '../../psbt/psbt.ts';
import type { AddressDeriver } from '../../wallet/address.ts';

/**
 * The final transaction of a plan whose quorum is complete: made, compared with the plan out of its own bytes, and kept.
 * @throws StrongroomError `psbt.incomplete`, `psbt.not-the-plan`, and as `finalizePsbt` and `extractTransaction`
 */
export function finalizeEntry(ledger: Ledger, planId: string, deriver: AddressDeriver, signed: CombinedPsbt, original: Psbt, now: string): FinalTransaction {
  const transaction = extractTransaction(finalizePsbt(signed, deriver), deriver.wallet.network);
  requirePlanned(transaction, original);
  ledger.queue.saveFinal(planId, { txid: transaction.txid, transaction: transaction.bytes, finalizedAt: now });
  return transaction;
}
