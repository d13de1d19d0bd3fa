import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scriptOfAddress } from '../../../src/wallet/address.ts';
import type { ChainSource, TestAccept } from '../../../src/companion/chain-source.ts';
import { chainParameters, type NetworkName } from '../../../src/domain/network.ts';
import type { Outpoint } from '../../../src/domain/outpoint.ts';
import { formatBtc } from '../../../src/domain/amount.ts';
import { openChainSource } from '../../../src/node/companion/chain-sources.ts';
import { reorganise } from '../../../src/node/companion/practice-mining.ts';
import { PracticeStore } from '../../../src/node/companion/practice-store.ts';
import { createPracticeNetwork, payFromFaucet } from '../../../src/node/practice/practice-network.ts';
import { readPracticeKeys } from '../../../src/node/practice/practice-seed-file.ts';
import type { StrongroomError } from '../../../src/errors/strongroom-error.ts';
import { startBitcoind, startLitecoind, type RegtestNode } from './bitcoind.ts';
import { startElectrumServer } from './electrum-server.ts';
import { startEsploraServer } from './esplora-server.ts';
import { servedBitcoind, type ServedChain } from './served-chain.ts';

/** A chain under the test's control: what nobody can ask of a chain source. */
export interface ChainDriver {
  readonly network: NetworkName;
  readonly source: ChainSource;
  /** What a node says of a transaction before it is sent: the source's own test, or where it has none, the node behind it. */
  judge?(transaction: Uint8Array): Promise<TestAccept>;
  readonly hotWallet: string;
  /** Where a further source of the same node is opened, where there is one node. */
  readonly nodeUrl?: string;
  /** Pays an address; the payment waits in the mempool. @returns the transaction's id */
  pay(address: string, amountSats: bigint): Promise<string>;
  /** Pays it in several outputs of one transaction, where the chain's faucet can. */
  payInParts?(address: string, amountSats: bigint, outputs: number): Promise<string>;
  /** Gives the hot wallet confirmed money in one output. */
  fundHot(amountSats: bigint): Promise<void>;
  /** Whether the node, with its mempool, holds an output unspent: where its wallets may not list all that is. */
  holdsUnspent?(outpoint: Outpoint): Promise<boolean>;
  /** Finds blocks with all that waits; the rewards go to the address, where one is given. */
  mine(blocks: number, to?: string): Promise<void>;
  /** Waits until the node's wallets know of every transaction that the node has taken. */
  settle(): Promise<void>;
  /** Has a branch of empty blocks win over the last blocks. */
  reorganise(depth: number): Promise<void>;
  stop(): Promise<void>;
}

/** The practice network in a folder of its own. */
export async function practiceDriver(): Promise<ChainDriver> {
  const parent = mkdtempSync(join(tmpdir(), 'strongroom-practice-'));
  const folder = join(parent, 'net');
  await createPracticeNetwork(folder);
  const keys = await readPracticeKeys(folder);
  // The driver's own eyes on the folder: the source must follow what another program does.
  const store = new PracticeStore(folder);
  const source = await openChainSource(`practice://${folder}`, { practiceHotWallet: practiceProgram() });
  const faucetScript = Buffer.from(store.fact('faucet_script'), 'hex');
  const mine = async (blocks: number, to?: string): Promise<void> => {
    const scriptPubKey = to === undefined ? faucetScript : scriptOfAddress(to, 'practice');
    store.write((chain) => {
      for (let count = 0; count < blocks; count += 1) chain.mine({ scriptPubKey, time: Math.floor(Date.now() / 1000), includeMempool: true });
    });
  };
  return {
    network: 'practice',
    source,
    hotWallet: 'hot',
    pay: async (to, amountSats) => payFromFaucet(store, keys, { amountSats, to, outputs: 1, mine: false }).txid,
    payInParts: async (to, amountSats, outputs) => payFromFaucet(store, keys, { amountSats, to, outputs, mine: false }).txid,
    fundHot: async (amountSats) => void payFromFaucet(store, keys, { amountSats, to: null, outputs: 1, mine: true }),
    mine,
    settle: async () => undefined,
    reorganise: async (depth) => void reorganise(store, depth, depth + 1),
    async stop() {
      await source.close();
      store.close();
      rmSync(parent, { recursive: true, force: true });
    },
  };
}

/** strongroom-practice from its source, with this Node. */
function practiceProgram(): { command: string; args: readonly string[]; env: Readonly<Record<string, string>> } {
  const main = join(import.meta.dirname, '..', '..', '..', 'src', 'cli', 'practice', 'main.ts');
  return { command: process.execPath, args: ['--disable-warning=ExperimentalWarning', main], env: { PATH: process.env['PATH'] ?? '' } };
}

/** A real bitcoind on regtest. */
export const bitcoindDriver = async (): Promise<ChainDriver> => nodeDriver(await startBitcoind(), 'regtest');
/** A real litecoind on regtest, whose wallets hold scripts and no descriptors. Replacements are switched on, which they are not by default. */
export const litecoindDriver = async (): Promise<ChainDriver> => nodeDriver(await startLitecoind(['-mempoolreplacement=1']), 'litecoin-regtest');

type LightKind = 'electrum' | 'esplora';

/** A test server of this kind before a real bitcoind. */
async function startLightServer(kind: LightKind, chain: ServedChain): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = await (kind === 'electrum' ? startElectrumServer(chain) : startEsploraServer(chain));
  return { url: `${kind === 'electrum' ? 'electrum+tcp' : 'esplora+http'}://127.0.0.1:${server.port}`, close: () => server.close() };
}

/** An Electrum or Esplora server that serves a real bitcoind's chain. */
export async function lightDriver(kind: LightKind): Promise<ChainDriver> {
  const node = await startBitcoind();
  const base = await nodeDriver(node, 'regtest');
  const server = await startLightServer(kind, servedBitcoind(node));
  const source = await openChainSource(server.url);
  return {
    ...base,
    source,
    async judge(transaction) {
      const own = await source.testAccept(transaction);
      const verdict = await base.source.testAccept(transaction);
      if (own.accepted !== null && verdict.accepted !== own.accepted) throw new Error('the source judged what it cannot judge');
      // What the source cannot test it must refuse to have sent, for the same reason.
      if (verdict.accepted === false && verdict.reason !== 'already-known') {
        const reason = await source.broadcast(transaction).then(() => 'taken', (error: unknown) => (error as StrongroomError).details['reason']);
        if (reason !== verdict.reason) throw new Error(`the node refuses for "${verdict.reason}", the server for "${String(reason)}"`);
      }
      return verdict;
    },
    async stop() {
      await source.close();
      await server.close();
      await base.stop();
    },
  };
}

/** A bitcoind, an Electrum server and an Esplora server, which must agree. */
export async function agreedDriver(): Promise<ChainDriver> {
  const node = await startBitcoind();
  const base = await nodeDriver(node, 'regtest');
  const chain = servedBitcoind(node);
  const servers = [await startLightServer('electrum', chain), await startLightServer('esplora', chain)];
  const source = await openChainSource([node.url, ...servers.map(({ url }) => url)], { agreement: { patienceMs: 5_000, pollMs: 100 } });
  return {
    ...base,
    source,
    async stop() {
      await source.close();
      for (const server of servers) await server.close();
      await base.stop();
    },
  };
}

async function nodeDriver(node: RegtestNode, network: NetworkName): Promise<ChainDriver> {
  await node.rpc('createwallet', ['bank']);
  await node.rpc('createwallet', ['hot']);
  const bank = await node.rpc<string>('getnewaddress', [], 'bank');
  await node.rpc('generatetoaddress', [120, bank]);
  const source = await openChainSource(node.url);
  const height = (): Promise<number> => node.rpc<number>('getblockcount');
  // A node tells its wallets of new transactions in the background.
  const settle = async (): Promise<void> => void (await node.rpc('syncwithvalidationinterfacequeue'));
  const pay = async (to: string, amountSats: bigint): Promise<string> => {
    // As text: a JSON number would go through floating point. A litecoind's own wallets pay 10 sat/vB at least.
    const txid = await node.rpc<string>('sendtoaddress', { address: to, amount: formatBtc(amountSats), fee_rate: chainParameters(network).coin === 'litecoin' ? 20 : 5 }, 'bank');
    await settle();
    return txid;
  };
  const mine = async (blocks: number, to?: string): Promise<void> => void (await node.rpc('generatetoaddress', [blocks, to ?? bank]));
  return {
    network,
    source,
    nodeUrl: node.url,
    hotWallet: 'hot',
    pay,
    holdsUnspent: async ({ txid, vout }) => (await node.rpc<object | null>('gettxout', [txid, vout, true])) !== null,
    async fundHot(amountSats) {
      await pay(await node.rpc<string>('getnewaddress', [], 'hot'), amountSats);
      await mine(1);
    },
    mine,
    settle,
    async reorganise(depth) {
      const first = await node.rpc<string>('getblockhash', [(await height()) - depth + 1]);
      await node.rpc('invalidateblock', [first]);
      // To an address of its own: an empty block like one that was taken back before would be that very block, which the node refuses.
      const rewards = await node.rpc<string>('getnewaddress', [], 'bank');
      for (let count = 0; count < depth + 1; count += 1) await node.rpc('generateblock', [rewards, []]);
      await settle();
    },
    async stop() {
      await source.close();
      await node.stop();
    },
  };
}
