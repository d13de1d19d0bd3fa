import type { ChainWork, WalletChanges, WatchedCounts } from '../../companion/chain-source.ts';
import type { Ledger } from '../../companion/ledger/ledger.ts';
import { sumSats } from '../../domain/amount.ts';
import { formatOutpoint } from '../../domain/outpoint.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { sourcesOf, usableStatus, withChain } from './chain-access.ts';
import type { CompanionEffects } from './effects.ts';

/** The furthest index that can be asked for: servers are asked for each address of both branches whenever the wallet is looked at. */
const FURTHEST_INDEX = 100_000;

/**
 * Has the sources watch a wallet as far as an index on both branches, and look through the past for it; the books remember it for every
 * later look, at whichever source. Nothing is ever watched less far than before, so it is safe to repeat.
 * @throws StrongroomError `wallet.watch-too-far`, and as `ChainSource.watch`
 */
export async function widenWatch(effects: CompanionEffects, { wallet, node, to }: { readonly wallet: Wallet; readonly node: string | readonly string[]; readonly to: number }, context: ChainWork) {
  if (to > FURTHEST_INDEX) {
    throw new StrongroomError('wallet.watch-too-far', `Addresses are watched up to index ${FURTHEST_INDEX}.`, { to, most: FURTHEST_INDEX }, 'Check the index. Money further out can be moved by its own address: list it for a sweep of addresses, or spend it in another program.');
  }
  const { walletId } = policyIdOf(wallet);
  const ledger = await effects.ledger();
  return withChain(effects, node, ledger, async (source) => {
    const { height } = await usableStatus(source, wallet.network);
    // A wallet that nobody looked at yet is looked through once, not twice.
    const isKnown = ledger.watchedTo(walletId) >= 0 || ledger.wallets().some((known) => known.walletId === walletId);
    const before: WatchedCounts = isKnown ? await source.watch(wallet, context) : [0, 0];
    const now = await source.watch(wallet, context, { to });
    ledger.atomically(() => {
      ledger.saveWatchedTo(walletId, to, effects.now());
      // What is watched from now on may have been paid in blocks that the books have long been past.
      ledger.books.forgetCheckpoints(walletId);
    });
    return {
      walletId,
      from: lastOf(before),
      to: { receive: now[0] - 1, change: now[1] - 1 },
      addresses: now[0] - before[0] + now[1] - before[1],
      found: unbooked(ledger, walletId, await source.changesSince(wallet, null, context)),
      height,
      ...sourcesOf(source),
    };
  });
}

const lastOf = ([receive, change]: WatchedCounts) => ({ receive: receive === 0 ? null : receive - 1, change: change === 0 ? null : change - 1 });

/** What the source shows of the wallet and the books do not have. */
function unbooked(ledger: Ledger, walletId: string, { transactions }: WalletChanges) {
  const live = transactions.filter(({ confirmations }) => confirmations >= 0);
  const spent = new Set(live.flatMap((transaction) => transaction.spent.map(formatOutpoint)));
  const outputs = live.flatMap(({ txid, received }) => {
    const booked = new Set(ledger.books.entry(walletId, txid)?.received.map(({ vout }) => vout));
    return received.filter(({ vout }) => !booked.has(vout)).map(({ vout, amountSats }) => ({ outpoint: formatOutpoint({ txid, vout }), amountSats }));
  });
  return {
    outputs: outputs.length,
    amountSats: String(sumSats(outputs.map(({ amountSats }) => amountSats))),
    unspentSats: String(sumSats(outputs.filter(({ outpoint }) => !spent.has(outpoint)).map(({ amountSats }) => amountSats))),
  };
}
