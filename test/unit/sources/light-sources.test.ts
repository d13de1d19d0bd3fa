import { afterEach, describe, expect, test } from 'vitest';
import type { ChainSource, ChainWork } from '../../../src/companion/chain-source.ts';
import { openChainSource } from '../../../src/node/companion/chain-sources.ts';
import type { AddressDeriver } from '../../../src/wallet/address.ts';
import { TestChain, testTransaction } from '../../support/hostile/test-chain.ts';
import { coldKeys } from '../../support/peers/cold-keys.ts';
import { startElectrumServer } from '../../support/peers/electrum-server.ts';
import { startEsploraServer } from '../../support/peers/esplora-server.ts';

const work: ChainWork = { progress: () => undefined, isCancelled: () => false };
const cold = coldKeys('regtest', 1);
const { wallet, deriver } = cold;
const script = (index: number, branch: 0 | 1 = 0, from: AddressDeriver = deriver) => from.derive(branch, index).scriptPubKey;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0).reverse()) await item.close();
});

const kinds = {
  Electrum: async (chain: TestChain) => {
    const server = await startElectrumServer(chain);
    return { server, url: `electrum+tcp://127.0.0.1:${server.port}` };
  },
  Esplora: async (chain: TestChain) => {
    const server = await startEsploraServer(chain);
    return { server, url: `esplora+http://127.0.0.1:${server.port}` };
  },
} as const;

describe.each(['Electrum', 'Esplora'] as const)('an honest %s server', (kind) => {
  const start = async (chain: TestChain): Promise<ChainSource> => {
    const { server, url } = await kinds[kind](chain);
    open.push(server);
    const source = await openChainSource(url);
    open.push(source);
    return source;
  };

  test('says who it is by its first block and its newest, not by its word', async () => {
    const chain = new TestChain();
    chain.mineMany(3);
    const source = await start(chain);
    expect(await source.status()).toMatchObject({ network: 'regtest', chain: 'regtest', height: 3, headers: 3, synced: true, pruned: false, minimumFeeRate: 1_000n });
    expect(await source.blockHash(0)).toBe('0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206');
    expect(await source.blockHash(3)).toBe(chain.index.blocks[3]?.hash);
    expect(await source.blockHash(4)).toBe(null);
  });

  test('amounts come from raw transactions, confirmations from proofs; what is spent is not listed', async () => {
    const chain = new TestChain();
    const first = chain.pay({ script: script(0), amountSats: 70_000n }, { script: script(5, 1), amountSats: 1_000n });
    chain.mine([chain.pay({ script: Buffer.from([0x51]), amountSats: 9n }), first]);
    const second = testTransaction([{ txid: first.getId(), vout: 0 }], [{ script: script(1), amountSats: 69_000n }]);
    chain.mine([second]);
    const waiting = testTransaction([{ txid: second.getId(), vout: 0 }], [{ script: script(2, 1), amountSats: 68_500n }]);
    chain.wait(waiting);
    const source = await start(chain);
    await expect(source.utxos(wallet)).rejects.toMatchObject({ code: 'node.wallet' });
    await source.watch(wallet, work);
    expect(await source.utxos(wallet)).toMatchObject([
      { txid: first.getId(), vout: 1, amountSats: 1_000n, branch: 1, index: 5, confirmations: 2 },
      { txid: waiting.getId(), vout: 0, amountSats: 68_500n, branch: 1, index: 2, confirmations: 0 },
    ]);
    expect(await source.transactions(wallet)).toMatchObject([
      { txid: first.getId(), height: 1, confirmations: 2, received: [{ vout: 0, amountSats: 70_000n, branch: 0, index: 0 }, { vout: 1, amountSats: 1_000n }], spent: [], feeSats: null },
      { txid: second.getId(), height: 2, confirmations: 1, spent: [{ txid: first.getId(), vout: 0, amountSats: 70_000n }], feeSats: 1_000n },
      { txid: waiting.getId(), height: null, confirmations: 0, feeSats: 500n },
    ]);
    expect(await source.scanUtxoSet(wallet, work)).toMatchObject({ height: 2, blockHash: chain.index.blocks[2]?.hash, utxos: [{ txid: first.getId(), vout: 1, height: 1 }, { txid: second.getId(), amountSats: 69_000n, height: 2 }] });
    expect(await source.scriptUtxos([script(1)], work)).toMatchObject([{ txid: second.getId(), state: 'spent', height: 2, confirmations: 1 }]);
    expect(await source.transactionStatus(second.getId())).toEqual({ state: 'confirmed', height: 2, confirmations: 1 });
    expect(await source.transactionStatus(waiting.getId())).toEqual({ state: 'mempool' });
    expect(await source.transactionStatus('ab'.repeat(32))).toEqual({ state: 'unknown' });
    expect(await source.mempoolEntry(waiting.getId())).toMatchObject({ feeSats: 500n, ancestors: { count: 1 }, descendants: { count: 1 } });
    expect(await source.mempoolEntry(second.getId())).toBe(null);
  });

  test('relatives that wait are counted with their fees and sizes', async () => {
    const chain = new TestChain();
    const base = chain.pay({ script: script(0), amountSats: 100_000n });
    chain.mine([base]);
    const parent = testTransaction([{ txid: base.getId(), vout: 0 }], [{ script: script(1), amountSats: 99_000n }]);
    const child = testTransaction([{ txid: parent.getId(), vout: 0 }], [{ script: script(2), amountSats: 97_000n }]);
    chain.wait(parent);
    chain.wait(child);
    const source = await start(chain);
    const sizes = [parent.virtualSize(), child.virtualSize()] as const;
    expect(await source.mempoolEntry(parent.getId())).toEqual({
      feeSats: 1_000n, vsizeVb: sizes[0], ancestors: { count: 1, vsizeVb: sizes[0], feeSats: 1_000n }, descendants: { count: 2, vsizeVb: sizes[0] + sizes[1], feeSats: 3_000n },
    });
    expect((await source.mempoolEntry(child.getId()))?.ancestors).toEqual({ count: 2, vsizeVb: sizes[0] + sizes[1], feeSats: 3_000n });
  });

  test('what changed since a block, and everything where that block is gone', async () => {
    const chain = new TestChain();
    const first = chain.pay({ script: script(0), amountSats: 1_000n });
    chain.mine([first]);
    const source = await start(chain);
    await source.watch(wallet, work);
    const { tip } = await source.changesSince(wallet, null, work);
    expect(tip).toEqual({ height: 1, hash: chain.index.blocks[1]?.hash });
    const second = chain.pay({ script: script(1), amountSats: 2_000n });
    chain.mine([second]);
    expect(await source.changesSince(wallet, tip, work)).toMatchObject({ isWhole: false, transactions: [{ txid: second.getId() }], tip: { height: 2 } });
    chain.reorganise(2, [second], 1);
    expect(await source.changesSince(wallet, tip, work)).toMatchObject({ isWhole: true, tip: { height: 3 }, transactions: [{ txid: second.getId(), confirmations: 3 }, { txid: first.getId(), height: null, confirmations: -1 }] });
  });

  test('addresses are found up to a gap, and beyond it once somebody says how far', async () => {
    const chain = new TestChain();
    chain.mine([chain.pay({ script: script(199), amountSats: 1n }), chain.pay({ script: script(600), amountSats: 2n })]);
    const source = await start(chain);
    await source.watch(wallet, work);
    expect((await source.utxos(wallet)).map(({ index }) => index)).toEqual([199]);
    expect(source.watchTo?.(wallet, [600, -1])).toBe(true);
    expect(source.watchTo?.(wallet, [600, -1])).toBe(false);
    expect((await source.utxos(wallet)).map(({ index }) => index)).toEqual([199, 600]);
  });

  test('a wallet is searched as far as somebody asks, and past what the books know to be paid; never less far', async () => {
    const chain = new TestChain();
    chain.mine([chain.pay({ script: script(600), amountSats: 7n }, { script: script(300, 1), amountSats: 9n })]);
    const source = await start(chain);
    expect(await source.watch(wallet, work)).toEqual([200, 200]);
    expect(await source.utxos(wallet)).toEqual([]);
    expect(await source.watch(wallet, work, { to: 599 })).toEqual([600, 600]);
    expect((await source.utxos(wallet)).map(({ branch, index }) => [branch, index])).toEqual([[1, 300]]);
    expect(await source.watch(wallet, work, { to: -1, paid: () => [600, -1] })).toEqual([801, 600]);
    expect((await source.utxos(wallet)).map(({ branch, index }) => [branch, index])).toEqual([[0, 600], [1, 300]]);
    expect(await source.watch(wallet, work, { to: 3 })).toEqual([801, 600]);
  });

  test('an audit finds money a little past what is searched, which is not the wallet\'s by that', async () => {
    const chain = new TestChain();
    const far = chain.pay({ script: script(299), amountSats: 7n }, { script: script(300), amountSats: 9n });
    chain.mine([far]);
    const source = await start(chain);
    expect(await source.scanUtxoSet(wallet, work)).toMatchObject({ utxos: [{ txid: far.getId(), vout: 0, amountSats: 7n, place: { branch: 0, index: 299 } }] });
    expect(await source.transactions(wallet)).toEqual([]);
    expect((await source.scanUtxoSet(wallet, work, { to: 250 })).utxos.map(({ place }) => place?.index)).toEqual([299, 300]);
  });

  test('a block\'s reward is no output to spend before its hundredth block', async () => {
    const chain = new TestChain();
    chain.mine([], script(0));
    chain.mineMany(98);
    const source = await start(chain);
    await source.watch(wallet, work);
    expect(await source.utxos(wallet)).toEqual([]);
    expect((await source.scriptUtxos([script(0)], work)).map(({ state }) => state)).toEqual(['immature']);
    chain.mine();
    expect(await source.utxos(wallet)).toMatchObject([{ confirmations: 100 }]);
  });

  test('it has no wallets of its own and no test, and says so', async () => {
    const chain = new TestChain();
    const source = await start(chain);
    await expect(source.hotUtxos('x')).rejects.toMatchObject({ code: 'node.wallet' });
    await expect(source.hotChangeAddress('x')).rejects.toMatchObject({ code: 'node.wallet' });
    await expect(source.hotSign('x', new Uint8Array(5))).rejects.toMatchObject({ code: 'node.wallet' });
    expect(await source.testAccept(chain.pay({ script: script(0), amountSats: 1n }).toBuffer())).toEqual({ accepted: null, reason: 'untested' });
    expect(await source.testAccept(Uint8Array.of(1, 2, 3))).toEqual({ accepted: false, reason: 'invalid' });
    await expect(source.broadcast(Uint8Array.of(1, 2, 3))).rejects.toMatchObject({ code: 'broadcast.refused' });
  });

  test('what was sent and then replaced is remembered as gone', async () => {
    const chain = new TestChain();
    const base = chain.pay({ script: script(0), amountSats: 1_000n });
    chain.mine([base]);
    const source = await start(chain);
    await source.watch(wallet, work);
    const first = testTransaction([{ txid: base.getId(), vout: 0 }], [{ script: script(1), amountSats: 900n }]);
    expect(await source.broadcast(first.toBuffer())).toBe(first.getId());
    chain.forget(first.getId());
    expect((await source.transactions(wallet)).map(({ txid, confirmations }) => [txid, confirmations])).toEqual([[base.getId(), 1], [first.getId(), -1]]);
  });

  test('work that is cancelled ends, and goes on where it was', async () => {
    const chain = new TestChain();
    for (let block = 0; block < 30; block += 1) chain.mine(Array.from({ length: 10 }, (_, index) => chain.pay({ script: script(index), amountSats: 5n })));
    const source = await start(chain);
    let steps = 0;
    await expect(source.watch(wallet, { progress: () => void (steps += 1), isCancelled: () => steps > 6 })).rejects.toMatchObject({ code: 'host.cancelled' });
    const activities: string[] = [];
    await source.watch(wallet, { ...work, progress: ({ activity }) => void activities.push(activity) });
    expect(await source.transactions(wallet)).toHaveLength(300);
    expect(activities.some((activity) => activity.startsWith('Reading transactions: 0 of'))).toBe(false);
  });
});
