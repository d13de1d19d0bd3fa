import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scriptOfAddress } from '../../../src/wallet/address.ts';
import type { ChainSource } from '../../../src/companion/chain-source.ts';
import type { NetworkName } from '../../../src/domain/network.ts';
import { formatBtc } from '../../../src/domain/amount.ts';
import { openChainSource } from '../../../src/node/companion/chain-sources.ts';
import { reorganise } from '../../../src/node/companion/practice-mining.ts';
import { PracticeStore } from '../../../src/node/companion/practice-store.ts';
import { createPracticeNetwork, payFromFaucet } from '../../../src/node/practice/practice-network.ts';
import { readPracticeKeys } from '../../../src/node/practice/practice-seed-file.ts';
import { startBitcoind } from './bitcoind.ts';

/** A chain under the test's control: what nobody can ask of a chain source. */
export interface ChainDriver {
  readonly network: NetworkName;
  readonly source: ChainSource;
  readonly hotWallet: string;
  /** Pays an address; the payment waits in the mempool. @returns the transaction's id */
  pay(address: string, amountSats: bigint): Promise<string>;
  /** Gives the hot wallet confirmed money in one output. */
  fundHot(amountSats: bigint): Promise<void>;
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
export async function bitcoindDriver(): Promise<ChainDriver> {
  const node = await startBitcoind();
  await node.rpc('createwallet', ['bank']);
  await node.rpc('createwallet', ['hot']);
  const bank = await node.rpc<string>('getnewaddress', [], 'bank');
  await node.rpc('generatetoaddress', [120, bank]);
  const source = await openChainSource(node.url);
  const height = (): Promise<number> => node.rpc<number>('getblockcount');
  // A node tells its wallets of new transactions in the background.
  const settle = async (): Promise<void> => void (await node.rpc('syncwithvalidationinterfacequeue'));
  const pay = async (to: string, amountSats: bigint): Promise<string> => {
    // As text: a JSON number would go through floating point.
    const txid = await node.rpc<string>('sendtoaddress', { address: to, amount: formatBtc(amountSats), fee_rate: 5 }, 'bank');
    await settle();
    return txid;
  };
  const mine = async (blocks: number, to?: string): Promise<void> => void (await node.rpc('generatetoaddress', [blocks, to ?? bank]));
  return {
    network: 'regtest',
    source,
    hotWallet: 'hot',
    pay,
    async fundHot(amountSats) {
      await pay(await node.rpc<string>('getnewaddress', [], 'hot'), amountSats);
      await mine(1);
    },
    mine,
    settle,
    async reorganise(depth) {
      const first = await node.rpc<string>('getblockhash', [(await height()) - depth + 1]);
      await node.rpc('invalidateblock', [first]);
      for (let count = 0; count < depth + 1; count += 1) await node.rpc('generateblock', [bank, []]);
      await settle();
    },
    async stop() {
      await source.close();
      await node.stop();
    },
  };
}
