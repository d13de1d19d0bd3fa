import type { BlockPoint, ChainSource } from '../../companion/chain-source.ts';
import type { ClosedPeriod } from '../../companion/ledger/book-store.ts';
import type { Ledger } from '../../companion/ledger/ledger.ts';
import { periodSums, periodTransactions, transactionExceptions, type CloseReport, type PeriodException } from '../../companion/ledger/period.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';

/** Blocks on top after which nobody expects the chain to leave a block. */
const SETTLED_BLOCKS = 6;

/**
 * A period of wallets whose books are up to date with this source. Goes on from the last close of the same wallets.
 * @param from a height or a day (UTC), or `null`: the block after the last close, or the first of the chain
 * @param to a height or a day, included
 * @throws StrongroomError `ledger.period`
 */
export async function periodReport(source: ChainSource, ledger: Ledger, wallets: readonly Wallet[], from: string | null, to: string): Promise<CloseReport> {
  const { books } = ledger;
  const known = wallets.map((wallet) => ({ walletId: policyIdOf(wallet).walletId, name: wallet.name })).sort((a, b) => (a.walletId < b.walletId ? -1 : 1));
  const walletIds = known.map(({ walletId }) => walletId);
  const tip = walletIds.reduce((lowest, walletId) => Math.min(lowest, books.checkpoints(walletId)[0]?.height ?? 0), Number.MAX_SAFE_INTEGER);
  const previous = books.lastPeriod(walletIds);
  const first = from === null ? (previous === null ? 0 : previous.to.height + 1) : await firstBlock(source, from, tip);
  const last = await lastBlock(source, to, tip);
  if (previous !== null && first !== previous.to.height + 1) throw refused('gap', `The last close of these wallets ended with block ${previous.to.height}; this one must begin with the next.`, { expected: previous.to.height + 1, from: first });
  if (last > tip) throw refused('above-tip', `The books go up to block ${tip}; block ${last} is not booked.`, { tip, to: last });
  if (last < first) throw refused('empty', `The period would begin with block ${first} and end with block ${last}.`, { from: first, to: last });
  const point = async (height: number): Promise<BlockPoint> => ({ height, hash: await requireHash(source, height) });
  const [start, end] = [await point(first), await point(last)];

  const transactions = periodTransactions(books.periodEntries(walletIds, first, last));
  const sums = known.map((wallet) => ({ ...wallet, ...periodSums(wallet.walletId, first === 0 ? 0n : books.balanceAt(wallet.walletId, first - 1), transactions) }));
  const exceptions = [
    ...(previous === null ? [] : await sincePrevious(source, ledger, previous, sums)),
    ...transactionExceptions(transactions),
    ...walletIds.flatMap((walletId) => waiting(ledger, walletId)),
    ...(tip - last + 1 < SETTLED_BLOCKS ? [{ code: 'shallow', subject: end.hash, detail: String(tip - last + 1) } as const] : []),
  ];
  return { network: (wallets[0] as Wallet).network, wallets: sums, from: start, to: end, previous: previous === null ? null : { sha256: previous.sha256, to: previous.to }, transactions, exceptions };
}

/** What has changed beneath the last close: it is told, never repaired in silence. */
async function sincePrevious(source: ChainSource, ledger: Ledger, previous: ClosedPeriod, sums: readonly { readonly walletId: string; readonly openingSats: bigint }[]): Promise<PeriodException[]> {
  const { journal, notes } = ledger.books.changedSince(previous);
  const isLeft = (await source.blockHash(previous.to.height)) !== previous.to.hash;
  return [
    ...(isLeft ? [{ code: 'previous-left-chain', subject: previous.to.hash, detail: String(previous.to.height) } as const] : []),
    ...journal.map(({ txid, event, height }): PeriodException => ({ code: 'changed-after-close', subject: txid, detail: `${event} ${height ?? '-'}` })),
    ...notes.map(({ txid, field, after }): PeriodException => ({ code: 'note-changed-after-close', subject: txid, detail: `${field} ${after ?? '-'}`.slice(0, 1000) })),
    ...sums.flatMap(({ walletId, openingSats }): PeriodException[] => {
      const ended = previous.balances.find((balance) => balance.walletId === walletId)?.closingSats ?? 0n;
      return ended === openingSats ? [] : [{ code: 'opening-differs', subject: walletId, detail: `${ended} ${openingSats}` }];
    }),
  ];
}

const waiting = (ledger: Ledger, walletId: string): PeriodException[] =>
  ledger.books.openEntries(walletId, Number.MAX_SAFE_INTEGER).filter(({ live, state }) => live && state !== 'confirmed').map(({ txid, received, spent }) => ({
    code: 'waiting', subject: txid, detail: String(received.reduce((sum, { amountSats }) => sum + amountSats, 0n) - spent.reduce((sum, { amountSats }) => sum + amountSats, 0n)),
  }));

async function requireHash(source: ChainSource, height: number): Promise<string> {
  const hash = await source.blockHash(height);
  if (hash === null) throw refused('above-tip', `The chain has no block ${height}.`, { to: height });
  return hash;
}

/** The height, or the first block of a day by median time past, which never runs backwards. */
const firstBlock = (source: ChainSource, from: string, tip: number): number | Promise<number> => heightOf(from) ?? blockAtOrAfter(source, startOfDay(from), tip);

async function lastBlock(source: ChainSource, to: string, tip: number): Promise<number> {
  const height = heightOf(to);
  if (height !== null) return height;
  const end = startOfDay(to) + 86_400;
  const next = await blockAtOrAfter(source, end, tip);
  if (next > tip) throw refused('not-over', `No block after ${to} is booked yet: the day may not be over.`, { to });
  return next - 1;
}

const heightOf = (text: string): number | null => (/^\d{1,9}$/.test(text) ? Number(text) : null);

function startOfDay(text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time)) throw refused('malformed', 'A period is named by block heights or days, such as 2026-11-30.', {});
  return time / 1000;
}

/** The lowest block whose median time past is not before a moment; one above the tip where there is none. */
async function blockAtOrAfter(source: ChainSource, seconds: number, tip: number): Promise<number> {
  let [low, high] = [0, tip + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const time = await source.blockTime?.(middle);
    if (time === undefined || time === null) throw refused('no-dates', 'This source does not tell the time of its blocks.', {});
    if (time >= seconds) high = middle;
    else low = middle + 1;
  }
  return low;
}

const refused = (reason: string, sentence: string, details: Readonly<Record<string, string | number>>): StrongroomError =>
  new StrongroomError('ledger.period', sentence, { reason, ...details }, 'Name the period by blocks that are in the chain, from the one after the last close on.');
