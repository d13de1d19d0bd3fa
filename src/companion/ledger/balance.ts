import { formatOutpoint } from '../../domain/outpoint.ts';
import type { BookedTransaction } from './ledger.ts';

/** An output of a wallet that the chain holds unspent, as the books have it. */
export interface BookedUtxo {
  readonly outpoint: string;
  readonly amountSats: bigint;
}

/** What the chain holds for the wallet: outputs of confirmed transactions that no confirmed transaction spends. */
export const confirmedUtxos = (transactions: readonly BookedTransaction[]): readonly BookedUtxo[] =>
  unspent(transactions.filter((transaction) => transaction.live && transaction.state === 'confirmed'));

/**
 * A wallet's balance, computed from outputs. `unconfirmedSats` is what the mempool will add, or take when it is negative.
 */
export function balanceOf(transactions: readonly BookedTransaction[]): { readonly confirmedSats: bigint; readonly unconfirmedSats: bigint } {
  const confirmedSats = sum(confirmedUtxos(transactions));
  return { confirmedSats, unconfirmedSats: sum(unspent(transactions.filter((transaction) => transaction.live))) - confirmedSats };
}

/** What a transaction changed of the wallet's balance, fee included. */
export const changeOf = (transaction: Pick<BookedTransaction, 'received' | 'spent'>): bigint =>
  transaction.received.reduce((total, output) => total + output.amountSats, 0n) - transaction.spent.reduce((total, output) => total + output.amountSats, 0n);

/** Confirmations at a tip; 0 while in no block. */
export const confirmationsAt = (transaction: Pick<BookedTransaction, 'height' | 'state'>, tipHeight: number | null): number =>
  transaction.state === 'confirmed' && transaction.height !== null && tipHeight !== null ? Math.max(1, tipHeight - transaction.height + 1) : 0;

function unspent(transactions: readonly BookedTransaction[]): readonly BookedUtxo[] {
  const spent = new Set(transactions.flatMap((transaction) => transaction.spent.map(formatOutpoint)));
  return transactions
    .flatMap((transaction) => transaction.received.map((output) => ({ outpoint: formatOutpoint({ txid: transaction.txid, vout: output.vout }), amountSats: output.amountSats })))
    .filter((output) => !spent.has(output.outpoint));
}

const sum = (outputs: readonly BookedUtxo[]): bigint => outputs.reduce((total, output) => total + output.amountSats, 0n);
