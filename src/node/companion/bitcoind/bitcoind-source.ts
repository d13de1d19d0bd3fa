import type { ChainSource, NodeStatus, TransactionStatus } from '../../../companion/chain-source.ts';
import { requireTransaction } from '../../../companion/plan/previous-transaction.ts';
import { feeRateFromSatPerKvb, type FeeRate } from '../../../domain/fee-rate.ts';
import { chainParameters, isRegtest, networkOfGenesis, type NetworkName } from '../../../domain/network.ts';
import { StrongroomError } from '../../../errors/strongroom-error.ts';
import type { Wallet } from '../../../wallet/wallet.ts';
import { BlockchainInfo, BlockHeader, Descriptors, FeeEstimate, HexBytes, MempoolInfo, NetworkInfo, RawTransactionInfo, Txid, WalletNames, WalletTransactionAnswer } from './answers.ts';
import { hotChangeAddress, hotReceiveAddress, hotSign, hotUtxos } from './hot-wallet.ts';
import { broadcast, mempoolEntry, testAccept } from './mempool.ts';
import { parseBitcoindUrl } from './node-url.ts';
import { WATCHED_RANGE } from './past-scan.ts';
import { rawTransactions } from './raw-transactions.ts';
import { NOT_FOUND, openRpcClient, readResult, rpcError, type RpcClient, type RpcSettings } from './rpc-client.ts';
import { scanDescriptors, scanScripts } from './utxo-scan.ts';
import { ensureWatched, watchWalletName } from './watch-wallet.ts';
import { watchedChanges, watchedUtxos } from './wallet-history.ts';

/**
 * The organisation's own bitcoind as a chain source.
 * @throws StrongroomError `node.url`
 */
export async function openBitcoind(url: string, settings: RpcSettings = {}): Promise<ChainSource> {
  const address = parseBitcoindUrl(url);
  const rpc = await openRpcClient(address, settings);
  return bitcoindSource(rpc, address.wallet);
}

/** The node's answer to a height that its chain does not have (`RPC_INVALID_PARAMETER`). */
const OUT_OF_RANGE = -8;
/** How many addresses past those watched a scan of the unspent outputs looks at. */
const SCAN_PAST_WATCHED = 1_000;

/** @param extraWallet a wallet of the node that may hold previous transactions */
export function bitcoindSource(rpc: RpcClient, extraWallet: string | null): ChainSource {
  // Wallets of the node that were used here: where the node has no transaction index, they hold the transactions we need.
  const usedWallets = new Set<string>(extraWallet === null ? [] : [extraWallet]);
  // A policy id takes a tenth of a second.
  const names = new WeakMap<Wallet, string>();
  let network: NetworkName | null = null;

  const knownNetwork = async (): Promise<NetworkName> => {
    network ??= await networkOf(rpc, (await rpc.call(BlockchainInfo, 'getblockchaininfo')).chain);
    return network;
  };
  const requireNetwork = async (wallet: Wallet): Promise<void> => {
    const own = await knownNetwork();
    if (own !== wallet.network) {
      throw new StrongroomError('network.mismatch', `The node is on ${own}, the wallet on ${wallet.network}.`, { node: own, wallet: wallet.network }, 'Use a node of the wallet\'s network.');
    }
  };
  const watchedName = async (wallet: Wallet): Promise<string> => {
    await requireNetwork(wallet);
    const name = names.get(wallet) ?? watchWalletName(wallet);
    names.set(wallet, name);
    usedWallets.add(name);
    return name;
  };

  /** The answer of the first wallet of the node that knows a transaction; the ones used here are asked first. */
  const fromWallets = async (txid: string) => {
    const loaded = await rpc.call(WalletNames, 'listwallets');
    for (const wallet of new Set([...usedWallets, ...loaded])) {
      if (!loaded.includes(wallet)) continue;
      const outcome = await rpc.attempt('gettransaction', [txid], { wallet });
      if (outcome.ok) return readResult(WalletTransactionAnswer, 'gettransaction', outcome);
    }
    return null;
  };

  /** From the block of a height: how a node without a transaction index finds what none of its wallets holds. */
  const fromBlock = async (txid: string, height: number | undefined): Promise<Uint8Array | undefined> => {
    if (height === undefined) return undefined;
    const outcome = await rpc.attempt('getrawtransaction', [txid, false, await rpc.call(Txid, 'getblockhash', [height])]);
    if (outcome.ok) return readResult(HexBytes, 'getrawtransaction', outcome);
    const { pruned } = await rpc.call(BlockchainInfo, 'getblockchaininfo');
    if (pruned) throw new StrongroomError('node.pruned', `The node has discarded block ${height}, which holds a transaction that is spent from.`, { height, txid }, 'Use a node that keeps all blocks for this sweep.');
    return undefined;
  };

  return {
    async status(): Promise<NodeStatus> {
      const [chain, { version }, fees] = await Promise.all([
        rpc.call(BlockchainInfo, 'getblockchaininfo'), rpc.call(NetworkInfo, 'getnetworkinfo'), rpc.call(MempoolInfo, 'getmempoolinfo'),
      ]);
      network = await networkOf(rpc, chain.chain);
      const minimum = fees.mempoolminfee > fees.minrelaytxfee ? fees.mempoolminfee : fees.minrelaytxfee;
      return {
        network,
        chain: chainParameters(network).nodeChain,
        height: chain.blocks,
        headers: chain.headers,
        pruned: chain.pruned,
        // A regtest node thinks that it is syncing whenever its last block is a day old.
        synced: chain.blocks >= chain.headers && (!chain.initialblockdownload || isRegtest(network)),
        version: [version / 10_000, (version / 100) % 100, version % 100].map(Math.floor).join('.'),
        minimumFeeRate: feeRateFromSatPerKvb(minimum),
      };
    },

    watch: async (wallet, work, reach) => ensureWatched(rpc, wallet, work, await watchedName(wallet), (reach?.to ?? -1) + 1),
    utxos: async (wallet) => watchedUtxos(rpc, await watchedName(wallet), wallet),
    transactions: async (wallet, work) => (await watchedChanges(rpc, await watchedName(wallet), wallet, null, work)).transactions,
    changesSince: async (wallet, since, work) => watchedChanges(rpc, await watchedName(wallet), wallet, since, work),
    async blockHash(height) {
      const outcome = await rpc.attempt('getblockhash', [height]);
      return !outcome.ok && outcome.errorCode === OUT_OF_RANGE ? null : readResult(Txid, 'getblockhash', outcome);
    },
    async blockTime(height) {
      const hash = await this.blockHash(height);
      return hash === null ? null : (await rpc.call(BlockHeader, 'getblockheader', [hash])).mediantime;
    },

    async rawTransaction(txid, height) {
      const outcome = await rpc.attempt('getrawtransaction', [txid, false]);
      if (!outcome.ok && outcome.errorCode !== NOT_FOUND) throw rpcError('getrawtransaction', outcome.errorCode);
      const bytes = outcome.ok ? readResult(HexBytes, 'getrawtransaction', outcome) : ((await fromWallets(txid))?.hex ?? (await fromBlock(txid, height)));
      if (bytes === undefined) throw rpcError('getrawtransaction', NOT_FOUND);
      requireTransaction(bytes, txid);
      return bytes;
    },

    rawTransactions: (wanted) => rawTransactions(rpc, wanted.map(({ txid }) => txid), [...usedWallets]),

    async transactionStatus(txid): Promise<TransactionStatus> {
      const outcome = await rpc.attempt('getrawtransaction', [txid, true]);
      if (!outcome.ok) {
        if (outcome.errorCode !== NOT_FOUND) throw rpcError('getrawtransaction', outcome.errorCode);
        const held = await fromWallets(txid);
        if (held === null || held.confirmations < 1 || held.blockheight === undefined) return { state: 'unknown' };
        return { state: 'confirmed', height: held.blockheight, confirmations: held.confirmations };
      }
      const { blockhash, confirmations } = readResult(RawTransactionInfo, 'getrawtransaction', outcome);
      if (blockhash === undefined) return { state: 'mempool' };
      const { height } = await rpc.call(BlockHeader, 'getblockheader', [blockhash]);
      return confirmations === undefined || confirmations < 1 ? { state: 'unknown' } : { state: 'confirmed', height, confirmations };
    },

    mempoolEntry: (txid) => mempoolEntry(rpc, txid),

    async hotUtxos(walletName) {
      usedWallets.add(walletName);
      return hotUtxos(rpc, walletName);
    },
    hotChangeAddress: (walletName) => hotChangeAddress(rpc, walletName),
    hotReceiveAddress: (walletName) => hotReceiveAddress(rpc, walletName),
    hotSign: (walletName, psbt) => hotSign(rpc, walletName, psbt),

    async estimateFeeRate(targetBlocks): Promise<FeeRate | null> {
      const { feerate } = await rpc.call(FeeEstimate, 'estimatesmartfee', [targetBlocks, 'conservative']);
      return feerate === undefined ? null : feeRateFromSatPerKvb(feerate);
    },
    testAccept: (transaction) => testAccept(rpc, transaction),
    broadcast: (transaction) => broadcast(rpc, transaction),

    async scanUtxoSet(wallet, work, reach) {
      const name = await watchedName(wallet);
      // Past what the node watches (it goes on watching past every address that is paid): money beyond the gap limit is found, and named.
      const held = await rpc.attempt('listdescriptors', [false], { wallet: name });
      const ends = held.ok ? readResult(Descriptors, 'listdescriptors', held).descriptors.map((item) => (item.range?.[1] ?? 0) + 1) : [];
      const { outputs, ...at } = await scanDescriptors(rpc, wallet, Math.max(WATCHED_RANGE, (reach?.to ?? -1) + 1, ...ends) + SCAN_PAST_WATCHED, work);
      return { ...at, utxos: outputs };
    },

    scriptUtxos: async (scripts, work) => scanScripts(rpc, scripts, chainParameters(await knownNetwork()).coinbaseMaturity, work),

    close: () => Promise.resolve(rpc.close()),
  };
}

/**
 * The network of a node's chain, by its block 0: nodes of all coins call their chains by the same words.
 * @throws StrongroomError `network.mismatch` for a chain that Strongroom does not serve
 */
async function networkOf(rpc: RpcClient, chain: string): Promise<NetworkName> {
  const found = networkOfGenesis(await rpc.call(Txid, 'getblockhash', [0]));
  if (found === null || chainParameters(found).nodeChain !== chain) throw new StrongroomError('network.mismatch', 'The node is on a chain that Strongroom does not serve.', {}, 'Use a node of Bitcoin, Litecoin or Dogecoin, or of one of their test networks.');
  return found;
}
