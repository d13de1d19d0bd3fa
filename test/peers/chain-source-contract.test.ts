import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChainSource, ChainWork, TestAccept, WalletUtxo } from '../../src/companion/chain-source.ts';
import { findLitecoind } from '../../scripts/lib/litecoind.mjs';
import { chainParameters } from '../../src/domain/network.ts';
import { createPsbt } from '../../src/psbt/creator.ts';
import { decodePsbt } from '../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../src/psbt/codec/encode.ts';
import { updatePsbt } from '../../src/psbt/updater.ts';
import { scriptOfAddress } from '../../src/wallet/address.ts';
import { agreedDriver, bitcoindDriver, lightDriver, litecoindDriver, practiceDriver, type ChainDriver } from '../support/peers/chain-driver.ts';
import { coldKeys, type ColdKeys, type ColdSpend } from '../support/peers/cold-keys.ts';

/** One suite for every chain source, so that the practice network cannot drift away from what a real node does. */

// The suite fetches one beforehand; where none can be had, it says so by name.
if (findLitecoind() === null) test.skip('no litecoind on this machine: the suite runs without it', () => undefined);

const work: ChainWork = { progress: () => undefined, isCancelled: () => false };
const MONEY = 50_000_000n;
const FEE = 2_000n;

describe.each([
  ['the practice network', practiceDriver],
  ['a real bitcoind', bitcoindDriver],
  ['an Electrum server before a real bitcoind (it keeps no wallets)', () => lightDriver('electrum')],
  ['an Esplora server before a real bitcoind (it keeps no wallets)', () => lightDriver('esplora')],
  ['a bitcoind, an Electrum and an Esplora server that must agree', agreedDriver],
  ...(findLitecoind() === null ? [] : [['a real litecoind', litecoindDriver] as const]),
] as const)('%s', (name, start) => {
  const keepsWallets = !name.includes('keeps no wallets');
  let driver: ChainDriver;
  let source: ChainSource;
  let keysMade = 0;

  beforeAll(async () => {
    driver = await start();
    source = driver.source;
  });
  afterAll(async () => driver?.stop());

  /** A cold wallet that no other test uses, watched. */
  const newCold = async (): Promise<ColdKeys> => {
    keysMade += 1;
    const cold = coldKeys(driver.network, keysMade);
    await source.watch(cold.wallet, work);
    return cold;
  };
  /** One with a confirmed output at receive 0. */
  const fundedCold = async (amountSats = MONEY): Promise<{ cold: ColdKeys; utxo: WalletUtxo }> => {
    const cold = await newCold();
    await driver.pay(cold.deriver.derive(0, 0).address, amountSats);
    await driver.mine(1);
    const [utxo] = await source.utxos(cold.wallet);
    expect(utxo?.amountSats).toBe(amountSats);
    return { cold, utxo: utxo as WalletUtxo };
  };
  /** A spend of everything to the wallet's own receive 1, but for the fee. */
  const selfSpend = (cold: ColdKeys, utxo: WalletUtxo, changes: Partial<ColdSpend> & { readonly feeSats?: bigint } = {}): Uint8Array => {
    const { feeSats = FEE, ...rest } = changes;
    return cold.spend({ inputs: [utxo], outputs: [{ scriptPubKey: cold.deriver.derive(0, 1).scriptPubKey, amountSats: utxo.amountSats - feeSats }], ...rest });
  };
  const broadcast = async (bytes: Uint8Array): Promise<string> => {
    const txid = await source.broadcast(bytes);
    await driver.settle();
    return txid;
  };
  const judge = (bytes: Uint8Array): Promise<TestAccept> => driver.judge?.(bytes) ?? source.testAccept(bytes);
  const idOf = (bytes: Uint8Array): string => Transaction.fromBuffer(bytes).getId();

  test('outputs of scripts are found, whoever\'s they are, and marked where what waits spends them', async () => {
    const { cold, utxo } = await fundedCold();
    const other = cold.deriver.derive(0, 3).scriptPubKey;
    const found = await source.scriptUtxos([utxo.scriptPubKey, other, utxo.scriptPubKey], work);
    expect(found).toEqual([{ txid: utxo.txid, vout: utxo.vout, amountSats: MONEY, scriptPubKey: utxo.scriptPubKey, height: (await source.status()).height, confirmations: 1, state: 'free' }]);
    expect(await source.rawTransaction(utxo.txid, found[0]?.height ?? 0)).toEqual(await source.rawTransaction(utxo.txid));
    await broadcast(selfSpend(cold, utxo));
    expect((await source.scriptUtxos([utxo.scriptPubKey], work)).map(({ state }) => state)).toEqual(['spent']);
    await driver.mine(1);
    expect(await source.scriptUtxos([utxo.scriptPubKey], work)).toEqual([]);
    expect((await source.scriptUtxos([cold.deriver.derive(0, 1).scriptPubKey], work)).map(({ amountSats }) => amountSats)).toEqual([MONEY - FEE]);
  });

  test('status names network, height and the least rate that is relayed', async () => {
    const before = await source.status();
    await driver.mine(1);
    const after = await source.status();
    expect(after).toMatchObject({ network: driver.network, chain: chainParameters(driver.network).nodeChain, height: before.height + 1, headers: before.height + 1, pruned: false, synced: true, minimumFeeRate: 1_000n });
    expect(after.version).toMatch(/./);
  });

  test('a payment is seen in the mempool, at the place where the wallet derives it, and gains confirmations', async () => {
    const cold = await newCold();
    expect(await source.utxos(cold.wallet)).toEqual([]);
    const { address, scriptPubKey } = cold.deriver.derive(0, 7);
    const txid = await driver.pay(address, MONEY);
    const [waiting, ...others] = await source.utxos(cold.wallet);
    expect(others).toEqual([]);
    expect(waiting).toMatchObject({ txid, amountSats: MONEY, address, branch: 0, index: 7, confirmations: 0 });
    expect(Buffer.from(waiting?.scriptPubKey ?? []).equals(Buffer.from(scriptPubKey))).toBe(true);
    expect(await source.transactionStatus(txid)).toEqual({ state: 'mempool' });
    await driver.mine(3);
    expect((await source.utxos(cold.wallet)).map((utxo) => utxo.confirmations)).toEqual([3]);
    const { height } = await source.status();
    expect(await source.transactionStatus(txid)).toEqual({ state: 'confirmed', height: height - 2, confirmations: 3 });
  });

  test('change of branch 1 is the wallet\'s own as well', async () => {
    const cold = await newCold();
    await driver.pay(cold.deriver.derive(1, 4).address, MONEY);
    expect(await source.utxos(cold.wallet)).toMatchObject([{ branch: 1, index: 4, amountSats: MONEY }]);
  });

  test('a payment before the wallet was watched is found', async () => {
    keysMade += 1;
    const cold = coldKeys(driver.network, keysMade);
    await driver.pay(cold.deriver.derive(0, 3).address, MONEY);
    await driver.mine(2);
    await source.watch(cold.wallet, work);
    await source.watch(cold.wallet, work);
    expect(await source.utxos(cold.wallet)).toMatchObject([{ branch: 0, index: 3, confirmations: 2 }]);
  });

  test('the history says what was received, what was spent and the fee, oldest first', async () => {
    const { cold, utxo } = await fundedCold();
    const bytes = selfSpend(cold, utxo);
    const txid = await broadcast(bytes);
    expect(txid).toBe(idOf(bytes));
    const received = { vout: utxo.vout, amountSats: MONEY, branch: 0, index: 0 };
    const { height } = await source.status();
    expect(await source.transactions(cold.wallet)).toMatchObject([
      { txid: utxo.txid, height, confirmations: 1, received: [received], spent: [], feeSats: null },
      { txid, height: null, confirmations: 0, received: [{ vout: 0, amountSats: MONEY - FEE, branch: 0, index: 1 }], spent: [{ txid: utxo.txid, vout: utxo.vout, amountSats: MONEY }], feeSats: FEE },
    ]);
    await driver.mine(1);
    expect((await source.transactions(cold.wallet)).map((entry) => [entry.height, entry.confirmations])).toEqual([[height, 2], [height + 1, 1]]);
    expect(await source.utxos(cold.wallet)).toMatchObject([{ txid, amountSats: MONEY - FEE }]);
  });

  test('what is new since a block, and the hash that names it', async () => {
    const { cold, utxo } = await fundedCold();
    const first = await source.changesSince(cold.wallet, null, work);
    expect(first).toMatchObject({ isWhole: true, transactions: [{ txid: utxo.txid, confirmations: 1 }] });
    expect(first.tip.hash).toBe(await source.blockHash(first.tip.height));
    expect(await source.blockHash(first.tip.height + 1)).toBeNull();
    expect(await source.changesSince(cold.wallet, first.tip, work)).toEqual({ isWhole: false, transactions: [], tip: first.tip });
    const spent = { txid: utxo.txid, vout: utxo.vout, amountSats: MONEY };
    const txid = await broadcast(selfSpend(cold, utxo));
    expect(await source.changesSince(cold.wallet, first.tip, work)).toMatchObject({ isWhole: false, transactions: [{ txid, height: null, confirmations: 0, spent: [spent], received: [{ amountSats: MONEY - FEE }], feeSats: FEE }] });
    await driver.mine(2);
    const second = await source.changesSince(cold.wallet, first.tip, work);
    expect(second).toMatchObject({ isWhole: false, transactions: [{ txid, height: first.tip.height + 1, confirmations: 2, spent: [spent] }] });
    expect((await source.changesSince(cold.wallet, second.tip, work)).transactions).toEqual([]);

    await driver.reorganise(2);
    const after = await source.changesSince(cold.wallet, second.tip, work);
    expect(after.isWhole).toBe(true);
    expect(new Map(after.transactions.map((entry) => [entry.txid, entry.confirmations]))).toEqual(new Map([[utxo.txid, 4], [txid, 0]]));
    expect(await source.blockHash(second.tip.height)).not.toBe(second.tip.hash);
    expect(await source.changesSince(cold.wallet, first.tip, work)).toMatchObject({ isWhole: false, transactions: [{ txid, confirmations: 0 }] });
  });

  test('a transaction\'s bytes hash to its id, in the mempool and in a block', async () => {
    const { cold, utxo } = await fundedCold();
    const txid = await broadcast(selfSpend(cold, utxo));
    expect(idOf(await source.rawTransaction(txid))).toBe(txid);
    await driver.mine(1);
    expect(idOf(await source.rawTransaction(txid))).toBe(txid);
    expect(idOf(await source.rawTransaction(utxo.txid))).toBe(utxo.txid);
  });

  test('an unknown transaction is a rejected request and of unknown state', async () => {
    const unknown = 'ab'.repeat(32);
    await expect(source.rawTransaction(unknown)).rejects.toMatchObject({ code: 'node.rejected' });
    expect(await source.transactionStatus(unknown)).toEqual({ state: 'unknown' });
  });

  if (keepsWallets) test('the node\'s own wallet shows its outputs, gives change addresses, and signs a sweep to the cold wallet', async () => {
    await driver.fundHot(70_000_000n);
    const [coin] = (await source.hotUtxos(driver.hotWallet)).filter((utxo) => utxo.amountSats === 70_000_000n);
    if (coin === undefined) throw new Error('the hot wallet was not funded');
    expect(coin).toMatchObject({ confirmations: 1, spendable: true });
    expect(scriptOfAddress(coin.address ?? '', driver.network)).toEqual(coin.scriptPubKey);
    const change = await source.hotChangeAddress(driver.hotWallet);
    expect(await source.hotChangeAddress(driver.hotWallet)).not.toBe(change);

    const cold = await newCold();
    const destination = cold.deriver.derive(0, 0);
    const created = createPsbt({
      inputs: [{ txid: coin.txid, vout: coin.vout, sequence: 0xffff_fffd }],
      outputs: [{ scriptPubKey: destination.scriptPubKey, amountSats: 40_000_000n }, { scriptPubKey: scriptOfAddress(change, driver.network), amountSats: 29_990_000n }],
      locktime: 0,
    });
    const updated = updatePsbt(created, { inputs: [{ previousTransaction: await source.rawTransaction(coin.txid) }], outputs: [{ derived: destination }, {}] });
    const signed = decodePsbt(await source.hotSign(driver.hotWallet, encodePsbt(updated)));
    expect(signed.transaction.getId()).toBe(created.transaction.getId());
    const final = signed.transaction.clone();
    final.setWitness(0, [...(signed.inputs[0]?.finalScriptWitness ?? [])]);
    expect(await judge(final.toBuffer())).toEqual({ accepted: true });
    await broadcast(final.toBuffer());
    expect(await source.utxos(cold.wallet)).toMatchObject([{ amountSats: 40_000_000n, confirmations: 0 }]);
    const own = (await source.hotUtxos(driver.hotWallet)).filter((utxo) => utxo.address === change);
    expect(own).toMatchObject([{ amountSats: 29_990_000n, confirmations: 0, spendable: true }]);
  });

  if (keepsWallets) test('the node\'s wallet does not sign what is not its own', async () => {
    const { cold, utxo } = await fundedCold();
    const destination = cold.deriver.derive(0, 1);
    const created = createPsbt({ inputs: [{ txid: utxo.txid, vout: utxo.vout, sequence: 0xffff_fffd }], outputs: [{ scriptPubKey: destination.scriptPubKey, amountSats: 1_000_000n }], locktime: 0 });
    const updated = updatePsbt(created, { inputs: [{ previousTransaction: await source.rawTransaction(utxo.txid), derived: cold.deriver.derive(0, 0) }], outputs: [{}] });
    await expect(source.hotSign(driver.hotWallet, encodePsbt(updated))).rejects.toMatchObject({ code: 'psbt.incomplete' });
  });

  test('a wallet that the node does not keep is named so', async () => {
    await expect(source.hotUtxos('nobody')).rejects.toMatchObject({ code: 'node.wallet' });
    await expect(source.hotChangeAddress('nobody')).rejects.toMatchObject({ code: 'node.wallet' });
    await expect(source.hotSign('nobody', new Uint8Array(5))).rejects.toMatchObject({ code: 'node.wallet' });
  });

  test('a wallet that is not watched is named so', async () => {
    await expect(source.utxos(coldKeys(driver.network, 9_999).wallet)).rejects.toMatchObject({ code: 'node.wallet' });
  });

  test('a wallet of another network is refused', async () => {
    const { wallet } = coldKeys('signet', 1);
    await expect(source.watch(wallet, work)).rejects.toMatchObject({ code: 'network.mismatch' });
    await expect(source.utxos(wallet)).rejects.toMatchObject({ code: 'network.mismatch' });
  });

  test('a fee estimate is at least what is relayed, or missing', async () => {
    const rate = await source.estimateFeeRate(6);
    expect(rate === null || rate >= 1_000n).toBe(true);
  });

  describe('what a transaction is refused for', () => {
    let cold: ColdKeys;
    let utxo: WalletUtxo;
    beforeAll(async () => {
      ({ cold, utxo } = await fundedCold());
    });

    test('nothing, when it is right', async () => {
      expect(await judge(selfSpend(cold, utxo))).toEqual({ accepted: true });
    });
    test.each([
      ['bytes that are no transaction', () => Uint8Array.of(1, 2, 3), 'invalid'],
      ['an output that never was', () => selfSpend(cold, { ...utxo, txid: 'ab'.repeat(32) }), 'inputs-missing-or-spent'],
      ['an output number that never was', () => selfSpend(cold, { ...utxo, vout: 99 }), 'inputs-missing-or-spent'],
      ['a signature for another amount', () => selfSpend(cold, utxo, { signedAmountSats: MONEY + 1n }), 'invalid'],
      ['one signature of two', () => selfSpend(cold, utxo, { signatures: 1 }), 'invalid'],
      ['three signatures of two', () => selfSpend(cold, utxo, { signatures: 3 }), 'invalid'],
      ['outputs above the inputs', () => selfSpend(cold, utxo, { feeSats: -1n }), 'invalid'],
      ['no fee', () => selfSpend(cold, utxo, { feeSats: 0n }), 'fee-too-low'],
      ['a fee below 1 sat/vB', () => selfSpend(cold, utxo, { feeSats: 100n }), 'fee-too-low'],
      ['a fee above 0.1 BTC a kilobyte', () => selfSpend(cold, utxo, { feeSats: 20_000_000n }), 'fee-too-high'],
      ['a dust output', () => selfSpend(cold, utxo, { feeSats: MONEY - 329n }), 'policy'],
      ['a locktime of a height to come', () => selfSpend(cold, utxo, { locktime: 400_000_000 }), 'non-final'],
      ['a locktime of a date to come', () => selfSpend(cold, utxo, { locktime: 4_000_000_000 }), 'non-final'],
      ['a relative lock in blocks', () => selfSpend(cold, utxo, { sequence: 50 }), 'non-final'],
      ['a relative lock in time', () => selfSpend(cold, utxo, { sequence: 0x0040_0000 | 500 }), 'non-final'],
      ['one output spent twice', () => cold.spend({ inputs: [utxo, utxo], outputs: [{ scriptPubKey: utxo.scriptPubKey, amountSats: MONEY }] }), 'invalid'],
      ['a script of no standard type', () => selfSpend(cold, utxo, { outputs: [{ scriptPubKey: Uint8Array.of(0x51), amountSats: MONEY - FEE }] }), 'policy'],
    ] as const)('%s', async (_name, make, reason) => {
      expect(await judge(make())).toEqual({ accepted: false, reason });
    });
    test('locks that have passed', async () => {
      const { height } = await source.status();
      expect(await judge(selfSpend(cold, utxo, { locktime: height }))).toEqual({ accepted: true });
      expect(await judge(selfSpend(cold, utxo, { locktime: height + 1 }))).toEqual({ accepted: false, reason: 'non-final' });
      expect(await judge(selfSpend(cold, utxo, { sequence: 1 }))).toEqual({ accepted: true });
      expect(await judge(selfSpend(cold, utxo, { sequence: 2 }))).toEqual({ accepted: false, reason: 'non-final' });
    });
    test('a block reward of today', async () => {
      await driver.mine(1, cold.deriver.derive(0, 2).address);
      const [reward] = (await source.utxos(cold.wallet)).filter((candidate) => candidate.index === 2);
      // Where a source shows it at all, it cannot be spent.
      const coinbase = reward ?? { ...utxo, txid: (await source.transactions(cold.wallet)).find((entry) => entry.received[0]?.index === 2)?.txid as string, vout: 0, amountSats: 1_000_000n, index: 2 };
      const spend = selfSpend(cold, coinbase);
      expect(await judge(spend)).toEqual({ accepted: false, reason: 'invalid' });
    });
    test('a refused transaction is not sent', async () => {
      await expect(source.broadcast(selfSpend(cold, utxo, { signatures: 1 }))).rejects.toMatchObject({ code: 'broadcast.refused' });
      await expect(source.broadcast(Uint8Array.of(1, 2, 3))).rejects.toMatchObject({ code: 'broadcast.refused' });
      expect(await source.utxos(cold.wallet)).toContainEqual(expect.objectContaining({ txid: utxo.txid, vout: utxo.vout }));
    });
    test('what is known already, and what was spent already', async () => {
      const first = selfSpend(cold, utxo);
      const txid = await broadcast(first);
      expect(await judge(first)).toEqual({ accepted: false, reason: 'already-known' });
      expect(await broadcast(first)).toBe(txid);
      await driver.mine(1);
      expect(await judge(first)).toEqual({ accepted: false, reason: 'already-known' });
      await expect(source.broadcast(first)).rejects.toMatchObject({ code: 'broadcast.refused' });
      expect(await judge(selfSpend(cold, utxo, { feeSats: FEE * 2n }))).toEqual({ accepted: false, reason: 'inputs-missing-or-spent' });
    });
  });

  test('a replacement must pay more; then it drives the first one out for good', async () => {
    const { cold, utxo } = await fundedCold();
    const first = await broadcast(selfSpend(cold, utxo, { feeSats: FEE }));
    expect(await judge(selfSpend(cold, utxo, { feeSats: FEE + 10n }))).toEqual({ accepted: false, reason: 'fee-too-low' });
    const second = await broadcast(selfSpend(cold, utxo, { feeSats: FEE * 2n }));
    expect(await source.transactionStatus(second)).toEqual({ state: 'mempool' });
    expect(await source.transactionStatus(first)).toEqual({ state: 'unknown' });
    expect(await source.utxos(cold.wallet)).toMatchObject([{ txid: second, amountSats: MONEY - FEE * 2n }]);
    await driver.mine(1);
    const history = new Map((await source.transactions(cold.wallet)).map((entry) => [entry.txid, entry]));
    expect(history.get(second)).toMatchObject({ confirmations: 1 });
    expect(history.get(first)).toMatchObject({ confirmations: -1, height: null });
  });

  test('what waits is known with its relatives: fees and sizes of what it spends from and of what spends it', async () => {
    const { cold, utxo } = await fundedCold();
    const parentBytes = selfSpend(cold, utxo, { feeSats: FEE });
    const parent = await broadcast(parentBytes);
    const childBytes = cold.spend({ inputs: [{ txid: parent, vout: 0, amountSats: MONEY - FEE, branch: 0, index: 1 }], outputs: [{ scriptPubKey: cold.deriver.derive(0, 2).scriptPubKey, amountSats: MONEY - 4n * FEE }] });
    const child = await broadcast(childBytes);
    const [parentVb, childVb] = [parentBytes, childBytes].map((bytes) => Transaction.fromBuffer(bytes).virtualSize()) as [number, number];
    const both = { count: 2, vsizeVb: parentVb + childVb, feeSats: 4n * FEE };
    expect(await source.mempoolEntry(parent)).toEqual({ feeSats: FEE, vsizeVb: parentVb, ancestors: { count: 1, vsizeVb: parentVb, feeSats: FEE }, descendants: both });
    expect(await source.mempoolEntry(child)).toEqual({ feeSats: 3n * FEE, vsizeVb: childVb, ancestors: both, descendants: { count: 1, vsizeVb: childVb, feeSats: 3n * FEE } });
    await driver.mine(1);
    expect(await source.mempoolEntry(child)).toBeNull();
    expect(await source.mempoolEntry('ab'.repeat(32))).toBeNull();
  });

  test('a reorganisation of 3 blocks takes confirmations back, and the transactions wait again', async () => {
    const { cold, utxo } = await fundedCold();
    await driver.mine(6);
    const kept = utxo.txid;
    const txid = await broadcast(selfSpend(cold, utxo));
    await driver.mine(3);
    const before = await source.status();
    expect(await source.transactionStatus(txid)).toMatchObject({ state: 'confirmed', confirmations: 3 });

    await driver.reorganise(3);

    expect((await source.status()).height).toBe(before.height + 1);
    expect(await source.transactionStatus(txid)).toEqual({ state: 'mempool' });
    expect(await source.transactionStatus(kept)).toMatchObject({ state: 'confirmed', confirmations: 11 });
    const history = new Map((await source.transactions(cold.wallet)).map((entry) => [entry.txid, entry]));
    expect(history.get(txid)).toMatchObject({ height: null, confirmations: 0 });
    expect(await source.utxos(cold.wallet)).toMatchObject([{ txid, confirmations: 0 }]);
    await driver.mine(1);
    expect(await source.transactionStatus(txid)).toEqual({ state: 'confirmed', height: before.height + 2, confirmations: 1 });
  });

  test('the scan of the UTXO set agrees with the wallet\'s confirmed outputs', async () => {
    const { cold } = await fundedCold();
    for (const [branch, index] of [[0, 1], [0, 12], [1, 5]] as const) await driver.pay(cold.deriver.derive(branch, index).address, 1_000_000n);
    await driver.mine(1);
    await driver.pay(cold.deriver.derive(0, 2).address, 3_000_000n);
    const scan = await source.scanUtxoSet(cold.wallet, work);
    expect(scan.height).toBe((await source.status()).height);
    expect(scan.blockHash).toBe(await source.blockHash(scan.height));
    expect(scan.utxos.map(({ height }) => height).sort()).toEqual((await source.transactions(cold.wallet)).flatMap(({ height }) => height ?? []).sort());
    const facts = (utxos: readonly Pick<WalletUtxo, 'txid' | 'vout' | 'amountSats' | 'scriptPubKey'>[]): readonly string[] =>
      utxos.map((found) => `${found.txid}:${found.vout} ${found.amountSats} ${Buffer.from(found.scriptPubKey).toString('hex')}`).sort();
    const confirmed = (await source.utxos(cold.wallet)).filter((found) => found.confirmations > 0);
    expect(confirmed).toHaveLength(4);
    expect(facts(scan.utxos)).toEqual(facts(confirmed));
  });

  // Nodes watch a thousand addresses by themselves, the others two hundred.
  const beyond = name === 'a real bitcoind' || name === 'a real litecoind' ? 1_020 : 230;
  test(`a wallet is watched as far as ${beyond} where somebody asks for it, its past looked through, and never less far again`, async () => {
    const cold = await newCold();
    await driver.pay(cold.deriver.derive(1, beyond).address, MONEY);
    await driver.mine(1);
    // Where several must agree, what one of them found the others look for.
    if (!name.includes('must agree')) expect(await source.utxos(cold.wallet)).toEqual([]);
    const [receive, change] = await source.watch(cold.wallet, work, { to: beyond });
    expect(Math.min(receive, change)).toBeGreaterThan(beyond);
    expect(await source.utxos(cold.wallet)).toMatchObject([{ branch: 1, index: beyond, amountSats: MONEY, confirmations: 1 }]);
    expect((await source.changesSince(cold.wallet, null, work)).transactions).toMatchObject([{ received: [{ branch: 1, index: beyond }] }]);
    expect((await source.scanUtxoSet(cold.wallet, work)).utxos).toMatchObject([{ amountSats: MONEY }]);
    const again = await source.watch(cold.wallet, work);
    expect([again[0] >= receive, again[1] >= change]).toEqual([true, true]);
    expect(await source.utxos(cold.wallet)).toHaveLength(1);
  });

  test('work that was cancelled ends with host.cancelled', async () => {
    const { wallet } = coldKeys(driver.network, 8_888);
    if (driver.network === 'practice') await expect(source.watch(wallet, { ...work, isCancelled: () => true })).rejects.toMatchObject({ code: 'host.cancelled' });
    await source.watch(wallet, work);
    expect(await source.utxos(wallet)).toEqual([]);
  });
});
