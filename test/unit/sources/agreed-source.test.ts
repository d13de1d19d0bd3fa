import { afterEach, describe, expect, test } from 'vitest';
import { furthestReach, type ChainSource } from '../../../src/companion/chain-source.ts';
import { agreedSource } from '../../../src/companion/sources/agreed-source.ts';
import { openChainSource } from '../../../src/node/companion/chain-sources.ts';
import { ElectrumRefusal, type Meddler } from '../../support/peers/electrum-server.ts';
import { askSeveral, hiding, type SeveralServers } from '../../support/hostile/several-sources.ts';
import { fixture, ownScript, wallet, work } from '../../support/hostile/scenario.ts';
import { TestChain, testTransaction } from '../../support/hostile/test-chain.ts';

const open: SeveralServers[] = [];
afterEach(async () => {
  for (const item of open.splice(0)) await item.close();
});
async function several(...members: Parameters<typeof askSeveral>[0]): Promise<SeveralServers> {
  const asked = await askSeveral(members);
  open.push(asked);
  return asked;
}
const balance = async ({ source }: SeveralServers): Promise<bigint> => (await source.utxos(wallet)).reduce((sum, { amountSats }) => sum + amountSats, 0n);
const states = ({ source }: SeveralServers): readonly string[] => (source.sources?.() ?? []).map(({ state }) => state);
const refusing = (method: string): Meddler => (exchange) => {
  if (exchange.method === method) throw new ElectrumRefusal(1, 'min relay fee not met');
  return exchange.honest();
};

describe('sources that agree', () => {
  test('are one source, and each is named with its height', async () => {
    const { chain } = fixture();
    const asked = await several({ chain }, { chain }, { chain });
    await asked.source.watch(wallet, work);
    expect(await balance(asked)).toBe(73_000n);
    expect(asked.source.sources?.()).toEqual(asked.names.map((node) => ({ node, state: 'agrees', height: 12, code: null })));
    expect(await asked.source.scanUtxoSet(wallet, work)).toMatchObject({ height: 12, utxos: [{ amountSats: 5_000n }, { amountSats: 69_000n }] });
    expect((await asked.source.scriptUtxos([ownScript(1)], work)).map(({ state }) => state)).toEqual(['spent']);
    const { tip } = await asked.source.changesSince(wallet, null, work);
    expect(await asked.source.changesSince(wallet, tip, work)).toMatchObject({ isWhole: false, transactions: [{ confirmations: 0 }] });
    expect(await asked.source.blockHash(12)).toBe(tip.hash);
    expect(await asked.source.status()).toMatchObject({ height: 12, synced: true, network: 'regtest' });
  });

  test('what one of them found beyond the gap, the others look for as well', async () => {
    const chain = new TestChain();
    chain.mine([chain.pay({ script: ownScript(450), amountSats: 9n })]);
    const both = await several({ chain }, { chain });
    const [near, far] = await Promise.all(both.servers.map(({ port }) => openChainSource(`electrum+tcp://127.0.0.1:${port}`))) as [ChainSource, ChainSource];
    await far.watch(wallet, work);
    far.watchTo?.(wallet, [450, -1]);
    const { watchTo, ...wide } = far;
    expect(watchTo).toBeDefined();
    const source = agreedSource([{ name: 'near', source: near }, { name: 'wide', source: wide }], { clock: { now: () => performance.now(), delay: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) }, patience: { patienceMs: 0, pollMs: 10 } });
    await source.watch(wallet, work);
    expect(await source.utxos(wallet)).toMatchObject([{ index: 450, amountSats: 9n }]);
    expect(await source.scanUtxoSet(wallet, work)).toMatchObject({ utxos: [{ amountSats: 9n }] });
    await source.close();
  });

  test('how far a wallet is to be watched is said to each; what all of them watch counts', async () => {
    const chain = new TestChain();
    chain.mine([chain.pay({ script: ownScript(450), amountSats: 9n })]);
    const asked = await several({ chain }, { chain });
    expect(await asked.source.watch(wallet, work)).toEqual([200, 200]);
    expect(await asked.source.utxos(wallet)).toEqual([]);
    expect(await asked.source.watch(wallet, work, { to: 460 })).toEqual([651, 461]);
    expect(await asked.source.utxos(wallet)).toMatchObject([{ index: 450, amountSats: 9n }]);
    expect(await asked.source.scanUtxoSet(wallet, work, { to: 460 })).toMatchObject({ utxos: [{ amountSats: 9n, place: { branch: 0, index: 450 } }] });
  });

  test('the further of two reaches is the further on each branch', () => {
    expect(furthestReach(undefined, undefined)).toBe(undefined);
    expect(furthestReach({ to: 3 }, undefined)).toEqual({ to: 3 });
    const both = furthestReach({ to: 3, paid: () => [5, 1] }, { to: 2, paid: () => [4, 9] });
    expect([both?.to, both?.paid?.()]).toEqual([3, [5, 9]]);
    expect(furthestReach({ to: -1 }, { to: -1 })?.paid?.()).toEqual([-1, -1]);
  });

  test('money that arrives counts where all have it, money that leaves where any has it', async () => {
    const { chain: first, funding } = fixture();
    const { chain: second } = fixture();
    // The same blocks, since the fixture is made of nothing random.
    expect(second.index.blocks.at(-1)?.hash).toBe(first.index.blocks.at(-1)?.hash);
    second.wait(testTransaction([{ txid: 'cc'.repeat(32), vout: 0 }], [{ script: ownScript(9), amountSats: 1_000_000n }]));
    const asked = await several({ chain: first }, { chain: second });
    await asked.source.watch(wallet, work);
    expect(await balance(asked)).toBe(73_000n);
    first.wait(testTransaction([{ txid: funding.getId(), vout: 1 }], [{ script: Buffer.from([0x51]), amountSats: 4_000n }]));
    expect(await balance(asked)).toBe(68_000n);
  });
});

describe('sources that do not agree', () => {
  test('history that one of two leaves out: both are named, since nobody can say who is right', async () => {
    const told = fixture();
    const asked = await several({ chain: told.chain }, { chain: told.chain, meddle: hiding(told.spend.getId(), told.waiting.getId()) });
    await asked.source.watch(wallet, work);
    await expect(asked.source.utxos(wallet)).rejects.toMatchObject({ code: 'node.disagree', details: { node: asked.names.join(', '), outpoint: `${told.spend.getId()}:0` } });
    expect(states(asked)).toEqual(['disagrees', 'disagrees']);
  });

  test('of three, the one that leaves out or shows too little is named', async () => {
    const told = fixture();
    const asked = await several({ chain: told.chain }, { chain: told.chain, meddle: hiding(told.funding.getId(), told.spend.getId(), told.waiting.getId()) }, { chain: told.chain });
    await asked.source.watch(wallet, work);
    await expect(asked.source.transactions(wallet)).rejects.toMatchObject({ code: 'node.disagree', details: { node: asked.names[1] } });
    await expect(asked.source.scanUtxoSet(wallet, work)).rejects.toMatchObject({ code: 'node.disagree', details: { node: asked.names[1] } });
    await expect(asked.source.scriptUtxos([ownScript(1)], work)).rejects.toMatchObject({ code: 'node.disagree', details: { node: asked.names[1] } });
    expect(states(asked)).toEqual(['agrees', 'disagrees', 'agrees'].map((state, index) => (index === 1 ? state : expect.any(String) as unknown as string)));
  });

  test('one that lies so that it can be proven is named at once', async () => {
    const told = fixture();
    const lie: Meddler = (exchange) => (exchange.method === 'blockchain.transaction.get_merkle' ? { ...(exchange.honest() as object), merkle: [] , pos: 0 } : exchange.honest());
    const asked = await several({ chain: told.chain }, { chain: told.chain, meddle: lie });
    await expect(asked.source.watch(wallet, work)).rejects.toMatchObject({ code: 'node.proof', details: { node: asked.names[1], reason: 'merkle' } });
    expect(states(asked)[1]).toBe('disagrees');
  });

  test('one that is behind is named', async () => {
    const { chain: ahead } = fixture();
    const { chain: behind } = fixture();
    ahead.mineMany(3);
    const asked = await several({ chain: ahead }, { chain: behind });
    await asked.source.watch(wallet, work);
    await expect(asked.source.utxos(wallet)).rejects.toMatchObject({ code: 'node.lagging', details: { node: asked.names[1], height: 15 } });
    expect(states(asked)[1]).toBe('lagging');
    await asked.source.status();
    expect(asked.source.sources?.().map(({ state, height }) => [state, height])).toEqual([['agrees', 15], ['lagging', 12]]);
  });

  test('one on another branch of the same length is named where there is a majority', async () => {
    const { chain: first } = fixture();
    const { chain: second } = fixture();
    const { chain: other } = fixture();
    other.reorganise(1, [], 0);
    const asked = await several({ chain: first }, { chain: other }, { chain: second });
    await asked.source.watch(wallet, work);
    await expect(asked.source.utxos(wallet)).rejects.toMatchObject({ code: 'node.disagree', details: { node: asked.names[1] } });
    await expect(asked.source.blockHash(12)).rejects.toMatchObject({ code: 'node.disagree', details: { node: asked.names[1] } });
    await asked.source.status();
    expect(states(asked)[1]).toBe('disagrees');
  });
});

describe('sources that fail', () => {
  const drop = async (asked: SeveralServers, position: number): Promise<void> => asked.servers[position]?.close();

  test('while running: the others go on, and the missing one is named', async () => {
    const { chain } = fixture();
    const asked = await several({ chain }, { chain }, { chain });
    await asked.source.watch(wallet, work);
    await drop(asked, 0);
    expect(await balance(asked)).toBe(73_000n);
    expect(asked.source.sources?.()[0]).toMatchObject({ node: asked.names[0], state: 'unreachable', code: 'node.unreachable' });
    await drop(asked, 2);
    await expect(asked.source.utxos(wallet)).rejects.toMatchObject({ code: 'node.unreachable' });
  });

  test('one of two may be missing; of one alone it is said that it stands alone', async () => {
    const { chain } = fixture();
    const asked = await several({ chain }, { chain });
    await drop(asked, 1);
    await asked.source.watch(wallet, work);
    expect(await balance(asked)).toBe(73_000n);
    expect(states(asked)).toEqual(['agrees', 'unreachable']);
  });

  test('a raw transaction is taken from whoever gives the true one; who gave another is noted', async () => {
    const told = fixture();
    const lie: Meddler = (exchange) => (exchange.method === 'blockchain.transaction.get' ? told.stranger.toHex() : exchange.honest());
    const asked = await several({ chain: told.chain, meddle: lie }, { chain: told.chain });
    expect(Buffer.from(await asked.source.rawTransaction(told.funding.getId())).toString('hex')).toBe(told.funding.toHex());
    expect(states(asked)[0]).toBe('disagrees');
    expect((await asked.source.rawTransactions?.([{ txid: told.spend.getId() }]))?.has(told.spend.getId())).toBe(true);
    await expect(asked.source.rawTransaction('ab'.repeat(32))).rejects.toMatchObject({ code: expect.stringMatching(/^node\./) });
  });

  test('a transaction is sent to all, and is sent when one takes it', async () => {
    const { chain } = fixture();
    const bytes = chain.pay({ script: ownScript(5), amountSats: 7n });
    const asked = await several({ chain, meddle: refusing('blockchain.transaction.broadcast') }, { chain });
    expect(await asked.source.testAccept(bytes.toBuffer())).toEqual({ accepted: null, reason: 'untested' });
    expect(await asked.source.broadcast(bytes.toBuffer())).toBe(bytes.getId());
    const refused = await several({ chain, meddle: refusing('blockchain.transaction.broadcast') }, { chain, meddle: refusing('blockchain.transaction.broadcast') });
    const other = chain.pay({ script: ownScript(5), amountSats: 8n });
    await expect(refused.source.broadcast(other.toBuffer())).rejects.toMatchObject({ code: 'broadcast.refused', details: { reason: 'fee-too-low' } });
  });

  test('of fee estimates the middle one counts, so that nobody alone can drive a fee up', async () => {
    const { chain } = fixture();
    const says = (rate: number): Meddler => (exchange) => (exchange.method === 'blockchain.estimatefee' ? rate : exchange.honest());
    const asked = await several({ chain, meddle: says(0.5) }, { chain, meddle: says(0.000_02) }, { chain, meddle: says(0.000_03) });
    expect(await asked.source.estimateFeeRate(6)).toBe(3_000n);
  });

  test('no hot wallet is found where nobody keeps one', async () => {
    const { chain } = fixture();
    const asked = await several({ chain }, { chain });
    await expect(asked.source.hotUtxos('hot')).rejects.toMatchObject({ code: 'node.wallet' });
  });
});

test.each([[[]], [['practice:///a', 'practice:///b']], [['electrum+tcp://127.0.0.1:5', 'electrum+tcp://localhost:5']], [Array.from({ length: 11 }, (_, port) => `electrum+tcp://127.0.0.1:${port + 1}`)]])('%j are no sources that can agree', async (urls) => {
  await expect(openChainSource(urls)).rejects.toMatchObject({ code: 'node.url' });
});

