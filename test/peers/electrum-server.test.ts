import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChainSource, ChainWork } from '../../src/companion/chain-source.ts';
import { formatBtc } from '../../src/domain/amount.ts';
import { openChainSource } from '../../src/node/companion/chain-sources.ts';
import { formatPrefixedKey } from '../../src/wallet/extended-public-key.ts';
import type { Cosigner } from '../../src/wallet/wallet.ts';
import { startBitcoind, type RegtestNode } from '../support/peers/bitcoind.ts';
import { startOnlineElectrum, type OnlineElectrum } from '../support/peers/electrum-online.ts';
import { startElectrumServer, type ElectrumTestServer } from '../support/peers/electrum-server.ts';
import { keyedWallet } from '../support/peers/keyed-wallet.ts';
import { servedBitcoind } from '../support/peers/served-chain.ts';

/** The server that our Electrum source is tested against speaks the real protocol: Electrum itself reads the same wallet from it. */

const work: ChainWork = { progress: () => undefined, isCancelled: () => false };
const { wallet, deriver } = keyedWallet({ script: 'p2wpkh', required: 1, total: 1, firstKey: 4_200 });

let node: RegtestNode;
let server: ElectrumTestServer;
let source: ChainSource;
let electrum: OnlineElectrum;

beforeAll(async () => {
  node = await startBitcoind();
  await node.rpc('createwallet', ['bank']);
  await node.rpc('generatetoaddress', [110, await node.rpc<string>('getnewaddress', [], 'bank')]);
  server = await startElectrumServer(servedBitcoind(node));
  source = await openChainSource(`electrum+tcp://127.0.0.1:${server.port}`);
  electrum = await startOnlineElectrum(server.port, formatPrefixedKey((wallet.cosigners[0] as Cosigner).record.key, 'regtest', 'p2wpkh'));
});
afterAll(async () => {
  await electrum?.stop();
  await source?.close();
  await server?.close();
  await node?.stop();
});

const pay = (branch: 0 | 1, index: number, amountSats: bigint): Promise<string> =>
  node.rpc<string>('sendtoaddress', { address: deriver.derive(branch, index).address, amount: formatBtc(amountSats), fee_rate: 5 }, 'bank');
const mine = async (blocks: number): Promise<void> => {
  await node.rpc('generatetoaddress', [blocks, await node.rpc<string>('getnewaddress', [], 'bank')]);
  await server.announce();
};
const ours = async () => {
  const utxos = await source.utxos(wallet);
  const sum = (isConfirmed: boolean): bigint => utxos.filter(({ confirmations }) => confirmations > 0 === isConfirmed).reduce((total, { amountSats }) => total + amountSats, 0n);
  return { confirmedSats: sum(true), unconfirmedSats: sum(false) };
};

test('Electrum and our source read the same balance and history from it, before and after a block', async () => {
  const first = await pay(0, 0, 50_000_000n);
  const second = await pay(0, 7, 1_234_567n);
  await mine(1);
  await source.watch(wallet, work);
  const third = await pay(0, 8, 2_000_000n);
  await server.announce();
  expect(await ours()).toEqual({ confirmedSats: 51_234_567n, unconfirmedSats: 2_000_000n });
  expect(await electrum.balance()).toEqual({ confirmedSats: 51_234_567n, unconfirmedSats: 2_000_000n });
  await mine(2);
  expect(await ours()).toEqual({ confirmedSats: 53_234_567n, unconfirmedSats: 0n });
  expect(await electrum.balance()).toEqual({ confirmedSats: 53_234_567n, unconfirmedSats: 0n });
  expect([...(await electrum.history())].sort()).toEqual([first, second, third].sort());
  expect((await source.transactions(wallet)).map(({ txid }) => txid).sort()).toEqual([first, second, third].sort());
  expect(await electrum.height()).toBe((await source.status()).height);
});
