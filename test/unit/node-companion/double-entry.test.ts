import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { BookedTransaction, Ledger } from '../../../src/companion/ledger/ledger.ts';
import { postingsOf } from '../../../src/companion/ledger/postings.ts';
import { openSqliteLedger } from '../../../src/node/companion/sqlite-ledger.ts';
import { booksSchema } from '../../../src/node/companion/schema/books.ts';

const folder = mkdtempSync(join(tmpdir(), 'strongroom-double-entry-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;
const newPath = (): string => join(folder, `ledger-${(count += 1)}.db`);
const open: Ledger[] = [];
afterEach(() => open.splice(0).forEach((ledger) => ledger.close()));
function newLedger(path = newPath()): Ledger {
  const ledger = openSqliteLedger(path);
  open.push(ledger);
  ledger.saveWallet({ walletId: 'hot', name: 'Hot', network: 'regtest' });
  ledger.saveWallet({ walletId: 'cold', name: 'Cold', network: 'regtest' });
  return ledger;
}

const NOW = '2026-11-23T12:00:00.000Z';
const id = (letter: string): string => letter.repeat(64);
const base = { kind: 'receive', state: 'confirmed', live: true, height: 100, blockHash: id('1'), feeSats: null, bookedAt: NOW, received: [], spent: [], references: [] } as const;
const received = (walletId: string, txid: string, amountSats: bigint, more: Partial<BookedTransaction> = {}): BookedTransaction =>
  ({ ...base, txid, walletId, received: [{ vout: 0, amountSats, branch: 0, index: 0 }], ...more });
/** Everything of `a` in the hot wallet swept into the cold one for a fee of 100. */
const sweepOut = (more: Partial<BookedTransaction> = {}): BookedTransaction => ({ ...base, kind: 'sweep', txid: id('b'), walletId: 'hot', height: 101, feeSats: 100n, spent: [{ txid: id('a'), vout: 0, amountSats: 1_000n }], ...more });
const sweepIn = (more: Partial<BookedTransaction> = {}): BookedTransaction => received('cold', id('b'), 900n, { height: 101, ...more });
const accountsOf = (ledger: Ledger) => Object.fromEntries(ledger.books.accounts('regtest').filter(({ balanceSats }) => balanceSats !== 0n).map(({ account, layer, balanceSats }) => [`${account} ${layer}`, balanceSats]));
const eventsOf = (ledger: Ledger, txid: string) => ledger.books.journal(txid).map(({ event, height, postings }) => [event, height, Object.fromEntries(postings.map(({ account, layer, amountSats }) => [`${account} ${layer}`, amountSats]))]);

describe('postings', () => {
  test('a transfer between two own wallets is one transaction with two wallets and one fee; nothing of it is outside', () => {
    expect(postingsOf([{ walletId: 'hot', layer: 'settled', changeSats: -1_000n, feeSats: 100n }, { walletId: 'cold', layer: 'settled', changeSats: 900n, feeSats: null }])).toEqual([
      { account: 'wallet:hot', layer: 'settled', amountSats: -1_000n }, { account: 'wallet:cold', layer: 'settled', amountSats: 900n }, { account: 'fees', layer: 'settled', amountSats: 100n },
    ]);
  });

  test('what has left one wallet and has not arrived in the other is in transit, and only that', () => {
    expect(postingsOf([{ walletId: 'hot', layer: 'settled', changeSats: -1_000n, feeSats: 100n }, { walletId: 'cold', layer: 'waiting', changeSats: 600n, feeSats: null }])).toEqual([
      { account: 'wallet:hot', layer: 'settled', amountSats: -1_000n }, { account: 'wallet:cold', layer: 'waiting', amountSats: 600n },
      { account: 'fees', layer: 'settled', amountSats: 100n }, { account: 'transit', layer: 'settled', amountSats: 600n }, { account: 'outside', layer: 'settled', amountSats: 300n },
      { account: 'transit', layer: 'waiting', amountSats: -600n },
    ]);
  });
});

test('a receipt waits, settles, leaves its block and settles in another: each is an entry of its own, none is deleted', () => {
  const ledger = newLedger();
  ledger.saveTransaction(received('hot', id('a'), 1_000n, { state: 'broadcast', height: null }));
  expect(accountsOf(ledger)).toEqual({ 'wallet:hot waiting': 1_000n, 'outside waiting': -1_000n });
  ledger.saveTransaction(received('hot', id('a'), 1_000n));
  expect(ledger.books.balance('hot')).toEqual({ confirmedSats: 1_000n, unconfirmedSats: 0n });
  ledger.saveTransaction(received('hot', id('a'), 1_000n, { height: 102, blockHash: id('2') }));
  expect(eventsOf(ledger, id('a'))).toEqual([
    ['seen', null, { 'wallet:hot waiting': 1_000n, 'outside waiting': -1_000n }],
    ['confirmed', 100, { 'wallet:hot waiting': -1_000n, 'outside waiting': 1_000n, 'wallet:hot settled': 1_000n, 'outside settled': -1_000n }],
    ['reorganised', 100, { 'wallet:hot waiting': 1_000n, 'outside waiting': -1_000n, 'wallet:hot settled': -1_000n, 'outside settled': 1_000n }],
    ['confirmed', 102, { 'wallet:hot waiting': -1_000n, 'outside waiting': 1_000n, 'wallet:hot settled': 1_000n, 'outside settled': -1_000n }],
  ]);
  ledger.saveTransaction(received('hot', id('a'), 1_000n, { state: 'replaced', live: false, height: null }));
  expect(accountsOf(ledger)).toEqual({});
  expect(ledger.books.unspent('hot')).toEqual([]);
  expect(ledger.books.check()).toEqual([]);
});

test('a sweep that is booked for one wallet first, then for the other', () => {
  const ledger = newLedger();
  ledger.saveTransaction(received('hot', id('a'), 1_000n));
  ledger.saveTransaction(sweepOut());
  expect(accountsOf(ledger)).toEqual({ 'fees settled': 100n, 'outside settled': -100n });
  ledger.saveTransaction(sweepIn({ state: 'broadcast', height: null }));
  expect(accountsOf(ledger)).toEqual({ 'fees settled': 100n, 'outside settled': -1_000n, 'transit settled': 900n, 'transit waiting': -900n, 'wallet:cold waiting': 900n });
  ledger.saveTransaction(sweepIn());
  expect(accountsOf(ledger)).toEqual({ 'fees settled': 100n, 'outside settled': -1_000n, 'wallet:cold settled': 900n });
  expect(ledger.books.unspent('hot')).toEqual([]);
  expect(ledger.books.unspent('cold')).toEqual([{ outpoint: `${id('b')}:0`, amountSats: 900n, height: 101 }]);
  expect(ledger.books.balanceAt('hot', 100)).toBe(1_000n);
  expect(ledger.books.balanceAt('hot', 101)).toBe(0n);
  expect(ledger.books.check()).toEqual([]);
});

test('what a spend took back is unspent again when its block is left, unless another one spends it', () => {
  const ledger = newLedger();
  ledger.saveTransaction(received('hot', id('a'), 1_000n));
  ledger.saveTransaction(sweepOut());
  ledger.saveTransaction(sweepOut({ state: 'reorganised', height: null }));
  expect(ledger.books.unspent('hot')).toEqual([{ outpoint: `${id('a')}:0`, amountSats: 1_000n, height: 100 }]);
  ledger.saveTransaction(sweepOut({ txid: id('c'), height: 102 }));
  ledger.saveTransaction(sweepOut({ state: 'replaced', live: false, height: null }));
  expect(ledger.books.unspent('hot')).toEqual([]);
  expect(ledger.books.check()).toEqual([]);
});

describe('the schema itself', () => {
  const withRaw = (work: (raw: DatabaseSync) => void): void => {
    const path = newPath();
    const ledger = newLedger(path);
    ledger.saveTransaction(received('hot', id('a'), 1_000n));
    const raw = new DatabaseSync(path);
    raw.exec('PRAGMA foreign_keys = ON');
    try {
      work(raw);
    } finally {
      raw.close();
    }
    expect(ledger.books.check()).toEqual([]);
  };
  const entry = `INSERT INTO journal (id, network, txid, event, booked_at) VALUES (9, 'regtest', '${id('a')}', 'amended', 'now')`;
  test.each([
    ['an entry that does not sum to zero', `BEGIN; INSERT INTO posting VALUES (9, 1, 5); ${entry}; COMMIT`],
    ['an entry that sums to zero over both layers only', `BEGIN; INSERT INTO posting SELECT 9, id, CASE layer WHEN 'settled' THEN 5 ELSE -5 END FROM account WHERE name = 'outside'; ${entry}; COMMIT`],
    ['a posting without an entry', 'BEGIN; INSERT INTO posting VALUES (9, 1, 5); COMMIT'],
    ['a posting added to an entry', 'INSERT INTO posting SELECT 1, id, 5 FROM account WHERE name = \'wallet:hot\' AND layer = \'settled\''],
    ['a posting that is changed', 'UPDATE posting SET amount_sats = 7'],
    ['a posting that is deleted', 'DELETE FROM posting'],
    ['an entry that is changed', 'UPDATE journal SET height = 7'],
    ['an entry that is deleted', 'DELETE FROM journal'],
  ])('refuses %s', (_, sql) => withRaw((raw) => expect(() => raw.exec(sql)).toThrow(/zero|closed|FOREIGN KEY|not changed|not deleted/)));
  test('takes an entry that sums to zero', () => withRaw((raw) => {
    raw.exec(`BEGIN; INSERT INTO account (network, name, layer) VALUES ('regtest', 'transit', 'settled'); INSERT INTO posting SELECT 9, id, CASE name WHEN 'outside' THEN 5 ELSE -5 END FROM account WHERE name IN ('outside', 'transit') AND layer = 'settled'; ${entry}; COMMIT`);
    expect(raw.prepare('SELECT sum(balance_sats) AS sats FROM account').get()).toEqual({ sats: 0 });
  }));
});

describe('the check finds', () => {
  test.each([
    ['an account whose balance is not its postings\'', 'UPDATE account SET balance_sats = balance_sats + 1 WHERE name = \'wallet:hot\' AND layer = \'settled\'', ['not-zero', 'balance']],
    ['two balances that are wrong by as much', 'UPDATE account SET balance_sats = balance_sats + CASE name WHEN \'wallet:hot\' THEN 1 ELSE -1 END WHERE name IN (\'wallet:hot\', \'outside\') AND layer = \'settled\'', ['balance']],
    ['an amount of an output that was changed', 'UPDATE output SET amount_sats = amount_sats + 1', ['entry-sum', 'unspent']],
    ['an entry\'s sum that was changed', 'UPDATE wallet_transaction SET change_sats = change_sats + 1', ['entry-sum', 'wallet-balance']],
    ['an unspent output that was forgotten', 'DELETE FROM unspent', ['unspent']],
    ['an unspent output that never was', 'INSERT INTO unspent VALUES (\'hot\', \'x\', 0, 5, 1)', ['unspent']],
    ['a posting that was changed past the triggers', 'DROP TRIGGER posting_stays; UPDATE posting SET amount_sats = amount_sats + 1 WHERE rowid IS NULL OR account = (SELECT id FROM account WHERE name = \'wallet:hot\' AND layer = \'settled\')', ['not-zero', 'balance']],
  ])('%s', (_, sql, codes) => {
    const path = newPath();
    const ledger = newLedger(path);
    ledger.saveTransaction(received('hot', id('a'), 1_000n));
    expect(ledger.books.check()).toEqual([]);
    const raw = new DatabaseSync(path);
    raw.exec(sql.replace('rowid IS NULL OR ', ''));
    raw.close();
    expect(ledger.books.check().map(({ code }) => code)).toEqual(expect.arrayContaining(codes));
  });
});

describe('books of version 2', () => {
  /** What version 2 had written: a sweep between two wallets, one that is reorganised, one that was replaced, and a plan. */
  const oldLedger = (): string => {
    const path = newPath();
    newLedger(path).close();
    open.splice(0);
    const raw = new DatabaseSync(path);
    const added = [...booksSchema.matchAll(/CREATE (TABLE|TRIGGER|INDEX) (\w+)/g)].map(([, kind = '', name = '']) => [kind, name] as const);
    for (const kind of ['TRIGGER', 'INDEX', 'TABLE']) for (const [of, name] of added.toReversed()) if (of === kind) raw.exec(`DROP ${kind} IF EXISTS ${name}`);
    for (const column of ['change_sats', 'block_hash', 'seen_height']) raw.exec(`ALTER TABLE wallet_transaction DROP COLUMN ${column}`);
    const known = new Set(['wallet', 'tip', 'wallet_transaction', 'output', 'spend', 'entry_reference', 'plan', 'plan_input', 'plan_reference', 'reserved_address', 'broadcast', 'broadcast_reference', 'plan_psbt']);
    for (const kind of ['trigger', 'table'] as const) {
      for (const row of raw.prepare('SELECT name, tbl_name FROM sqlite_schema WHERE type = ? AND name NOT LIKE \'sqlite_%\'').all(kind)) if (!known.has(String(row['tbl_name']))) raw.exec(`PRAGMA foreign_keys = OFF; DROP ${kind} IF EXISTS "${String(row['name'])}"`);
    }
    const insert = raw.prepare('INSERT INTO wallet_transaction (id, txid, wallet_id, kind, state, live, height, fee_sats, booked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
    insert.run(1, id('a'), 'hot', 'receive', 'confirmed', 1, 100, null, NOW);
    insert.run(2, id('b'), 'cold', 'receive', 'confirmed', 1, 101, null, NOW);
    insert.run(3, id('b'), 'hot', 'sweep', 'confirmed', 1, 101, 100, NOW);
    insert.run(4, id('c'), 'cold', 'receive', 'reorganised', 1, null, null, NOW);
    insert.run(5, id('d'), 'cold', 'receive', 'replaced', 0, null, null, NOW);
    raw.exec(`INSERT INTO output VALUES (1, 0, 1000, 0, 0), (2, 0, 900, 0, 0), (4, 1, 50, 0, 1), (5, 0, 70, 0, 2);
      INSERT INTO spend VALUES (3, '${id('a')}', 0, 1000); INSERT INTO entry_reference VALUES (3, 0, 'weekly');
      INSERT INTO tip VALUES ('regtest', 105, '${NOW}');
      PRAGMA user_version = 2`);
    raw.close();
    return path;
  };

  test('keep every entry, gain postings that sum to zero, and go on', () => {
    const ledger = newLedger(oldLedger());
    const { blockHash: _, ...old } = base;
    expect(ledger.transactions(null)).toEqual([
      { ...old, txid: id('a'), walletId: 'hot', received: [{ vout: 0, amountSats: 1_000n, branch: 0, index: 0 }] },
      { ...old, txid: id('b'), walletId: 'cold', height: 101, received: [{ vout: 0, amountSats: 900n, branch: 0, index: 0 }] },
      { ...old, txid: id('b'), walletId: 'hot', kind: 'sweep', height: 101, feeSats: 100n, spent: [{ txid: id('a'), vout: 0, amountSats: 1_000n }], references: ['weekly'] },
      { ...old, txid: id('c'), walletId: 'cold', state: 'reorganised', height: null, received: [{ vout: 1, amountSats: 50n, branch: 0, index: 1 }] },
      { ...old, txid: id('d'), walletId: 'cold', state: 'replaced', live: false, height: null, received: [{ vout: 0, amountSats: 70n, branch: 0, index: 2 }] },
    ]);
    expect(accountsOf(ledger)).toEqual({ 'fees settled': 100n, 'outside settled': -1_000n, 'wallet:cold settled': 900n, 'wallet:cold waiting': 50n, 'outside waiting': -50n });
    expect(ledger.books.unspent('cold')).toEqual([{ outpoint: `${id('b')}:0`, amountSats: 900n, height: 101 }]);
    expect(ledger.books.unspent('hot')).toEqual([]);
    expect(ledger.books.check()).toEqual([]);
    expect(ledger.books.journal(id('b')).map(({ event }) => event)).toEqual(['opened']);
    ledger.saveTransaction(received('cold', id('c'), 50n, { height: 103, received: [{ vout: 1, amountSats: 50n, branch: 0, index: 1 }] }));
    expect(accountsOf(ledger)).toMatchObject({ 'wallet:cold settled': 950n });
    expect(ledger.books.check()).toEqual([]);
  });
});

test('lists are filtered, paged and ordered by the database', () => {
  const ledger = newLedger();
  ledger.atomically(() => {
    for (let number = 0; number < 25; number += 1) {
      ledger.saveTransaction(received(number % 5 === 0 ? 'cold' : 'hot', number.toString(16).padStart(64, 'f'), BigInt(1_000 + number), {
        height: 200 - number, bookedAt: `2026-11-${String(number + 1).padStart(2, '0')}T10:00:00.000Z`, references: number === 7 ? ['Invoice 4711 100%'] : [], ...(number === 9 ? { state: 'reorganised', height: null } : {}),
      }));
    }
  });
  const ids = (query: Partial<Parameters<Ledger['books']['page']>[0]>): number[] => ledger.books.page({ limit: 100, ...query }).entries.map(({ changeSats }) => Number(changeSats) - 1_000);
  const all = Array.from({ length: 25 }, (_, number) => number);
  expect(ids({})).toEqual(all);
  expect(ids({ newestFirst: true })).toEqual(all.toReversed());
  expect(ids({ walletId: 'cold' })).toEqual([0, 5, 10, 15, 20]);
  expect(ids({ walletId: 'none' })).toEqual([]);
  expect(ids({ kind: 'spend' })).toEqual([]);
  expect(ids({ state: 'reorganised' })).toEqual([9]);
  expect(ids({ state: 'confirmed', walletId: 'cold' })).toEqual([0, 5, 10, 15, 20]);
  expect(ids({ fromHeight: 178, toHeight: 181 })).toEqual([22, 21, 20, 19]);
  expect(ids({ fromDate: '2026-11-03', toDate: '2026-11-04' })).toEqual([2, 3]);
  expect(ids({ text: '4711' })).toEqual([7]);
  expect(ids({ text: '100%' })).toEqual([7]);
  expect(ids({ text: '%' })).toEqual([7]);
  expect(ids({ text: '1003' })).toEqual([3]);
  expect(ids({ text: '0.00001003' })).toEqual([3]);
  expect(ids({ text: 'f'.repeat(63) })).toEqual(all.slice(0, 16));
  expect(ids({ text: 'nothing' })).toEqual([]);
  expect(ids({ text: '4711', walletId: 'hot', kind: 'receive', state: 'confirmed', fromHeight: 190, toHeight: 195, fromDate: '2026-11-01' })).toEqual([7]);
  expect(ids({ text: '4711', walletId: 'cold' })).toEqual([]);
  expect(ids({ text: 'f'.repeat(63), state: 'reorganised' })).toEqual([9]);
  for (const query of [{}, { newestFirst: true }, { fromHeight: 1 }, { fromDate: '2026-01-01', newestFirst: true }, { walletId: 'hot' }]) {
    const whole = ids(query);
    const paged: number[] = [];
    for (let after: string | null = null; ; ) {
      const page = ledger.books.page({ ...query, after, limit: 4 });
      paged.push(...page.entries.map(({ changeSats }) => Number(changeSats) - 1_000));
      if (page.next === null) break;
      after = page.next;
    }
    expect(paged).toEqual(whole);
  }
  expect(() => ledger.books.page({ limit: 1, after: 'x' })).toThrow(expect.objectContaining({ code: 'usage.malformed' }));
  expect(() => ledger.books.page({ limit: 1, after: '7', fromHeight: 1 })).toThrow(expect.objectContaining({ code: 'usage.malformed' }));
});

test('notes on a transaction and its outputs are found, and their history stays', () => {
  const ledger = newLedger();
  ledger.saveTransaction(received('hot', id('a'), 1_000n, { references: ['INV-1'] }));
  ledger.books.annotate({ txid: id('a'), vout: null, field: 'reference', text: 'Rent' }, 'anna', NOW);
  ledger.books.annotate({ txid: id('a'), vout: 0, field: 'cost-code', text: '4711' }, 'anna', NOW);
  ledger.books.annotate({ txid: id('a'), vout: null, field: 'reference', text: 'Rent' }, 'bert', NOW);
  ledger.books.annotate({ txid: id('a'), vout: null, field: 'reference', text: 'Rent, December' }, 'bert', NOW);
  expect(ledger.books.page({ limit: 5, text: 'decem' }).entries).toMatchObject([{ references: ['INV-1', 'Rent, December'], costCodes: ['4711'] }]);
  expect(ledger.books.page({ limit: 5, costCode: '4711' }).entries).toHaveLength(1);
  ledger.books.annotate({ txid: id('a'), vout: null, field: 'reference', text: null }, 'anna', NOW);
  expect(ledger.books.annotations(id('a'))).toEqual({
    notes: [{ txid: id('a'), vout: 0, field: 'cost-code', text: '4711' }],
    changes: [
      { txid: id('a'), vout: null, field: 'reference', before: null, after: 'Rent', changedBy: 'anna', changedAt: NOW },
      { txid: id('a'), vout: 0, field: 'cost-code', before: null, after: '4711', changedBy: 'anna', changedAt: NOW },
      { txid: id('a'), vout: null, field: 'reference', before: 'Rent', after: 'Rent, December', changedBy: 'bert', changedAt: NOW },
      { txid: id('a'), vout: null, field: 'reference', before: 'Rent, December', after: null, changedBy: 'anna', changedAt: NOW },
    ],
  });
});
