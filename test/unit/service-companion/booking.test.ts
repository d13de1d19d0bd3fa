import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { ChainSource, WalletChanges, WalletTransaction } from '../../../src/companion/chain-source.ts';
import { bookTransactions } from '../../../src/companion/ledger/book.ts';
import type { Ledger } from '../../../src/companion/ledger/ledger.ts';
import { openSqliteLedger } from '../../../src/node/companion/sqlite-ledger.ts';
import { BOOKED_AT_ONCE } from '../../../src/service/companion/booking.ts';
import { refreshBooks, unfinishedOf } from '../../../src/service/companion/books.ts';
import { policyIdOf } from '../../../src/wallet/policy-id.ts';
import { coldKeys } from '../../support/peers/cold-keys.ts';

/** Looks that bring more than is booked in one unit. */

const folder = mkdtempSync(join(tmpdir(), 'strongroom-booking-'));
const open: Ledger[] = [];
afterEach(() => open.splice(0).forEach((ledger) => ledger.close()));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;
const newLedger = (path = join(folder, `${(count += 1)}.db`)): Ledger => {
  const ledger = openSqliteLedger(path);
  open.push(ledger);
  return ledger;
};

const NOW = '2026-11-23T12:00:00.000Z';
const { wallet } = coldKeys('regtest', 1);
const { walletId } = policyIdOf(wallet);
const hash = (number: number): string => number.toString(16).padStart(64, '0');
const RECEIPTS = 700;
const SPENDS = 200;
const receipt = (number: number, height = number): WalletTransaction => ({ txid: hash(number), height, blockHash: hash(height + 900_000), confirmations: 2_000 - height, received: [{ vout: 0, amountSats: 1_000n + BigInt(number), branch: 0, index: number % 50 }], spent: [], feeSats: null });
const spend = (number: number, mark = 100_000): WalletTransaction => ({ txid: hash(mark + number), height: 1_000 + number, blockHash: hash(901_000 + number), confirmations: 1_000 - number, received: [], spent: [{ txid: hash(number), vout: 0, amountSats: 1_000n + BigInt(number) }], feeSats: 200n });
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);
const history = [...range(1, RECEIPTS + 1).map((number) => receipt(number)), ...range(1, SPENDS + 1).map((number) => spend(number))];
/** After a deep reorganisation: some left the chain, some are in other blocks, some are spent by other transactions. */
const otherHistory = [
  ...range(1, RECEIPTS - 99).map((number) => receipt(number, number < 300 ? number : number + 5)),
  ...range(1, 150).map((number) => spend(number)), ...range(150, SPENDS + 1).map((number) => spend(number, 200_000)),
];

const tip = { height: 1_999, hash: hash(1_999) };
const sourceOf = (transactions: readonly WalletTransaction[], at = tip): ChainSource => {
  const changes: WalletChanges = { transactions, isWhole: true, tip: at };
  return {
    status: async () => ({ network: 'regtest', chain: 'regtest', height: at.height, headers: at.height, pruned: false, synced: true, version: '1', minimumFeeRate: 1_000n }),
    watch: async () => undefined, blockHash: async (height: number) => (height === at.height ? at.hash : null), changesSince: async () => changes,
  } as unknown as ChainSource;
};
const quiet = { progress: () => undefined, isCancelled: () => false };
const refresh = (ledger: Ledger, transactions: readonly WalletTransaction[], work: Partial<Parameters<typeof refreshBooks>[5]> = {}, at = tip) => refreshBooks(sourceOf(transactions, at), ledger, [wallet], 'regtest', NOW, { ...quiet, ...work });

/** Everything that the books say. The journal's entries of a transaction, without their numbers. */
const said = (ledger: Ledger) => ({
  entries: [...ledger.transactions(walletId)].sort((a, b) => (a.txid < b.txid ? -1 : 1)),
  balance: ledger.books.balance(walletId), accounts: ledger.books.accounts('regtest'), unspent: [...ledger.books.unspent(walletId)].sort((a, b) => (a.outpoint < b.outpoint ? -1 : 1)),
  checkpoints: ledger.books.checkpoints(walletId), tips: ledger.tips(), unfinished: ledger.books.unfinished(), faults: ledger.books.check(),
});
/** The same looks, each booked in one unit by the rules themselves. */
function inOneUnit(...looks: readonly (readonly WalletTransaction[])[]): Ledger {
  const ledger = newLedger();
  ledger.saveWallet({ walletId, name: wallet.name, network: 'regtest' });
  for (const seen of looks) {
    ledger.atomically(() => {
      const changed = bookTransactions(walletId, ledger.transactions(walletId), seen, () => ({ plan: null, intent: null }), NOW, { spenderInChain: (outpoint) => ledger.books.spenderInChain(walletId, outpoint), tipHeight: tip.height });
      for (const entry of changed) ledger.saveTransaction(entry, NOW);
      ledger.books.saveCheckpoint(walletId, tip);
      ledger.saveTip({ network: 'regtest', height: tip.height, refreshedAt: NOW });
    });
  }
  return ledger;
}

test('many transactions are booked in parts, with pauses and progress, and come to the same books as in one unit', async () => {
  const ledger = newLedger();
  let pauses = 0;
  const told: number[] = [];
  const { entries } = await refresh(ledger, history, { pause: async () => void (pauses += 1), progress: ({ fraction }) => void told.push(fraction ?? -1) });
  expect(entries).toBe(900);
  expect(pauses).toBeGreaterThanOrEqual(Math.ceil(900 / BOOKED_AT_ONCE));
  expect(told).toEqual([...told].sort((a, b) => a - b));
  expect(said(ledger)).toEqual(said(inOneUnit(history)));
  expect(said(ledger)).toMatchObject({ faults: [], unfinished: [] });
});

test('a deep reorganisation is booked in parts as in one unit: what left, moved, and was spent otherwise', async () => {
  const ledger = newLedger();
  await refresh(ledger, history);
  // None of the blocks that the books know is in the chain any more.
  await refresh(ledger, otherHistory, {}, { height: 2_500, hash: hash(2_500) });
  const { checkpoints: _, tips: __, ...found } = said(ledger);
  const { checkpoints: ___, tips: ____, ...expected } = said(inOneUnit(history, otherHistory));
  // When a transaction was first seen to wait has no part in it: none of these waits.
  expect(found).toEqual(expected);
  expect(found.entries.filter(({ state }) => state === 'replaced').length).toBe(51);
});

test('a stop between two parts leaves whole books that say that they are not complete; the next refresh completes them', async () => {
  const ledger = newLedger();
  let parts = 0;
  await expect(refresh(ledger, history, { isCancelled: () => (parts += 1) === 2 })).rejects.toMatchObject({ code: 'host.cancelled', details: { booked: 500, total: 900 } });
  expect(ledger.books.check()).toEqual([]);
  expect(ledger.books.count(walletId)).toBe(500);
  expect(ledger.books.checkpoints(walletId)).toEqual([]);
  expect(ledger.tips()).toEqual([]);
  expect(unfinishedOf(ledger, ledger.wallets())).toEqual({ unfinished: [{ walletId, walletName: wallet.name, booked: 500, total: 900 }] });
  await refresh(ledger, history);
  expect(said(ledger)).toEqual(said(inOneUnit(history)));
  expect(unfinishedOf(ledger, ledger.wallets())).toEqual({});
});

test('a stop during a reorganisation, and once more, changes nothing of what the books come to', async () => {
  const ledger = newLedger();
  await refresh(ledger, history);
  const at = { height: 2_500, hash: hash(2_500) };
  for (const after of [1, 3]) {
    let parts = 0;
    await expect(refresh(ledger, otherHistory, { isCancelled: () => (parts += 1) === after }, at)).rejects.toMatchObject({ code: 'host.cancelled' });
    expect(ledger.books.check()).toEqual([]);
    expect(ledger.books.checkpoints(walletId)).toEqual([tip]);
  }
  await refresh(ledger, otherHistory, {}, at);
  const [found, expected] = [said(ledger), said(inOneUnit(history, otherHistory))];
  expect({ balance: found.balance, unspent: found.unspent, accounts: found.accounts, faults: found.faults, entries: found.entries }).toEqual({ balance: expected.balance, unspent: expected.unspent, accounts: expected.accounts, faults: [], entries: expected.entries });
});

test('another program that brings the books further between two parts is not taken back: the look is taken again', async () => {
  const path = join(folder, 'shared.db');
  const ledger = newLedger(path);
  const other = newLedger(path);
  let pauses = 0;
  const newer = [...history, receipt(1_500)];
  let looks = 0;
  const source = sourceOf(history);
  const watched = { ...source, changesSince: async (...args: Parameters<ChainSource['changesSince']>) => {
    looks += 1;
    // By then the chain goes as far as the other program has seen.
    return looks === 1 ? source.changesSince(...args) : { transactions: newer, isWhole: true, tip };
  } } as ChainSource;
  await refreshBooks(watched, ledger, [wallet], 'regtest', NOW, { ...quiet, pause: async () => { if ((pauses += 1) === 4) await refresh(other, newer); } });
  expect(looks).toBe(2);
  expect(said(ledger)).toEqual(said(inOneUnit(newer)));
});

test('a wallet that is watched further meanwhile is looked at again: what the first look could not see is not hidden by its bookmark', async () => {
  const ledger = newLedger();
  let looks = 0;
  const source = sourceOf(history);
  const watched = { ...source, changesSince: async () => {
    looks += 1;
    return { transactions: looks === 1 ? history : [...history, receipt(1_500)], isWhole: true, tip };
  } } as ChainSource;
  let pauses = 0;
  await refreshBooks(watched, ledger, [wallet], 'regtest', NOW, { ...quiet, pause: async () => { if ((pauses += 1) === 1) ledger.saveWatchedTo(walletId, 3_000, NOW); } });
  expect(looks).toBe(2);
  expect(said(ledger)).toEqual(said(inOneUnit([...history, receipt(1_500)])));
});

test('what a day brings is one unit: where it fails, nothing of it is booked', async () => {
  const ledger = newLedger();
  const few = history.slice(0, BOOKED_AT_ONCE);
  await expect(refresh(ledger, [...few.slice(0, -1), { ...few.at(-1) as WalletTransaction, feeSats: -1n }])).rejects.toThrow();
  expect(ledger.books.count(null)).toBe(0);
  await refresh(ledger, few);
  expect(ledger.books.count(walletId)).toBe(BOOKED_AT_ONCE);
});
