import type { NetworkName } from '../../domain/network.ts';
import type { BlockPoint } from '../chain-source.ts';
import type { PeriodEntry } from './book-store.ts';
import type { BookedWallet } from './ledger.ts';

/** A wallet's period: opening + receipts + transfers in - payments - transfers out - fees = closing. Satoshis. */
export interface PeriodSums {
  readonly openingSats: bigint;
  readonly receiptsSats: bigint;
  readonly paymentsSats: bigint;
  readonly transfersInSats: bigint;
  readonly transfersOutSats: bigint;
  readonly feesSats: bigint;
  readonly closingSats: bigint;
  readonly transactions: number;
}

/** What one transaction did to one wallet of a close. */
export interface PeriodLeg {
  readonly walletId: string;
  readonly kind: PeriodEntry['kind'];
  readonly changeSats: bigint;
  /** What this wallet paid to miners, where that is known. */
  readonly feeSats: bigint | null;
  readonly receiptsSats: bigint;
  readonly paymentsSats: bigint;
  readonly transfersInSats: bigint;
  readonly transfersOutSats: bigint;
}

export interface PeriodTransaction {
  readonly txid: string;
  readonly height: number;
  readonly blockHash: string | null;
  readonly legs: readonly PeriodLeg[];
  readonly references: readonly string[];
  readonly costCodes: readonly string[];
}

/**
 * What a person should know of a period.
 * - `previous-left-chain`: the block of the close before is no longer in the chain
 * - `changed-after-close`: something in a closed block was booked later: a reorganisation, or a wallet that became known
 * - `note-changed-after-close`: a reference or cost code of a closed transaction was changed
 * - `opening-differs`: the opening balance is not what the close before ended with
 * - `unplanned-payment`: money left that was not planned here
 * - `fee-unknown`: a transaction spends outputs of others too, so that its fee is not known
 * - `waiting`: known at the time of the close and in no block
 * - `shallow`: the last block has few blocks on top; the chain may yet leave it
 */
export type PeriodExceptionCode = 'previous-left-chain' | 'changed-after-close' | 'note-changed-after-close' | 'opening-differs' | 'unplanned-payment' | 'fee-unknown' | 'waiting' | 'shallow';

export interface PeriodException {
  readonly code: PeriodExceptionCode;
  /** A transaction id, a wallet id or a block hash. */
  readonly subject: string;
  /** What it says: an amount, an event, a text. */
  readonly detail: string;
}

export interface CloseReport {
  readonly network: NetworkName;
  /** Sorted by id. */
  readonly wallets: readonly (Pick<BookedWallet, 'walletId' | 'name'> & PeriodSums)[];
  /** The first block of the period and the last. */
  readonly from: BlockPoint;
  readonly to: BlockPoint;
  /** The close that this one goes on from. */
  readonly previous: { readonly sha256: string; readonly to: BlockPoint } | null;
  readonly transactions: readonly PeriodTransaction[];
  readonly exceptions: readonly PeriodException[];
}

/**
 * What each transaction of a period was to the wallets: what payers gave, less the fee, went to other wallets of the close as far as these
 * received anything, and out of the house beyond that.
 * @param entries by height and id
 */
export function periodTransactions(entries: Iterable<PeriodEntry>): PeriodTransaction[] {
  const transactions: PeriodTransaction[] = [];
  let group: PeriodEntry[] = [];
  const finish = (): void => {
    const [first] = group;
    if (first !== undefined) {
      transactions.push({
        txid: first.txid, height: first.height, blockHash: group.find(({ blockHash }) => blockHash !== null)?.blockHash ?? null, legs: legsOf(group),
        references: [...new Set(group.flatMap(({ references }) => references))], costCodes: [...new Set(group.flatMap(({ costCodes }) => costCodes))],
      });
    }
    group = [];
  };
  for (const entry of entries) {
    if (group[0] !== undefined && group[0].txid !== entry.txid) finish();
    group.push(entry);
  }
  finish();
  return transactions;
}

function legsOf(entries: readonly PeriodEntry[]): PeriodLeg[] {
  const given = (entry: PeriodEntry): bigint => -entry.changeSats - (entry.feeSats ?? 0n);
  const gave = entries.reduce((sum, entry) => (given(entry) > 0n ? sum + given(entry) : sum), 0n);
  const took = entries.reduce((sum, entry) => (given(entry) < 0n ? sum - given(entry) : sum), 0n);
  let outLeft = gave < took ? gave : took;
  let inLeft = outLeft;
  return entries.map((entry): PeriodLeg => {
    const net = given(entry);
    const transfersOutSats = net > 0n ? least(net, outLeft) : 0n;
    const transfersInSats = net < 0n ? least(-net, inLeft) : 0n;
    outLeft -= transfersOutSats;
    inLeft -= transfersInSats;
    return {
      walletId: entry.walletId, kind: entry.kind, changeSats: entry.changeSats, feeSats: entry.feeSats,
      receiptsSats: net < 0n ? -net - transfersInSats : 0n, paymentsSats: net > 0n ? net - transfersOutSats : 0n, transfersInSats, transfersOutSats,
    };
  });
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** The sums of one wallet over the transactions of a period. */
export function periodSums(walletId: string, openingSats: bigint, transactions: readonly PeriodTransaction[]): PeriodSums {
  const sums = { receiptsSats: 0n, paymentsSats: 0n, transfersInSats: 0n, transfersOutSats: 0n, feesSats: 0n };
  let changeSats = 0n;
  let count = 0;
  for (const { legs } of transactions) {
    for (const leg of legs) {
      if (leg.walletId !== walletId) continue;
      count += 1;
      changeSats += leg.changeSats;
      sums.receiptsSats += leg.receiptsSats;
      sums.paymentsSats += leg.paymentsSats;
      sums.transfersInSats += leg.transfersInSats;
      sums.transfersOutSats += leg.transfersOutSats;
      sums.feesSats += leg.feeSats ?? 0n;
    }
  }
  return { openingSats, ...sums, closingSats: openingSats + changeSats, transactions: count };
}

/** What the transactions themselves call for a look. */
export const transactionExceptions = (transactions: readonly PeriodTransaction[]): PeriodException[] =>
  transactions.flatMap(({ txid, legs }) => [
    ...legs.filter(({ kind, paymentsSats }) => kind === 'spend' && paymentsSats > 0n).map(({ paymentsSats }): PeriodException => ({ code: 'unplanned-payment', subject: txid, detail: String(paymentsSats) })),
    ...legs.filter(({ feeSats, paymentsSats }) => feeSats === null && paymentsSats > 0n).map(({ walletId }): PeriodException => ({ code: 'fee-unknown', subject: txid, detail: walletId })),
  ]);
