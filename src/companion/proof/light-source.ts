import { parseHex, toHex } from '../../domain/bytes.ts';
import { chainParameters } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { parseTransaction, type ParsedTransaction } from '../../psbt/transaction.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import type { ChainSource, ChainWork, TransactionStatus, WalletChanges, WalletTransaction } from '../chain-source.ts';
import { parseHeader, type BlockHeader } from './block-header.ts';
import { HeaderChain } from './header-chain.ts';
import { rulesOfGenesis, type HeaderRules } from './header-rules.ts';
import { oldestTipSeconds, type LightClock, type LightServer } from './light-server.ts';
import { readMempoolEntry } from './mempool-family.ts';
import { requireInBlock } from './merkle-proof.ts';
import { OwnScripts, type OwnScript } from './own-scripts.ts';
import { ProofMemory } from './proof-memory.ts';
import { describeTransaction, outputsOf, walletTransactions, walletUtxos, type ProvenHistory } from './proven-history.ts';
import { cancelledWork, readScriptHistory, readWalletHistory, type Reader } from './read-history.ts';
import { falseProof, ofNode } from './refusals.ts';
import { readTransactionFacts, type TransactionFacts } from './transaction-facts.ts';

export interface LightSourceOptions {
  readonly server: LightServer;
  readonly clock: LightClock;
  /** Facts that other sources proved already. */
  readonly memory?: ProofMemory;
}

interface Watched {
  readonly scripts: OwnScripts;
  /** Transactions that were seen or sent and may be gone since: servers forget them. */
  readonly remembered: Map<string, TransactionFacts>;
}

const SECONDS_A_BLOCK = 600;
/** How many blocks a median time past is of (BIP113). */
const MEDIAN_BLOCKS = 11;
const RAW_BATCH = 100;
/** How many addresses of each branch past those that are searched an audit looks up: money out there is found, and named. */
const SCAN_PAST_SEARCHED = 100;
const noWork: ChainWork = { progress: () => undefined, isCancelled: () => false };

/**
 * A chain source over a server that indexes scripts (Electrum, Esplora) and of which nothing is believed that it does not prove:
 * amounts come from raw transactions that hash to their ids, confirmations from merkle proofs into headers with their work. What one
 * such server leaves out, it leaves out unseen; only a second source shows that.
 */
export function lightSource({ server, clock, memory = new ProofMemory() }: LightSourceOptions): ChainSource {
  let rules: HeaderRules | null = null;
  let chain: HeaderChain | null = null;
  const watched = new Map<string, Watched>();

  const reader = async (): Promise<Reader> => {
    if (chain === null) {
      rules = rulesOfGenesis(parseHeader(await server.genesisHeader()).hash);
      if (rules === null) throw falseProof('genesis');
      chain = new HeaderChain(rules, server.linkDepth);
    }
    return { server, chain, memory };
  };
  const requireNetwork = async (wallet: Wallet): Promise<Reader> => {
    const opened = await reader();
    const { network } = opened.chain.rules;
    if (network !== wallet.network) {
      throw new StrongroomError('network.mismatch', `The node is on ${network}, the wallet on ${wallet.network}.`, { node: network, wallet: wallet.network }, 'Use a node of the wallet\'s network.');
    }
    return opened;
  };
  const nameOf = (wallet: Wallet): string => policyIdOf(wallet).walletId;
  const requireWatched = (wallet: Wallet): Watched => {
    const found = watched.get(nameOf(wallet));
    if (found === undefined) throw new StrongroomError('node.wallet', 'The wallet is not watched here yet.', {}, 'Sync the wallet first.');
    return found;
  };
  const read = async (wallet: Wallet, work: ChainWork): Promise<{ readonly history: ProvenHistory; readonly seen: Watched; readonly opened: Reader }> => {
    const opened = await requireNetwork(wallet);
    const seen = requireWatched(wallet);
    const history = await readWalletHistory(opened, seen.scripts, work);
    for (const [txid, { facts }] of history.transactions) seen.remembered.set(txid, facts);
    return { history, seen, opened };
  };
  /** The history, and after it what is in it no more. */
  const allTransactions = (history: ProvenHistory, { scripts, remembered }: Watched): readonly WalletTransaction[] => {
    const gone = [...remembered.values()].filter(({ txid }) => !history.transactions.has(txid));
    const departed = gone.map((facts) => describeTransaction(facts, null, -1, scripts, (txid) => remembered.get(txid))).filter(({ received, spent }) => received.length + spent.length > 0);
    return [...walletTransactions(history, scripts), ...departed];
  };
  const headerAt = async ({ chain: headers }: Reader, height: number): Promise<BlockHeader | null> => {
    await headers.follow(server, await server.tip());
    return height > headers.high ? null : headers.reach(server, height);
  };
  const raw = async (txid: string): Promise<Uint8Array | null> => {
    const { chain: headers } = await reader();
    const [bytes] = await server.transactions([txid]);
    if (bytes === undefined || bytes === null) return null;
    memory.saveFacts(readTransactionFacts(bytes, txid, headers.rules.network));
    return bytes;
  };
  const proveStatus = async (txid: string): Promise<TransactionStatus> => {
    const opened = await reader();
    const bytes = await raw(txid);
    if (bytes === null) return { state: 'unknown' };
    const height = await server.heightOf(txid, bytes);
    if (height === undefined) return { state: 'unknown' };
    if (height === null) return { state: 'mempool' };
    const header = await headerAt(opened, height);
    if (header === null) throw falseProof('tip', { height });
    if (memory.place(txid, header.hash) === undefined) {
      const [proof] = await server.merkleProofs([{ txid, height }]);
      requireInBlock(txid, proof ?? { position: -1, branch: [] }, header.merkleRoot);
      memory.savePlace(txid, header.hash, proof?.position ?? 0);
    }
    return { state: 'confirmed', height, confirmations: opened.chain.high - height + 1 };
  };
  const noHotWallets = (): Promise<never> =>
    Promise.reject(new StrongroomError('node.wallet', 'This kind of node keeps no wallets.', { node: server.name }, 'For hot wallets use the organisation\'s own bitcoind.'));

  const source: ChainSource = {
    async status() {
      const opened = await reader();
      const { rules: { network } } = opened.chain;
      const tip = await server.tip();
      await opened.chain.follow(server, tip);
      const age = clock.now() - parseHeader(tip.header).time;
      const oldest = oldestTipSeconds(network);
      const synced = oldest === null || age <= oldest;
      return {
        network, chain: chainParameters(network).nodeChain, height: tip.height, headers: tip.height + (synced ? 0 : Math.floor(age / SECONDS_A_BLOCK)),
        pruned: false, synced, version: server.version, minimumFeeRate: await server.minimumFeeRate(),
      };
    },

    async watch(wallet, work, reach) {
      await requireNetwork(wallet);
      const name = nameOf(wallet);
      // Kept also where the scan is stopped: what it proved is not asked for again.
      const seen = watched.get(name) ?? { scripts: new OwnScripts(wallet), remembered: new Map() };
      if (work.isCancelled()) throw cancelledWork();
      if (reach !== undefined) seen.scripts.searchReach(reach);
      const { transactions } = await readWalletHistory(await reader(), seen.scripts, work);
      for (const [txid, { facts }] of transactions) seen.remembered.set(txid, facts);
      watched.set(name, seen);
      return [...seen.scripts.ends];
    },
    watchTo(wallet, highest) {
      const { scripts } = requireWatched(wallet);
      const isFurther = [scripts.searchPast(0, highest[0]), scripts.searchPast(1, highest[1])];
      return isFurther.includes(true);
    },
    async utxos(wallet) {
      const { history, seen } = await read(wallet, noWork);
      return walletUtxos(history, seen.scripts);
    },
    async transactions(wallet, work = noWork) {
      const { history, seen } = await read(wallet, work);
      return allTransactions(history, seen);
    },
    async changesSince(wallet, since, work): Promise<WalletChanges> {
      const { history, seen, opened } = await read(wallet, work);
      const all = allTransactions(history, seen);
      const isKnown = since !== null && since.height <= history.tip.height && (await opened.chain.reach(server, since.height)).hash === since.hash;
      return { transactions: isKnown ? all.filter(({ height }) => height === null || height > since.height) : all, isWhole: !isKnown, tip: history.tip };
    },
    async blockHash(height) {
      return (await headerAt(await reader(), height))?.hash ?? null;
    },

    async blockTime(height) {
      const opened = await reader();
      if ((await headerAt(opened, height)) === null) return null;
      const times: number[] = [];
      for (let back = 0; back < MEDIAN_BLOCKS && height - back >= 0; back += 1) times.push((await opened.chain.reach(server, height - back)).time);
      return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? null;
    },

    async rawTransaction(txid) {
      const bytes = await raw(txid);
      if (bytes === null) throw new StrongroomError('node.rejected', 'The node has no such transaction.', {}, 'Check the transaction id.');
      return bytes;
    },
    async rawTransactions(wanted) {
      const { chain: headers } = await reader();
      const found = new Map<string, Uint8Array>();
      for (let start = 0; start < wanted.length; start += RAW_BATCH) {
        const asked = wanted.slice(start, start + RAW_BATCH);
        const raws = await server.transactions(asked.map(({ txid }) => txid));
        asked.forEach(({ txid }, position) => {
          const bytes = raws[position] ?? null;
          if (bytes === null) return;
          memory.saveFacts(readTransactionFacts(bytes, txid, headers.rules.network));
          found.set(txid, bytes);
        });
      }
      return found;
    },
    transactionStatus: proveStatus,
    async mempoolEntry(txid) {
      return readMempoolEntry({ server, memory, network: (await reader()).chain.rules.network }, txid);
    },

    hotUtxos: noHotWallets,
    hotChangeAddress: noHotWallets,
    hotSign: noHotWallets,

    estimateFeeRate: (targetBlocks) => server.estimateFeeRate(targetBlocks),
    // It has no test, and none is pretended; what is no transaction at all needs none.
    testAccept: async (transaction) => (tryParse(transaction) === null ? { accepted: false, reason: 'invalid' } : { accepted: null, reason: 'untested' }),
    async broadcast(transaction) {
      const parsed = tryParse(transaction);
      if (parsed === null) throw refusedBroadcast('invalid');
      const answer = await server.broadcast(transaction);
      if ('refused' in answer) {
        // Sent once more, as after a reply that was lost: a node says yes again while the transaction waits.
        if ((await proveStatus(parsed.txid)).state === 'mempool') return parsed.txid;
        throw refusedBroadcast(answer.refused);
      }
      if (answer.txid !== parsed.txid) throw new StrongroomError('node.malformed', 'The node names another transaction than the one it was given.', { txid: parsed.txid }, 'Check with another node whether the transaction was sent.');
      const facts = readTransactionFacts(transaction, parsed.txid, (await reader()).chain.rules.network);
      for (const { remembered } of watched.values()) remembered.set(parsed.txid, facts);
      return parsed.txid;
    },

    async scanUtxoSet(wallet, work, reach) {
      const opened = await requireNetwork(wallet);
      const seen = watched.get(nameOf(wallet));
      if (seen === undefined) {
        await source.watch(wallet, work, reach);
        return source.scanUtxoSet(wallet, work);
      }
      if (reach !== undefined) seen.scripts.searchReach(reach);
      const past = new Map<string, OwnScript>();
      const history = await readWalletHistory(opened, seen.scripts, work, () => {
        past.clear();
        for (const script of seen.scripts.past(SCAN_PAST_SEARCHED)) past.set(toHex(script.scriptPubKey), script);
        return [...past.values()].map(({ scriptPubKey }) => scriptPubKey);
      });
      const placeOf = (scriptHex: string): OwnScript | undefined => seen.scripts.find(scriptHex) ?? past.get(scriptHex);
      // As of the block: what the mempool does with them is left aside.
      const held = outputsOf(history, (scriptHex) => placeOf(scriptHex) !== undefined).filter(({ height, spentBy }) => height !== null && (spentBy === null || spentBy.height === null));
      return {
        height: history.tip.height, blockHash: history.tip.hash,
        utxos: held.map(({ txid, vout, amountSats, scriptHex, height }) => {
          const { scriptPubKey, branch, index } = placeOf(scriptHex) as OwnScript;
          return { txid, vout, amountSats, scriptPubKey, height: height as number, place: { branch, index } };
        }),
      };
    },
    async scriptUtxos(scripts, work) {
      const wanted = new Map(scripts.map((script) => [toHex(script), script]));
      const history = await readScriptHistory(await reader(), [...wanted.values()], work);
      const held = outputsOf(history, (scriptHex) => wanted.has(scriptHex)).filter(({ spentBy }) => spentBy === null || spentBy.height === null);
      return held.map(({ txid, vout, amountSats, scriptHex, height, confirmations, isImmature, spentBy }) =>
        ({ txid, vout, amountSats, scriptPubKey: parseHex(scriptHex), height, confirmations, state: spentBy !== null ? 'spent' : isImmature ? 'immature' : 'free' }));
    },

    close: () => server.close(),
  };
  return namedSource(source, server.name);
}

/** The same source, whose errors say whose they are. */
export function namedSource(source: ChainSource, name: string): ChainSource {
  const wrapped: Record<string, unknown> = {};
  for (const [key, method] of Object.entries(source) as [string, (...args: unknown[]) => unknown][]) {
    wrapped[key] = (...args: unknown[]): unknown => {
      const result = method.apply(source, args);
      return result instanceof Promise ? result.catch((error: unknown) => Promise.reject(ofNode(error, name))) : result;
    };
  }
  return wrapped as unknown as ChainSource;
}

const refusedBroadcast = (reason: string): StrongroomError =>
  new StrongroomError('broadcast.refused', 'The node refused the transaction; nothing was sent.', { reason }, 'Check the transaction against the wallet\'s present coins.');

function tryParse(bytes: Uint8Array): ParsedTransaction | null {
  try {
    const parsed = parseTransaction(bytes);
    return parsed.transaction.ins.length > 0 && parsed.transaction.outs.length > 0 ? parsed : null;
  } catch (error) {
    if (error instanceof StrongroomError) return null;
    throw error;
  }
}

