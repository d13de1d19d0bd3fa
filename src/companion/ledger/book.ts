import { formatOutpoint } from '../../domain/outpoint.ts';
import type { WalletTransaction } from '../chain-source.ts';
import type { BookedPlan, BookedTransaction, BroadcastIntent, EntryKind, EntryState } from './ledger.ts';

/** What the ledger knows of a transaction from planning and sending it. */
export interface Origin {
  readonly plan: BookedPlan | null;
  readonly intent: BroadcastIntent | null;
}

/** What the books know besides the entries at hand. */
export interface BookContext {
  /** The transaction in the chain that spends an output, as booked earlier. */
  readonly spenderInChain?: (outpoint: { readonly txid: string; readonly vout: number }) => string | null;
  /** How high the chain is. */
  readonly tipHeight?: number;
  /** The whole of a look of which `seen` is a part. */
  readonly look?: LookIndex;
}

/** What a look says of every transaction, for looks that are booked in parts. */
export interface LookIndex {
  /** Ids that are listed. */
  readonly listed: ReadonlySet<string>;
  /** By outpoint: the transaction in the chain that spends it. */
  readonly spentInChain: ReadonlyMap<string, string>;
  /** Ids of entries that the look must explain. */
  readonly concerned: ReadonlySet<string>;
}

/** @param concerned ids of entries that the look must explain, listed or not */
export function indexLook(seen: readonly WalletTransaction[], concerned: Iterable<string>): LookIndex {
  const spentInChain = new Map<string, string>();
  for (const transaction of seen) {
    if (transaction.confirmations < 1) continue;
    for (const outpoint of transaction.spent) spentInChain.set(formatOutpoint(outpoint), transaction.txid);
  }
  return { listed: new Set(seen.map((transaction) => transaction.txid)), spentInChain, concerned: new Set(concerned) };
}

/**
 * The books of one wallet after a look at the node.
 * - What the node lists is booked or brought up to date.
 * - What is booked and no longer listed stays in the books, but no longer counts.
 * - A transaction that was in the chain and is not any more is `reorganised`, until it is in the chain again.
 * - A transaction one of whose inputs the chain spent otherwise is `replaced`.
 * Kind, references and the time of booking stay as they were first booked; a plan that becomes known later names the kind.
 * @param booked all of the wallet, or of a look at what is new: those that are listed, and those that the look must explain; of a part of a
 *   look, those of this part
 * @param now ISO 8601, UTC
 * @returns the transactions that changed or are new
 */
export function bookTransactions(
  walletId: string,
  booked: readonly BookedTransaction[],
  seen: readonly WalletTransaction[],
  originOf: (txid: string) => Origin,
  now: string,
  context: BookContext = {},
): readonly BookedTransaction[] {
  const before = new Map(booked.map((transaction) => [transaction.txid, transaction]));
  const { listed, spentInChain, concerned } = context.look ?? indexLook(seen, before.keys());
  // What the books say is in the chain counts only where this look does not say otherwise.
  const bookedSpender = (outpoint: WalletTransaction['spent'][number]): string | null => {
    const spender = context.spenderInChain?.(outpoint) ?? null;
    return spender === null || listed.has(spender) || concerned.has(spender) ? null : spender;
  };
  const isReplaced = (transaction: Pick<WalletTransaction, 'txid' | 'spent'>): boolean =>
    transaction.spent.some((outpoint) => (spentInChain.get(formatOutpoint(outpoint)) ?? bookedSpender(outpoint) ?? transaction.txid) !== transaction.txid);

  const updates = seen.map((transaction): BookedTransaction => {
    const known = before.get(transaction.txid);
    const { plan, intent } = originOf(transaction.txid);
    return {
      txid: transaction.txid,
      walletId,
      kind: kindOf(walletId, transaction, plan, known),
      state: nextState(known?.state ?? null, transaction.confirmations, isReplaced(transaction)),
      live: transaction.confirmations >= 0,
      height: transaction.confirmations > 0 ? transaction.height : null,
      ...(transaction.confirmations > 0 && transaction.blockHash !== undefined ? { blockHash: transaction.blockHash } : {}),
      ...seenAt(known, transaction, context.tipHeight),
      feeSats: transaction.feeSats ?? known?.feeSats ?? null,
      bookedAt: known?.bookedAt ?? now,
      received: transaction.received.map(({ vout, amountSats, branch, index }) => ({ vout, amountSats, branch, index })),
      spent: transaction.spent.map(({ txid, vout, amountSats }) => ({ txid, vout, amountSats })),
      references: [...new Set([...(known?.references ?? []), ...(plan?.walletId === walletId ? plan.references : []), ...(intent?.references ?? [])])],
    };
  });
  const vanished = booked
    .filter((transaction) => !listed.has(transaction.txid))
    .map(({ blockHash: _, ...transaction }): BookedTransaction => ({
      ...transaction,
      live: false,
      height: null,
      // Not listed and not known to be replaced: the node may only have dropped it from its mempool.
      state: isReplaced(transaction) ? 'replaced' : transaction.state === 'confirmed' ? 'reorganised' : transaction.state,
    }));
  return [...updates, ...vanished].filter((transaction) => !isSame(before.get(transaction.txid), transaction));
}

/** How high the chain was when the transaction was first seen to wait. */
function seenAt(known: BookedTransaction | undefined, { confirmations }: WalletTransaction, tipHeight: number | undefined): { readonly seenHeight?: number } {
  const seenHeight = known?.seenHeight ?? (confirmations === 0 ? tipHeight : undefined);
  return seenHeight === undefined ? {} : { seenHeight };
}

function kindOf(walletId: string, transaction: WalletTransaction, plan: BookedPlan | null, known: BookedTransaction | undefined): EntryKind {
  // A plan names the kind for the wallet it was made for; another wallet of the ledger only sees money arrive or leave.
  if (plan !== null && plan.walletId === walletId) return plan.kind;
  return known?.kind ?? (transaction.spent.length > 0 ? 'spend' : 'receive');
}

function nextState(previous: EntryState | null, confirmations: number, isReplaced: boolean): EntryState {
  if (confirmations > 0) return 'confirmed';
  if (isReplaced) return 'replaced';
  const wasInChain = previous === 'confirmed' || previous === 'reorganised';
  if (wasInChain) return 'reorganised';
  return confirmations === 0 ? 'broadcast' : 'replaced';
}

/** Field by field, so that a refresh that finds nothing new writes nothing. */
function isSame(a: BookedTransaction | undefined, b: BookedTransaction): boolean {
  if (a === undefined) return false;
  const plain = (transaction: BookedTransaction): string => JSON.stringify(transaction, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  const ordered = (transaction: BookedTransaction): BookedTransaction => ({
    txid: transaction.txid, walletId: transaction.walletId, kind: transaction.kind, state: transaction.state, live: transaction.live,
    height: transaction.height, ...(transaction.blockHash === undefined ? {} : { blockHash: transaction.blockHash }), feeSats: transaction.feeSats, bookedAt: transaction.bookedAt,
    received: [...transaction.received].sort((x, y) => x.vout - y.vout).map(({ vout, amountSats, branch, index }) => ({ vout, amountSats, branch, index })),
    spent: [...transaction.spent].map(({ txid, vout, amountSats }) => ({ txid, vout, amountSats })).sort((x, y) => (formatOutpoint(x) < formatOutpoint(y) ? -1 : 1)),
    references: transaction.references,
  });
  return plain(ordered(a)) === plain(ordered(b));
}
