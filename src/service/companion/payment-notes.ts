import type { Ledger } from '../../companion/ledger/ledger.ts';
import { toHex } from '../../domain/bytes.ts';
import { parseTransaction } from '../../psbt/transaction.ts';
import { scriptOfAddress } from '../../wallet/address.ts';

/** Who the books say noted it. */
const BY = 'payments file';

/**
 * Notes what the payments file said of each output that pays somebody: its reference and its cost code. What a person noted there
 * already stays.
 * @param now ISO 8601, UTC
 */
export function notePayments(ledger: Ledger, planId: string, transactionBytes: Uint8Array, now: string): void {
  const entry = ledger.queue.entry(planId);
  const payments = entry === null ? [] : ledger.queue.payments(planId).filter(({ reference, costCode }) => reference !== '' || costCode !== null);
  if (entry === null || payments.length === 0) return;
  const { transaction, txid } = parseTransaction(transactionBytes);
  const free = new Map<string, number[]>();
  transaction.outs.forEach(({ script, value }, vout) => {
    const key = `${toHex(script)} ${value}`;
    free.set(key, [...(free.get(key) ?? []), vout]);
  });
  const noted = new Set(ledger.books.annotations(txid).notes.map(({ vout, field }) => `${vout} ${field}`));
  for (const { address, amountSats, reference, costCode } of payments) {
    // Two orders of one address and amount are two outputs; which is whose cannot be told, and does not matter.
    const vout = free.get(`${toHex(scriptOfAddress(address, entry.network))} ${amountSats}`)?.shift();
    for (const [field, text] of [['reference', reference], ['cost-code', costCode ?? '']] as const) {
      if (vout !== undefined && text !== '' && !noted.has(`${vout} ${field}`)) ledger.books.annotate({ txid, vout, field, text }, BY, now);
    }
  }
}
