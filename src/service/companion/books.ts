import type { BlockPoint, ChainSource, ChainWork, NodeStatus, WalletChanges, WalletTransaction } from '../../companion/chain-source.ts';
import type { BookedWallet, BroadcastIntent, Ledger } from '../../companion/ledger/ledger.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';
import type { CompanionEffects } from './effects.ts';
import { bookLooks, type BookingWork, type Look } from './booking.ts';

export interface Refreshed {
  readonly status: NodeStatus;
  /** Transactions of the wallets in the books. */
  readonly entries: number;
  /** Intents that the node does not know. */
  readonly unsent: readonly string[];
}

/** How often a look is taken again when another program brought the books up to date meanwhile. */
const MOST_LOOKS = 5;
/** Blocks this deep are not left by any chain we have seen; which block an older entry is in need not be remembered by hash. */
const DEEP_BLOCKS = 100;

/**
 * Brings the books of wallets up to date: asks the node for what is new, then books it (`bookLooks`). What it costs is what happened since
 * the last time, after a reorganisation too: the books remember which blocks they were compared with.
 */
export async function refreshBooks(source: ChainSource, ledger: Ledger, wallets: readonly Wallet[], network: NodeStatus['network'], now: string, work: BookingWork): Promise<Refreshed> {
  for (let left = MOST_LOOKS; ; left -= 1) {
    const looks: Look[] = [];
    for (const wallet of wallets) looks.push(await lookAt(source, ledger, wallet, work));
    const arrived: BroadcastIntent[] = [];
    const unsent: string[] = [];
    for (const intent of ledger.intents(network, 'intended')) {
      if ((await source.transactionStatus(intent.txid)).state === 'unknown') unsent.push(intent.txid);
      else arrived.push(intent);
    }
    const status = await source.status();
    // Another program may have booked a later state of the chain while the node answered, which ours would take back; or have had more
    // addresses watched, of which ours says nothing.
    const isOvertaken = (): boolean => left > 1 && looks.some(({ wallet: { walletId }, known, watchedTo }) => ledger.books.checkpoints(walletId)[0]?.hash !== known?.hash || ledger.watchedTo(walletId) !== watchedTo);
    const entries = await bookLooks(ledger, looks, now, work, isOvertaken, () => {
      for (const intent of arrived) ledger.saveIntent({ ...intent, state: 'sent' });
      const height = looks.reduce((lowest, { changes }) => Math.min(lowest, changes.tip.height), status.height);
      ledger.saveTip({ network, height, refreshedAt: now });
      return looks.reduce((sum, { wallet }) => sum + ledger.books.count(wallet.walletId), 0);
    });
    if (entries !== null) return { status, entries, unsent };
  }
}

async function lookAt(source: ChainSource, ledger: Ledger, wallet: Wallet, work: ChainWork): Promise<Look> {
  const { walletId } = policyIdOf(wallet);
  const watchedTo = ledger.watchedTo(walletId);
  await source.watch(wallet, work);
  const checkpoints = ledger.books.checkpoints(walletId);
  const since = await lastInChain(source, checkpoints);
  const changes = await source.changesSince(wallet, since, work);
  return {
    wallet: { walletId, name: wallet.name, network: wallet.network },
    known: checkpoints[0] ?? null,
    watchedTo,
    since: changes.isWhole ? null : since,
    changes: { ...changes, transactions: await withBlockHashes(source, changes) },
  };
}

/** The highest block that the books were compared with and that is still in the chain. */
async function lastInChain(source: ChainSource, checkpoints: readonly BlockPoint[]): Promise<BlockPoint | null> {
  for (const point of checkpoints) if ((await source.blockHash(point.height)) === point.hash) return point;
  return null;
}

/** The hashes of blocks that may yet be left, where the source does not say them with the transactions. */
async function withBlockHashes(source: ChainSource, { transactions, tip }: WalletChanges): Promise<readonly WalletTransaction[]> {
  const hashes = new Map<number, string | null>();
  const complete: WalletTransaction[] = [];
  for (const transaction of transactions) {
    const { height, blockHash } = transaction;
    if (height === null || blockHash !== undefined || height <= tip.height - DEEP_BLOCKS) {
      complete.push(transaction);
      continue;
    }
    if (!hashes.has(height)) hashes.set(height, await source.blockHash(height));
    const hash = hashes.get(height) ?? null;
    complete.push(hash === null ? transaction : { ...transaction, blockHash: hash });
  }
  return complete;
}

/** How a request's booking is followed, stopped and interrupted. */
export const bookingWork = ({ pause, now }: CompanionEffects, work: Omit<BookingWork, 'pause' | 'clock'>): BookingWork => ({ ...work, pause, clock: now });

/** Wallets whose books are not through what the node said of them; nothing where there are none. */
export function unfinishedOf(ledger: Ledger, wallets: readonly BookedWallet[]): { readonly unfinished?: { walletId: string; walletName: string; booked: number; total: number }[] } {
  const names = new Map(wallets.map(({ walletId, name }) => [walletId, name]));
  const unfinished = ledger.books.unfinished().flatMap((look) => (names.has(look.walletId) ? [{ ...look, walletName: names.get(look.walletId) ?? '' }] : []));
  return unfinished.length === 0 ? {} : { unfinished };
}

/** The balances of wallets as booked. */
export const bookedBalances = (ledger: Ledger, wallets: readonly BookedWallet[]) =>
  wallets.map(({ walletId, name }) => {
    const { confirmedSats, unconfirmedSats } = ledger.books.balance(walletId);
    return { walletId, walletName: name, confirmedSats: String(confirmedSats), unconfirmedSats: String(unconfirmedSats) };
  });
