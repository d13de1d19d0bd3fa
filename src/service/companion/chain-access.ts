import { furthestReach, type ChainSource, type NodeStatus, type SourceReport, type WatchReach } from '../../companion/chain-source.ts';
import type { Ledger } from '../../companion/ledger/ledger.ts';
import { laggingNode } from '../../companion/proof/refusals.ts';
import type { NetworkName } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import type { CompanionEffects } from './effects.ts';

/**
 * Runs work with a chain source, one node's or several nodes', and closes it, whatever happens.
 * @param books remember how far each wallet is to be watched; `null` for work that watches no wallet, or that the books have no part in
 */
export async function withChain<T>(effects: CompanionEffects, node: string | readonly string[], books: Ledger | null, work: (source: ChainSource) => Promise<T>): Promise<T> {
  const source = await effects.openChainSource(node);
  try {
    return await work(books === null ? source : reachingSource(source, books));
  } finally {
    await source.close();
  }
}

/** The same source, which watches every wallet as far as the books remember that it must. */
export function reachingSource(source: ChainSource, books: Ledger): ChainSource {
  const reachOf = (wallet: Wallet, asked: WatchReach | undefined): WatchReach | undefined => {
    const { walletId } = policyIdOf(wallet);
    return furthestReach(asked, { to: books.watchedTo(walletId), paid: () => [books.books.highestIndex(walletId, 0), books.books.highestIndex(walletId, 1)] });
  };
  return {
    ...source,
    watch: (wallet, work, reach) => source.watch(wallet, work, reachOf(wallet, reach)),
    scanUtxoSet: (wallet, work, reach) => source.scanUtxoSet(wallet, work, reachOf(wallet, reach)),
  };
}

/**
 * What the node says of itself, once it is known to serve this network and to have seen the whole chain: what it says of
 * a wallet before that is no balance.
 * @throws StrongroomError `network.mismatch`, `node.not-ready`, `node.lagging` which names the node where there are several
 */
export async function usableStatus(source: ChainSource, network: NetworkName): Promise<NodeStatus> {
  const status = await source.status();
  if (status.network !== network) {
    throw new StrongroomError('network.mismatch', `The node is on ${status.network}, the wallet on ${network}.`, { node: status.network, wallet: network }, 'Use a node of the wallet\'s network.');
  }
  if (!status.synced) {
    const behind = (source.sources?.() ?? []).filter(({ state }) => state === 'lagging').map(({ node }) => node);
    if (behind.length > 0) throw laggingNode(behind.join(', '), { height: status.height, headers: status.headers });
    throw new StrongroomError('node.not-ready', `The node has ${status.height} of ${status.headers} blocks.`, { height: status.height, headers: status.headers }, 'Wait until the node is synced, then try again.');
  }
  return status;
}

/** Whom an answer rests on, as it crosses the boundary; nothing where one node was asked. */
export function sourcesOf(source: ChainSource): { readonly sources?: SourceReport[] } {
  const reports = source.sources?.();
  return reports === undefined ? {} : { sources: reports.map((report) => ({ ...report })) };
}
