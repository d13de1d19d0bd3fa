import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { canonicalJson } from '../../src/companion/ledger/canonical-json.ts';
import { booksPlace, type BooksPlace } from '../support/books/books-place.ts';
import { work } from '../support/books/random-life.ts';
import { practiceDriver, type ChainDriver } from '../support/peers/chain-driver.ts';

/* Period closes on the practice chain, each recomputed from the chain alone. */

let driver: ChainDriver;
let place: BooksPlace;
let number = 700;
beforeAll(async () => {
  driver = await practiceDriver();
});
afterAll(async () => driver?.stop());
beforeEach(() => {
  place = booksPlace(driver);
  number += 10;
});
afterEach(() => place.close());

const height = async (): Promise<number> => (await driver.source.status()).height;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A hot wallet that was paid and swept into a cold one, which then paid somebody; all confirmed. */
async function busyMonth() {
  const [hot, cold, stranger] = [place.wallet(number), place.wallet(number + 1), place.wallet(number + 2)];
  for (const { wallet } of [hot, cold]) await driver.source.watch(wallet, work);
  const first = (await height()) + 1;
  await driver.pay(hot.deriver.derive(0, 0).address, 3_000_000n);
  await driver.mine(1);
  const swept = await driver.source.utxos(hot.wallet);
  const sweep = await driver.source.broadcast(hot.spend({ inputs: swept, outputs: [{ scriptPubKey: cold.deriver.derive(0, 0).scriptPubKey, amountSats: 2_999_000n }] }));
  await driver.mine(1);
  const paid = await driver.source.utxos(cold.wallet);
  const pay = await driver.source.broadcast(cold.spend({ inputs: paid, outputs: [{ scriptPubKey: stranger.deriver.derive(0, 0).scriptPubKey, amountSats: 500_000n }, { scriptPubKey: cold.deriver.derive(1, 0).scriptPubKey, amountSats: 2_497_000n }] }));
  await driver.mine(1);
  return { hot, cold, stranger, first, last: await height(), sweep, pay };
}
type Close = Awaited<ReturnType<BooksPlace['handlers']['ledger.close']>>;
const close = async (wallets: readonly { readonly file: string }[], from: string | null, to: string): Promise<Close> => place.handlers['ledger.close']({ wallets: wallets.map(({ file }) => file), node: 'node', from, to }, work);
const verify = async (content: string, wallets: readonly { readonly file: string }[], previous: string | null = null) => place.handlers['ledger.verify-close']({ content, wallets: wallets.map(({ file }) => file), node: 'node', previous }, work);

test('a period: opening, receipts, transfers, payments, fees, closing; canonical, hashed, and equal to what the chain alone says', async () => {
  const { hot, cold, first, last, sweep, pay } = await busyMonth();
  await driver.mine(6);
  const closed = await close([hot, cold], String(first), String(last));
  const of = (file: { readonly wallet: { readonly name: string } }) => closed.wallets.find(({ walletName }) => walletName === file.wallet.name);
  expect(of(hot)).toMatchObject({ openingSats: '0', receiptsSats: '3000000', paymentsSats: '0', transfersInSats: '0', transfersOutSats: '2999000', feesSats: '1000', closingSats: '0', transactions: 2 });
  expect(of(cold)).toMatchObject({ openingSats: '0', receiptsSats: '0', paymentsSats: '500000', transfersInSats: '2999000', transfersOutSats: '0', feesSats: '2000', closingSats: '2497000', transactions: 2 });
  expect(closed).toMatchObject({ from: { height: first }, to: { height: last, hash: await driver.source.blockHash(last) }, previous: null, transactions: 3 });
  expect(closed.exceptions).toEqual([{ code: 'unplanned-payment', subject: pay, detail: '500000' }]);
  expect(closed.sha256).toBe(sha256(closed.content));
  const document = JSON.parse(closed.content);
  expect(canonicalJson(document)).toBe(closed.content);
  expect(document.transactions.map(({ txid }: { txid: string }) => txid).slice(1)).toEqual([sweep, pay]);
  const pdf = Buffer.from(closed.pdfBase64, 'base64');
  expect(pdf.subarray(0, 8).toString()).toBe('%PDF-1.7');
  if (process.env['STRONGROOM_CLOSE_PDF'] !== undefined) writeFileSync(process.env['STRONGROOM_CLOSE_PDF'], pdf);
  expect(await verify(closed.content, [hot, cold])).toEqual({ sha256: closed.sha256, equal: true, transactions: 3, differences: [] });
});

test('verification names each thing that was changed, and does not look into the ledger', async () => {
  const { hot, cold, first, last, pay } = await busyMonth();
  const closed = await close([hot, cold], String(first), String(last));
  const changed = async (change: (document: any) => void) => {
    const document = JSON.parse(closed.content);
    change(document);
    return (await verify(canonicalJson(document), [hot, cold])).differences;
  };
  const coldAt = JSON.parse(closed.content).wallets.findIndex(({ name }: { name: string }) => name === cold.wallet.name);
  expect((await changed((document) => { document.wallets[coldAt].closingSats = '2497001'; })).map(({ what, stated, found }) => [what, stated, found])).toEqual([['utxo-set', '2497001', '2497000'], ['balance', '2497001', '2497000']]);
  expect(await changed((document) => { document.wallets[coldAt].paymentsSats = '1'; })).toMatchObject([{ what: 'sum', stated: '1', found: '500000' }]);
  expect(await changed((document) => { document.to.hash = 'ab'.repeat(32); })).toMatchObject([{ what: 'block', stated: 'ab'.repeat(32) }]);
  expect(await changed((document) => { document.transactions.pop(); })).toMatchObject([{ what: 'transaction', subject: pay, stated: null }]);
  expect(await changed((document) => { document.transactions[2].height -= 1; })).toMatchObject([{ what: 'transaction', subject: pay }]);
  expect(await changed((document) => { document.transactions.push({ ...document.transactions[2], txid: 'cd'.repeat(32) }); })).toMatchObject([{ what: 'transaction', subject: 'cd'.repeat(32), found: null }]);
  expect((await verify(closed.content, [hot])).differences).toContainEqual(expect.objectContaining({ what: 'wallet', found: null }));
  await expect(verify(`${closed.content} `, [hot, cold])).rejects.toMatchObject({ code: 'close.malformed' });
  await expect(verify('{}', [hot, cold])).rejects.toMatchObject({ code: 'close.malformed' });
  await expect(verify('{', [hot, cold])).rejects.toMatchObject({ code: 'close.malformed' });
});

test('closes form a chain: the next begins where the last ended, and names it by its hash', async () => {
  const { hot, cold, first, last } = await busyMonth();
  const one = await close([hot, cold], String(first), String(last));
  await driver.pay(cold.deriver.derive(0, 5).address, 40_000n);
  await driver.mine(2);
  await expect(close([hot, cold], String(last + 2), String(last + 2))).rejects.toMatchObject({ code: 'ledger.period', details: { reason: 'gap', expected: last + 1 } });
  await expect(close([hot, cold], String(last), String(last + 2))).rejects.toMatchObject({ code: 'ledger.period', details: { reason: 'gap' } });
  await expect(close([hot, cold], null, String(last))).rejects.toMatchObject({ code: 'ledger.period', details: { reason: 'empty' } });
  await expect(close([hot, cold], null, String(last + 99))).rejects.toMatchObject({ code: 'ledger.period', details: { reason: 'above-tip' } });
  await expect(close([hot, cold], null, 'yesterday')).rejects.toMatchObject({ code: 'ledger.period', details: { reason: 'malformed' } });
  await expect(close([hot, cold], null, '2099-01-01')).rejects.toMatchObject({ code: 'ledger.period', details: { reason: 'not-over' } });
  const two = await close([cold, hot], null, String(last + 2));
  expect(two).toMatchObject({ previous: one.sha256, from: { height: last + 1 } });
  expect(two.wallets.find(({ walletName }) => walletName === cold.wallet.name)).toMatchObject({ openingSats: '2497000', receiptsSats: '40000', closingSats: '2537000' });
  expect(await verify(two.content, [hot, cold], one.content)).toMatchObject({ equal: true });
  expect(await verify(two.content, [hot, cold], two.content)).toMatchObject({ equal: false, differences: [{ what: 'previous', stated: one.sha256, found: two.sha256 }] });
  const { periods } = await place.handlers['ledger.closes']({}, work);
  expect(periods.map(({ sha256: name, previous }) => [name, previous])).toEqual([[one.sha256, null], [two.sha256, one.sha256]]);
  expect(place.ledger.books.check()).toEqual([]);
  // The same wallets in another set begin a chain of their own.
  expect((await close([cold], null, String(last))).previous).toBeNull();
});

test('a reorganisation below a close is told by the next close, and no closed entry changes in silence', async () => {
  const { hot, cold, first, last, pay } = await busyMonth();
  const one = await close([hot, cold], String(first), String(last));
  await place.handlers['ledger.annotate']({ txid: pay, reference: 'Rent', costCode: null }, work);
  await driver.reorganise(2);
  await driver.mine(1);
  const two = await close([hot, cold], null, String(await height()));
  const codes = two.exceptions.map(({ code }) => code);
  expect(codes).toContain('previous-left-chain');
  expect(codes).toContain('opening-differs');
  expect(two.exceptions).toContainEqual({ code: 'changed-after-close', subject: pay, detail: `reorganised ${last}` });
  expect(two.exceptions).toContainEqual({ code: 'shallow', subject: two.to.hash, detail: '1' });
  expect(two.previous).toBe(one.sha256);
  expect(await verify(two.content, [hot, cold], one.content)).toMatchObject({ equal: true });
  expect(await verify(one.content, [hot, cold])).toMatchObject({ equal: false });
  expect(place.ledger.books.check()).toEqual([]);
});

test('a note that was changed after the close, and what waits, are exceptions', async () => {
  const { hot, cold, first, last, pay } = await busyMonth();
  await close([hot, cold], String(first), String(last));
  await place.handlers['ledger.annotate']({ txid: pay, reference: 'Rent', costCode: '4711', by: 'bert' }, work);
  await driver.mine(1);
  const waiting = await driver.pay(cold.deriver.derive(0, 9).address, 30_000n);
  const two = await close([hot, cold], null, String(await height()));
  expect(two.exceptions).toContainEqual({ code: 'note-changed-after-close', subject: pay, detail: 'reference Rent' });
  expect(two.exceptions).toContainEqual({ code: 'note-changed-after-close', subject: pay, detail: 'cost-code 4711' });
  expect(two.exceptions).toContainEqual({ code: 'waiting', subject: waiting, detail: '30000' });
  const shown = await place.handlers['ledger.show']({ txid: pay }, work);
  expect(shown.changes).toMatchObject([{ field: 'reference', before: null, after: 'Rent', changedBy: 'bert' }, { field: 'cost-code', after: '4711' }]);
  expect(shown.journal.map(({ event }) => event)).toContain('confirmed');
  await expect(place.handlers['ledger.annotate']({ txid: 'ab'.repeat(32), reference: 'x' }, work)).rejects.toMatchObject({ code: 'ledger.unknown-entry' });
  await expect(place.handlers['ledger.show']({ txid: 'ab'.repeat(32) }, work)).rejects.toMatchObject({ code: 'ledger.unknown-entry' });
});

test('days are found by the median time of blocks; a day that may not be over is refused', async () => {
  const { hot, cold, first } = await busyMonth();
  const today = new Date().toISOString().slice(0, 10);
  const tip = await height();
  const times = new Map<number, number>();
  const start = Date.parse('2026-10-31T23:00:00Z') / 1000;
  // An hour between blocks, from the last hour of October on.
  for (let block = 0; block <= tip; block += 1) times.set(block, start + (block - first) * 3_600);
  place.sources.set('node', { ...driver.source, blockTime: async (block) => times.get(block) ?? null });
  const october = await close([hot, cold], '2026-10-31', '2026-10-31');
  expect(october.to.height).toBe(first);
  expect((await verify(october.content, [hot, cold])).equal).toBe(true);
  await expect(close([hot, cold], null, '2026-11-01')).rejects.toMatchObject({ code: 'ledger.period', details: { reason: 'not-over' } });
  place.sources.set('node', (({ blockTime: _, ...rest }) => rest)(driver.source));
  await expect(close([hot, cold], null, today)).rejects.toMatchObject({ code: 'ledger.period', details: { reason: 'no-dates' } });
});
