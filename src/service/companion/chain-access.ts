import type { ChainSource, NodeStatus } from '../../companion/chain-source.ts';
import type { NetworkName } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { CompanionEffects } from './effects.ts';

/** Runs work with a chain source and closes it, whatever happens. */
export async function withChain<T>(effects: CompanionEffects, url: string, work: (source: ChainSource) => Promise<T>): Promise<T> {
  const source = await effects.openChainSource(url);
  try {
    return await work(source);
  } finally {
    await source.close();
  }
}

/**
 * What the node says of itself, once it is known to serve this network and to have seen the whole chain: what it says of
 * a wallet before that is no balance.
 * @throws StrongroomError `network.mismatch`, `node.not-ready`
 */
export async function usableStatus(source: ChainSource, network: NetworkName): Promise<NodeStatus> {
  const status = await source.status();
  if (status.network !== network) {
    throw new StrongroomError('network.mismatch', `The node is on ${status.network}, the wallet on ${network}.`, { node: status.network, wallet: network }, 'Use a node of the wallet\'s network.');
  }
  if (!status.synced) {
    throw new StrongroomError('node.not-ready', `The node has ${status.height} of ${status.headers} blocks.`, { height: status.height, headers: status.headers }, 'Wait until the node is synced, then try again.');
  }
  return status;
}
