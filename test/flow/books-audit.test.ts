import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ChainSource } from '../../src/companion/chain-source.ts';
import { booksPlace, type BooksPlace } from '../support/books/books-place.ts';
import { work } from '../support/books/random-life.ts';
import { practiceDriver, type ChainDriver } from '../support/peers/chain-driver.ts';

/* Each reason why books and node may differ, made to happen on the practice chain, and what repairs it. */

let driver: ChainDriver;
let place: BooksPlace;
let number = 500;
beforeAll(async () => {
  driver = await practiceDriver();
});
afterAll(async () => driver?.stop());
beforeEach(() => {
  place = booksPlace(driver);
  number += 1;
});
afterEach(() => place.close());

const classes = ({ differences }: { readonly differences: readonly { readonly kind: string; readonly class?: string | undefined; readonly repair?: { readonly code: string } | undefined }[] }) => differences.map(({ kind, class: reason, repair }) => [kind, reason, repair?.code]);

/** A wallet with one confirmed output that the books know. */
async function booked() {
  const cold = place.wallet(number);
  await driver.source.watch(cold.wallet, work);
  await driver.pay(cold.deriver.derive(0, 0).address, 1_000_000n);
  await driver.mine(1);
  await place.refresh(cold);
  return cold;
}

test('books that are up to date agree at a named block', async () => {
  const cold = await booked();
  const audit = await place.audit(cold);
  expect(audit).toMatchObject({ agrees: true, ledgerSats: '1000000', nodeSats: '1000000', differences: [], waiting: [] });
  expect(audit.blockHash).toBe(await driver.source.blockHash(audit.height));
  expect(audit.books).toEqual({ height: audit.height, hash: audit.blockHash });
});

test('unknown-receipt: money that nobody planned arrived after the last refresh; a refresh repairs it', async () => {
  const cold = await booked();
  await driver.pay(cold.deriver.derive(0, 1).address, 5_000n);
  await driver.mine(1);
  expect(classes(await place.audit(cold))).toEqual([['missing-in-ledger', 'unknown-receipt', 'refresh']]);
  await place.refresh(cold);
  expect((await place.audit(cold)).agrees).toBe(true);
});

test('missing-transaction: a spend of ours that the books do not have shows as both its sides', async () => {
  const cold = await booked();
  const [utxo] = await driver.source.utxos(cold.wallet);
  await driver.source.broadcast(cold.spend({ inputs: [utxo as NonNullable<typeof utxo>], outputs: [{ scriptPubKey: cold.deriver.derive(1, 0).scriptPubKey, amountSats: 900_000n }] }));
  await driver.mine(1);
  expect(classes(await place.audit(cold)).sort()).toEqual([['missing-in-ledger', 'missing-transaction', 'refresh'], ['missing-in-node', 'missing-transaction', 'refresh']]);
  await place.refresh(cold);
  expect((await place.audit(cold)).agrees).toBe(true);
});

test('reorganised: the block that the books have it in was left', async () => {
  const cold = await booked();
  await driver.reorganise(1);
  expect(classes(await place.audit(cold))).toEqual([['missing-in-node', 'reorganised', 'refresh']]);
  await place.refresh(cold);
  expect(await place.audit(cold)).toMatchObject({ agrees: true, ledgerSats: '0' });
});

test('unconfirmed-too-long: it waits for a day by the clock, or for 144 blocks', async () => {
  const cold = await booked();
  const [utxo] = await driver.source.utxos(cold.wallet);
  const txid = await driver.source.broadcast(cold.spend({ inputs: [utxo as NonNullable<typeof utxo>], outputs: [{ scriptPubKey: cold.deriver.derive(1, 0).scriptPubKey, amountSats: 900_000n }] }));
  await place.refresh(cold);
  expect(await place.audit(cold)).toMatchObject({ agrees: true, waiting: [] });
  place.now = '2026-11-24T12:00:01.000Z';
  expect((await place.audit(cold)).waiting).toMatchObject([{ txid, changeSats: '-100000', class: 'unconfirmed-too-long', blocks: 0, repair: { code: 'bump-fee' } }]);
  place.now = '2026-11-23T12:00:00.000Z';
  const unmoved: ChainSource = { ...driver.source, scanUtxoSet: async (wallet, task) => ({ ...(await driver.source.scanUtxoSet(wallet, task)), height: (await driver.source.status()).height + 144 }) };
  place.sources.set('later', unmoved);
  expect((await place.audit(cold, 'later')).waiting).toMatchObject([{ txid, blocks: 144, class: 'unconfirmed-too-long' }]);
});

test('beyond-gap-limit: paid to an address further out than the source watches', async () => {
  const cold = await booked();
  await driver.pay(cold.deriver.derive(0, 250).address, 7_000n);
  await driver.mine(1);
  await place.refresh(cold);
  const audit = await place.audit(cold);
  expect(classes(audit)).toEqual([['missing-in-ledger', 'beyond-gap-limit', 'widen-watch']]);
  // The block that it is in is one that the books were compared with already: widening has them look at the whole history once more.
  expect(await place.widen(cold, audit.differences[0]?.place?.index ?? 0)).toMatchObject({ from: { receive: 199, change: 199 }, to: { receive: 250, change: 250 }, addresses: 102, found: { outputs: 1, amountSats: '7000', unspentSats: '7000' } });
  await place.refresh(cold);
  expect(await place.audit(cold)).toMatchObject({ agrees: true, ledgerSats: '1007000', nodeSats: '1007000' });
  // Harmless to repeat, and never less than before.
  expect(await place.widen(cold, 3)).toMatchObject({ addresses: 0, found: { outputs: 0, amountSats: '0' } });
  await place.refresh(cold);
  expect(await place.audit(cold)).toMatchObject({ agrees: true, ledgerSats: '1007000' });
});

test('a wallet is not watched further than 100,000, and a stopped widening is not remembered', async () => {
  const cold = await booked();
  await expect(place.widen(cold, 100_001)).rejects.toMatchObject({ code: 'wallet.watch-too-far', details: { to: 100_001, most: 100_000 } });
  await expect(place.handlers['wallet.widen']({ wallet: cold.file, node: 'node', to: 300 }, { ...work, isCancelled: () => true })).rejects.toMatchObject({ code: 'host.cancelled' });
  expect(await place.widen(cold, 300)).toMatchObject({ from: { receive: 199 }, to: { receive: 300 } });
});

test('pruned-history: a node that discarded its old blocks before it watched the wallet', async () => {
  const cold = place.wallet(number);
  await driver.pay(cold.deriver.derive(0, 0).address, 9_000n);
  await driver.mine(1);
  // The practice node discards nothing: what a pruned one says is said for it. The same on a real one: peers/books-pruned.test.ts.
  place.sources.set('pruned', { ...driver.source, status: async () => ({ ...(await driver.source.status()), pruned: true }), transactions: async () => [] });
  expect(classes(await place.audit(cold, 'pruned'))).toEqual([['missing-in-ledger', 'pruned-history', 'use-full-node']]);
});

test('wrong-descriptor: the books hold an output that the wallet does not derive', async () => {
  const cold = await booked();
  number += 1;
  const other = place.wallet(number);
  await driver.source.watch(other.wallet, work);
  await driver.pay(other.deriver.derive(0, 3).address, 4_000n);
  await driver.mine(1);
  // A node whose wallet of this name holds another wallet's descriptors.
  place.sources.set('node', { ...driver.source, changesSince: async (_, since, task) => driver.source.changesSince(other.wallet, since, task) });
  await place.refresh(cold);
  place.sources.set('node', driver.source);
  expect(classes(await place.audit(cold))).toEqual([['missing-in-node', 'wrong-descriptor', 'check-wallet-file']]);
});

test('damaged-books: an amount that the transaction\'s id contradicts', async () => {
  const cold = await booked();
  place.sources.set('lying', { ...driver.source, scanUtxoSet: async (wallet, task) => {
    const scan = await driver.source.scanUtxoSet(wallet, task);
    return { ...scan, utxos: scan.utxos.map((utxo) => ({ ...utxo, amountSats: utxo.amountSats + 1n })) };
  } });
  expect(classes(await place.audit(cold, 'lying'))).toEqual([['amount', 'damaged-books', 'check-books']]);
});

test('several sources are each asked by themselves: the one that differs is named', async () => {
  const cold = await booked();
  place.sources.set('lagging', { ...driver.source, scanUtxoSet: async (wallet, task) => ({ ...(await driver.source.scanUtxoSet(wallet, task)), utxos: [] }) });
  const audit = await place.handlers['ledger.audit']({ wallet: cold.file, node: ['node', 'lagging'] } as never, work);
  expect(audit).toMatchObject({ agrees: false, nodeSats: '0', sources: [{ source: 1, agrees: true }, { source: 2, agrees: false, nodeSats: '0' }] });
});
