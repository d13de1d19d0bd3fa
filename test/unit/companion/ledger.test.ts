import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { WalletTransaction } from '../../../src/companion/chain-source.ts';
import { nextFreeIndex, usedIndices } from '../../../src/companion/ledger/addresses.ts';
import { auditOutputs } from '../../../src/companion/ledger/audit.ts';
import { balanceOf, changeOf, confirmationsAt, confirmedUtxos } from '../../../src/companion/ledger/balance.ts';
import { bookTransactions, type Origin } from '../../../src/companion/ledger/book.ts';
import { ledgerCsv, ledgerJson, ledgerLines } from '../../../src/companion/ledger/entries.ts';
import type { BookedPlan, BookedTransaction } from '../../../src/companion/ledger/ledger.ts';
import { parseCsv } from '../../../src/companion/payments/csv.ts';

const id = (letter: string): string => letter.repeat(64);
const NOW = '2026-11-22T12:00:00.000Z';
const unknown = (): Origin => ({ plan: null, intent: null });

const receive = (txid: string, amountSats: bigint, confirmations: number, height: number | null = confirmations > 0 ? 101 - confirmations : null): WalletTransaction =>
  ({ txid, height, confirmations, received: [{ vout: 0, amountSats, branch: 0, index: 0 }], spent: [], feeSats: null });
const spend = (txid: string, from: string, amountSats: bigint, changeSats: bigint, confirmations: number): WalletTransaction =>
  ({ txid, height: confirmations > 0 ? 101 - confirmations : null, confirmations, received: changeSats === 0n ? [] : [{ vout: 1, amountSats: changeSats, branch: 1, index: 0 }], spent: [{ txid: from, vout: 0, amountSats }], feeSats: 500n });

/** The books after each of these looks at the node. */
function booksAfter(...looks: readonly (readonly WalletTransaction[])[]): BookedTransaction[] {
  const books = new Map<string, BookedTransaction>();
  for (const seen of looks) for (const changed of bookTransactions('w', [...books.values()], seen, unknown, NOW)) books.set(changed.txid, changed);
  return [...books.values()];
}
const statesOf = (books: readonly BookedTransaction[]) => books.map((entry) => [entry.txid[0], entry.state, entry.live]);

test('a transaction goes from broadcast to confirmed, and a refresh that finds nothing new writes nothing', () => {
  expect(statesOf(booksAfter([receive(id('a'), 5n, 0)]))).toEqual([['a', 'broadcast', true]]);
  const books = booksAfter([receive(id('a'), 5n, 0)], [receive(id('a'), 5n, 1)]);
  expect(books).toEqual([expect.objectContaining({ state: 'confirmed', height: 100, kind: 'receive', bookedAt: NOW })]);
  expect(bookTransactions('w', books, [receive(id('a'), 5n, 1)], unknown, '2027-01-01T00:00:00.000Z')).toEqual([]);
});

test('a block that leaves the chain takes its entries back to unconfirmed; the next block confirms them again', () => {
  const reorganised = booksAfter([receive(id('a'), 5n, 3)], [receive(id('a'), 5n, 0)]);
  expect(reorganised).toEqual([expect.objectContaining({ state: 'reorganised', height: null, live: true })]);
  expect(balanceOf(reorganised)).toEqual({ confirmedSats: 0n, unconfirmedSats: 5n });
  expect(statesOf(booksAfter([receive(id('a'), 5n, 3)], [receive(id('a'), 5n, 0)], [receive(id('a'), 5n, 1)]))).toEqual([['a', 'confirmed', true]]);
});

test('an entry whose input the chain spent otherwise is replaced, and counts no longer', () => {
  const funded = receive(id('a'), 100_000n, 10);
  const books = booksAfter([funded, spend(id('b'), id('a'), 100_000n, 40_000n, 0)], [funded, spend(id('b'), id('a'), 100_000n, 40_000n, -1), spend(id('c'), id('a'), 100_000n, 30_000n, 1)]);
  expect(statesOf(books)).toEqual([['a', 'confirmed', true], ['b', 'replaced', false], ['c', 'confirmed', true]]);
  expect(balanceOf(books)).toEqual({ confirmedSats: 30_000n, unconfirmedSats: 0n });
});

test('a confirmed entry that vanishes in a reorganisation and is double-spent is replaced, not waiting', () => {
  const funded = receive(id('a'), 100_000n, 10);
  const books = booksAfter([funded, spend(id('b'), id('a'), 100_000n, 40_000n, 1)], [funded, spend(id('c'), id('a'), 100_000n, 30_000n, 1)]);
  expect(statesOf(books)).toEqual([['a', 'confirmed', true], ['b', 'replaced', false], ['c', 'confirmed', true]]);
});

test('what the node no longer lists stays in the books and does not count', () => {
  expect(statesOf(booksAfter([receive(id('a'), 5n, 0)], []))).toEqual([['a', 'broadcast', false]]);
  const vanished = booksAfter([receive(id('a'), 5n, 2)], []);
  expect(statesOf(vanished)).toEqual([['a', 'reorganised', false]]);
  expect(balanceOf(vanished)).toEqual({ confirmedSats: 0n, unconfirmedSats: 0n });
  expect(statesOf(booksAfter([receive(id('a'), 5n, -1)]))).toEqual([['a', 'replaced', false]]);
});

test('a payment in the mempool takes from the unconfirmed balance only', () => {
  const books = booksAfter([receive(id('a'), 100_000n, 10), spend(id('b'), id('a'), 100_000n, 40_000n, 0)]);
  expect(balanceOf(books)).toEqual({ confirmedSats: 100_000n, unconfirmedSats: -60_000n });
  expect(books.map(changeOf)).toEqual([100_000n, -60_000n]);
});

test('plan and intent name kind and references, for the wallet that the plan was made for only', () => {
  const plan: BookedPlan = { planId: id('p'), kind: 'sweep', walletId: 'w', plannedAt: NOW, outpoints: [], references: ['INV-1'], reserved: null };
  const origin = (): Origin => ({ plan, intent: { txid: id('a'), planId: id('p'), network: 'regtest', transaction: new Uint8Array(), references: ['weekly', 'INV-1'], intendedAt: NOW, state: 'sent' } });
  expect(bookTransactions('w', [], [receive(id('a'), 5n, 0)], origin, NOW)).toEqual([expect.objectContaining({ kind: 'sweep', references: ['INV-1', 'weekly'] })]);
  expect(bookTransactions('other', [], [receive(id('a'), 5n, 0)], origin, NOW)).toEqual([expect.objectContaining({ kind: 'receive', references: ['weekly', 'INV-1'] })]);
});

test('property: for any history without conflicts the balance is what was received less what was spent', () => {
  const history = fc.array(fc.record({ amount: fc.bigInt({ min: 1n, max: 10_000_000n }), depth: fc.integer({ min: 0, max: 5 }), spends: fc.boolean() }), { minLength: 1, maxLength: 12 });
  fc.assert(fc.property(history, (items) => {
    const seen: WalletTransaction[] = items.flatMap((item, index) => {
      const letter = (index * 2).toString(16).padStart(64, '0');
      const funded = receive(letter, item.amount, item.depth);
      return item.spends ? [funded, spend((index * 2 + 1).toString(16).padStart(64, '0'), letter, item.amount, 0n, 0)] : [funded];
    });
    const books = booksAfter(seen);
    const kept = items.filter((item) => !item.spends).reduce((sum, item) => sum + item.amount, 0n);
    const { confirmedSats, unconfirmedSats } = balanceOf(books);
    expect(confirmedSats + unconfirmedSats).toBe(kept);
    expect(confirmedSats).toBe(items.filter((item) => item.depth > 0).reduce((sum, item) => sum + item.amount, 0n));
    expect(books.reduce((sum, entry) => sum + changeOf(entry), 0n)).toBe(kept);
  }));
});

test('the audit compares outputs, not sums', () => {
  const books = confirmedUtxos(booksAfter([receive(id('a'), 5n, 1), receive(id('b'), 7n, 1)]));
  expect(auditOutputs(books, [{ outpoint: `${id('a')}:0`, amountSats: 5n }, { outpoint: `${id('b')}:0`, amountSats: 7n }])).toEqual({ ledgerSats: 12n, nodeSats: 12n, agrees: true, differences: [] });
  expect(auditOutputs(books, [{ outpoint: `${id('a')}:0`, amountSats: 6n }, { outpoint: `${id('c')}:0`, amountSats: 6n }])).toEqual({
    ledgerSats: 12n, nodeSats: 12n, agrees: false,
    differences: [{ kind: 'amount', outpoint: `${id('a')}:0`, amountSats: 6n }, { kind: 'missing-in-node', outpoint: `${id('b')}:0`, amountSats: 7n }, { kind: 'missing-in-ledger', outpoint: `${id('c')}:0`, amountSats: 6n }],
  });
});

test('confirmations are counted at the tip of the last refresh', () => {
  expect(confirmationsAt({ height: 100, state: 'confirmed' }, 105)).toBe(6);
  expect(confirmationsAt({ height: null, state: 'reorganised' }, 105)).toBe(0);
  expect(confirmationsAt({ height: 100, state: 'confirmed' }, null)).toBe(0);
});

test('the exported books hold every line, exact amounts, and no text that a spreadsheet would run', () => {
  const [entry] = booksAfter([receive(id('a'), 2_100_000_000_000_000n, 1)]) as [BookedTransaction];
  const lines = ledgerLines([{ ...entry, changeSats: changeOf(entry), references: ['=HYPERLINK("x")', 'a, b'], costCodes: ['4711'] }], [{ walletId: 'w', name: '+Treasury', network: 'regtest' }], [{ network: 'regtest', height: 105, refreshedAt: NOW }]);
  const { records, faults } = parseCsv(ledgerCsv(lines));
  expect(faults).toEqual([]);
  expect(records[1]?.fields).toEqual([NOW, id('a'), 'w', '\'+Treasury', 'receive', 'confirmed', '2100000000000000', '', '100', '6', '\'=HYPERLINK("x"); a, b', '4711']);
  expect(JSON.parse(ledgerJson(lines))).toEqual({ format: 'strongroom-ledger', version: 1, entries: [{ ...lines[0] }] });
  expect(ledgerJson(lines)).toBe(`${JSON.stringify({ format: 'strongroom-ledger', version: 1, entries: lines }, null, 2)}\n`);
  expect(ledgerJson([])).toBe(`${JSON.stringify({ format: 'strongroom-ledger', version: 1, entries: [] }, null, 2)}\n`);
});

test('a document written in parts is the document written whole', () => {
  const [entry] = booksAfter([receive(id('a'), 5n, 1)]) as [BookedTransaction];
  const lines = ledgerLines(['a', 'b', 'c', 'd', 'e'].map((letter) => ({ ...entry, txid: id(letter), changeSats: 5n, costCodes: [] })), [], []);
  const parts = (write: typeof ledgerCsv) => [lines.slice(0, 2), lines.slice(2, 4), lines.slice(4), []].map((part, index) => write(part, { isFirst: index === 0, isLast: index === 3 })).join('');
  expect(parts(ledgerCsv)).toBe(ledgerCsv(lines));
  expect(parts(ledgerJson)).toBe(ledgerJson(lines));
  expect([[], lines].map((part, index) => ledgerJson(part, { isFirst: index === 0, isLast: index === 1 })).join('')).not.toBe('');
});

test('the next address is the lowest past every paid one that no other plan holds', () => {
  expect(nextFreeIndex(new Set(), [], [])).toBe(0);
  expect(nextFreeIndex(new Set([0, 4]), [], [])).toBe(5);
  expect(nextFreeIndex(new Set([0]), [{ index: 1, outpoints: ['x'] }, { index: 2, outpoints: ['y'] }], [])).toBe(3);
  expect(usedIndices([receive(id('a'), 1n, -1)], 0)).toEqual(new Set([0]));
  expect(usedIndices([receive(id('a'), 1n, 1)], 1)).toEqual(new Set());
});

test('a plan made again takes the same address; a plan beside it takes another, though it shares an input with one of two holders', () => {
  expect(nextFreeIndex(new Set(), [{ index: 0, outpoints: ['x', 'y'] }], ['y'])).toBe(0);
  expect(nextFreeIndex(new Set(), [{ index: 0, outpoints: ['x', 'y'] }, { index: 0, outpoints: ['x'] }], ['y'])).toBe(1);
});

test('addresses are not offered past what every chain source watches', () => {
  const held = Array.from({ length: 150 }, (_, index) => ({ index, outpoints: [`o${index}`] }));
  expect(nextFreeIndex(new Set(), held.slice(0, 149), [])).toBe(149);
  expect(() => nextFreeIndex(new Set(), held, [])).toThrow(expect.objectContaining({ code: 'plan.address-gap' }));
});
