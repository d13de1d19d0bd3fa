import type { BlockPoint, ChainWork, WalletChanges, WalletTransaction } from '../../companion/chain-source.ts';
import { bookTransactions, indexLook, type LookIndex } from '../../companion/ledger/book.ts';
import type { BookedTransaction, BookedWallet, Ledger } from '../../companion/ledger/ledger.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';

/** What a source says of one wallet, and what the books knew when it was asked. */
export interface Look {
  readonly wallet: BookedWallet;
  /** The newest block that the books knew when the node was asked. */
  readonly known: BlockPoint | null;
  /** How far the books had the wallet watched when the node was asked (`Ledger.watchedTo`). */
  readonly watchedTo: number;
  readonly since: BlockPoint | null;
  readonly changes: WalletChanges;
}

/** How booking is followed and stopped. */
export interface BookingWork extends Pick<ChainWork, 'isCancelled'> {
  readonly progress: (progress: { readonly fraction: number | null; readonly activity: string; readonly remainingSeconds?: number }) => void;
  /** Lets everything else that waits have its turn; nothing where it is left out. */
  readonly pause?: (() => Promise<void>) | undefined;
  /** ISO 8601, UTC; nothing is said about the time that is left where it is left out. */
  readonly clock?: (() => string) | undefined;
}

/** How many transactions are booked in one unit: about a tenth of a second, the disk's commit included. */
export const BOOKED_AT_ONCE = 250;
/** How many entries are listed at once while it is found out what the books hold. */
const LISTED_AT_ONCE = 1_000;

/** A part of a look: what one unit of work writes. */
interface Part {
  readonly look: Look;
  readonly index: LookIndex;
  readonly seen: readonly WalletTransaction[];
  /** Ids of entries that the look must explain and does not list. */
  readonly missing: readonly string[];
  /** Of this look, with this part. */
  readonly booked: number;
  readonly total: number;
}

/**
 * Books what looks brought. What a day brings is one unit of work: the books never hold half of it. What is more than fits one is booked in
 * parts, each of them a whole unit after which the books obey all of their rules, so that a window answers in between and a person may stop. The books
 * say of themselves that they are not through, and the blocks that they were compared with are moved on by the last part alone: whoever
 * looks next, after a stop or a loss of power, is told of everything again and completes them.
 * @param isOvertaken asked in every unit; where it says yes, nothing more is written
 * @param finish what belongs to the last unit
 * @returns what `finish` returned, or `null` where it was overtaken
 * @throws StrongroomError `host.cancelled`
 */
export async function bookLooks<T>(ledger: Ledger, looks: readonly Look[], now: string, work: BookingWork, isOvertaken: () => boolean, finish: () => T): Promise<T | null> {
  const complete = (): T => {
    for (const { wallet, changes } of looks) {
      ledger.saveWallet(wallet);
      ledger.books.saveCheckpoint(wallet.walletId, changes.tip);
      ledger.books.finished(wallet.walletId);
    }
    return finish();
  };
  if (looks.reduce((sum, look) => sum + sizeOf(ledger, look), 0) <= BOOKED_AT_ONCE) {
    return ledger.atomically(() => {
      if (isOvertaken()) return null;
      for (const look of looks) bookWhole(ledger, look, now);
      return complete();
    });
  }
  const parts: Part[] = [];
  for (const look of looks) parts.push(...(await partsOf(ledger, look, work)));
  const total = looks.reduce((sum, { wallet }) => sum + (parts.findLast((part) => part.look.wallet === wallet)?.total ?? 0), 0);
  const tell = estimating(work, total);
  let done = 0;
  for (const part of parts) {
    tell(done);
    const isWritten = ledger.atomically(() => {
      if (isOvertaken()) return false;
      bookPart(ledger, part, now);
      ledger.books.saveUnfinished({ walletId: part.look.wallet.walletId, booked: part.booked, total: part.total });
      return true;
    });
    if (!isWritten) return null;
    done += part.seen.length + part.missing.length;
    if (work.isCancelled()) throw new StrongroomError('host.cancelled', `Stopped after ${done} of ${total} transactions; what was booked stays.`, { booked: done, total }, 'Bring the books up to date again: it books the rest.');
    await work.pause?.();
  }
  return ledger.atomically(() => (isOvertaken() ? null : complete()));
}

/** How many transactions a look has to say something about, at most. */
const sizeOf = (ledger: Ledger, { wallet, since, changes }: Look): number => changes.transactions.length + (since === null ? ledger.books.count(wallet.walletId) : 0);

function bookWhole(ledger: Ledger, look: Look, now: string): void {
  const { wallet: { walletId }, since, changes } = look;
  ledger.saveWallet(look.wallet);
  const concerned = since === null ? ledger.transactions(walletId) : concernedBy(ledger, walletId, since, changes);
  for (const changed of bookTransactions(walletId, concerned, changes.transactions, origins(ledger), now, contextOf(ledger, look))) ledger.saveTransaction(changed, now);
}

function bookPart(ledger: Ledger, { look, index, seen, missing }: Part, now: string): void {
  const { walletId } = look.wallet;
  ledger.saveWallet(look.wallet);
  // Read in the unit that writes them: whoever booked between two parts is not taken back.
  const before = [...seen.map(({ txid }) => txid), ...missing].flatMap((txid) => ledger.books.entry(walletId, txid) ?? []);
  for (const changed of bookTransactions(walletId, before, seen, origins(ledger), now, { ...contextOf(ledger, look), look: index })) ledger.saveTransaction(changed, now);
}

const origins = (ledger: Ledger) => (txid: string) => {
  const intent = ledger.intent(txid);
  return { intent, plan: ledger.plan(intent?.planId ?? txid) };
};

const contextOf = (ledger: Ledger, { wallet, changes }: Look) => ({
  spenderInChain: (outpoint: { readonly txid: string; readonly vout: number }) => ledger.books.spenderInChain(wallet.walletId, outpoint),
  tipHeight: changes.tip.height,
});

/** The entries that a look since a block lists or must explain. */
function concernedBy(ledger: Ledger, walletId: string, since: BlockPoint, changes: WalletChanges): readonly BookedTransaction[] {
  const found = new Map(ledger.books.openEntries(walletId, since.height).map((entry) => [entry.txid, entry]));
  for (const { txid } of changes.transactions) {
    const entry = found.has(txid) ? null : ledger.books.entry(walletId, txid);
    if (entry !== null) found.set(txid, entry);
  }
  return [...found.values()];
}

async function partsOf(ledger: Ledger, look: Look, work: BookingWork): Promise<readonly Part[]> {
  const { wallet: { walletId }, since, changes: { transactions } } = look;
  const concerned = since === null ? await bookedIds(ledger, walletId, work) : ledger.books.openEntries(walletId, since.height).map(({ txid }) => txid);
  await work.pause?.();
  const index = indexLook(transactions, concerned);
  await work.pause?.();
  const unlisted = concerned.filter((txid) => !index.listed.has(txid));
  const total = transactions.length + unlisted.length;
  const parts: Part[] = [];
  for (let from = 0; from < total; from += BOOKED_AT_ONCE) {
    const to = from + BOOKED_AT_ONCE;
    parts.push({ look, index, seen: transactions.slice(from, to), missing: unlisted.slice(Math.max(0, from - transactions.length), Math.max(0, to - transactions.length)), booked: Math.min(to, total), total });
  }
  return parts;
}

/** Ids of all entries of a wallet. */
async function bookedIds(ledger: Ledger, walletId: string, work: BookingWork): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let after: string | null = null; ; ) {
    const page: ReturnType<Ledger['books']['page']> = ledger.books.page({ walletId, limit: LISTED_AT_ONCE, after });
    for (const { txid } of page.entries) ids.push(txid);
    if (page.next === null) return ids;
    after = page.next;
    await work.pause?.();
  }
}

/** Tells how far the booking is, and how long the rest will take by what was done so far. */
function estimating(work: BookingWork, total: number): (done: number) => void {
  const beganMs = work.clock === undefined ? 0 : Date.parse(work.clock());
  return (done) => {
    const elapsedMs = work.clock === undefined ? 0 : Date.parse(work.clock()) - beganMs;
    work.progress({
      fraction: done / total, activity: `Booking ${done.toLocaleString('en-GB')} of ${total.toLocaleString('en-GB')} transactions`,
      ...(elapsedMs >= 1_000 && done > 0 ? { remainingSeconds: Math.ceil(((elapsedMs / done) * (total - done)) / 1_000) } : {}),
    });
  };
}
