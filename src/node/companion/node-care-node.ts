import * as v from 'valibot';
import type { CareNode } from '../../companion/node-care/care-node.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { WalletNames } from './bitcoind/answers.ts';
import { backUpWallet, ownAddresses, pendingTransactions, rescanWallet, restoreWallet, scanWalletOutputs, viewWallet } from './bitcoind/backup-reads.ts';
import { readHealth } from './bitcoind/health-reads.ts';
import { parseBitcoindUrl } from './bitcoind/node-url.ts';
import { openRpcClient, readResult, type RpcSettings } from './bitcoind/rpc-client.ts';
import { isLeftBehind } from './node-care-folder.ts';

/** What `unloadwallet` answers is not used. */
const Anything = v.unknown();

/**
 * A node for its care: bitcoind and its relatives, by JSON-RPC.
 * @throws StrongroomError `node.url`, `care.not-a-node` for sources of other kinds
 */
export async function openCareNode(url: string, settings: RpcSettings = {}): Promise<CareNode> {
  if (!/^bitcoind(\+tls)?:\/\//i.test(url)) {
    throw new StrongroomError('care.not-a-node', 'This source is no node whose wallets and settings could be cared for.', {}, 'Name a node by bitcoind://127.0.0.1:8332?cookie=PATH.');
  }
  const address = parseBitcoindUrl(url);
  const rpc = await openRpcClient(address, settings);
  // Plain connections go to this machine only (see parseBitcoindUrl); one with TLS may be a tunnel's end and is not taken for it.
  const isLocal = !address.tls;
  return {
    isLocal,
    health: () => readHealth(rpc, isLocal),
    backUpWallet: (wallet, path) => backUpWallet(rpc, wallet, path),
    async restoreWallet(name, path) {
      // A test that was interrupted: its files are gone, and the node still holds them open.
      for (const loaded of (await rpc.call(WalletNames, 'listwallets')).filter(isLeftBehind)) await rpc.attempt('unloadwallet', [loaded, false]);
      await restoreWallet(rpc, name, path);
    },
    unloadWallet: async (name) => void readResult(Anything, 'unloadwallet', await rpc.attempt('unloadwallet', [name, false])),
    viewWallet: (wallet) => viewWallet(rpc, wallet),
    ownAddresses: (wallet, addresses) => ownAddresses(rpc, wallet, addresses),
    pending: (wallet) => pendingTransactions(rpc, wallet),
    rescan: (wallet, fromHeight, work) => rescanWallet(rpc, wallet, fromHeight, work),
    scanOutputs: (wallet, work) => scanWalletOutputs(rpc, wallet, work),
    close: () => rpc.close(),
  };
}
