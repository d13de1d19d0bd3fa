import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync, truncateSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { BookedPlan, BookedTransaction, BroadcastIntent, Ledger } from '../../../src/companion/ledger/ledger.ts';
import { openSqliteLedger } from '../../../src/node/companion/sqlite-ledger.ts';

const folder = mkdtempSync(join(tmpdir(), 'strongroom-ledger-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;
const newPath = (): string => join(folder, `ledger-${(count += 1)}.db`);
const open: Ledger[] = [];
afterEach(() => open.splice(0).forEach((ledger) => ledger.close()));
function openLedger(path: string, options = {}): Ledger {
  const ledger = openSqliteLedger(path, options);
  open.push(ledger);
  return ledger;
}

const id = (letter: string): string => letter.repeat(64);
const NOW = '2026-11-22T12:00:00.000Z';
const wallet = { walletId: 'w', name: 'Treasury', network: 'regtest' } as const;
const entry: BookedTransaction = {
  txid: id('a'), walletId: 'w', kind: 'sweep', state: 'confirmed', live: true, height: 100, feeSats: 2_100_000_000_000_000n, bookedAt: NOW,
  received: [{ vout: 0, amountSats: 2_099_999_999_999_999n, branch: 0, index: 7 }, { vout: 3, amountSats: 1n, branch: 1, index: 999_999 }],
  spent: [{ txid: id('b'), vout: 4_294_967_295, amountSats: 1_234_567_890_123_457n }],
  references: ['INV-1', '', 'Ünïcode'],
};
const plan: BookedPlan = { planId: id('c'), kind: 'pay', walletId: 'w', plannedAt: NOW, outpoints: [`${id('d')}:0`, `${id('d')}:1`], references: ['x', 'y'], reserved: { branch: 1, index: 5 } };
const intent: BroadcastIntent = { txid: id('e'), planId: id('c'), network: 'regtest', transaction: Uint8Array.of(1, 2, 0, 255), references: ['z'], intendedAt: NOW, state: 'intended' };

test('what was booked reads back the same after closing, amounts to the satoshi', () => {
  const path = newPath();
  const ledger = openSqliteLedger(path);
  ledger.atomically(() => {
    ledger.saveWallet(wallet);
    ledger.saveTransaction(entry);
    ledger.savePlan(plan);
    ledger.saveIntent(intent);
    ledger.saveTip({ network: 'regtest', height: 105, refreshedAt: NOW });
  });
  ledger.close();
  const again = openLedger(path);
  expect(again.wallets()).toEqual([wallet]);
  expect(again.transactions('w')).toEqual([entry]);
  expect(again.transactions(null)).toEqual([entry]);
  expect(again.transactions('other')).toEqual([]);
  expect(again.plan(id('c'))).toEqual(plan);
  expect(again.plan(id('f'))).toBeNull();
  expect(again.reservations('w', 1)).toEqual([{ index: 5, outpoints: plan.outpoints }]);
  expect(again.reservations('w', 0)).toEqual([]);
  expect(again.intent(id('e'))).toEqual(intent);
  expect(again.intents('regtest', 'intended')).toEqual([intent]);
  expect(again.tips()).toEqual([{ network: 'regtest', height: 105, refreshedAt: NOW }]);
});

test('a plan\'s file is kept with it, and plans are found by what they spend, the latest first', () => {
  const ledger = openLedger(newPath());
  ledger.saveWallet(wallet);
  ledger.savePlan({ ...plan, psbt: Uint8Array.of(1, 0, 255) });
  ledger.savePlan({ ...plan, planId: id('8'), plannedAt: '2026-11-23T12:00:00.000Z', outpoints: [`${id('d')}:1`], reserved: null });
  ledger.savePlan({ ...plan, planId: id('9'), outpoints: [`${id('e')}:1`], reserved: null });
  expect(ledger.plannedPsbt(id('c'))).toEqual(Uint8Array.of(1, 0, 255));
  expect(ledger.plannedPsbt(id('8'))).toBeNull();
  expect(ledger.plan(id('c'))).toEqual(plan);
  expect(ledger.plansSpending([`${id('d')}:1`, `${id('d')}:0`, `${id('d')}:7`]).map(({ planId }) => planId)).toEqual([id('8'), id('c')]);
  expect(ledger.plansSpending([`${id('d')}:0`])).toEqual([plan]);
  expect(ledger.plansSpending([])).toEqual([]);
  ledger.savePlan({ ...plan, psbt: Uint8Array.of(2) });
  expect(ledger.plannedPsbt(id('c'))).toEqual(Uint8Array.of(2));
});

test('the files of the latest 200 plans are kept', () => {
  const ledger = openLedger(newPath());
  ledger.saveWallet(wallet);
  ledger.atomically(() => {
    for (let number = 0; number < 202; number += 1) {
      ledger.savePlan({ ...plan, planId: String(number).padStart(64, '0'), plannedAt: `2026-11-22T${String(number).padStart(4, '0')}`, reserved: null, psbt: Uint8Array.of(number) });
    }
  });
  expect([0, 1, 2, 201].map((number) => ledger.plannedPsbt(String(number).padStart(64, '0'))?.[0])).toEqual([undefined, undefined, 2, 201]);
  expect(ledger.plan('0'.repeat(64))).not.toBeNull();
});

test('booking again replaces by transaction and wallet, and keeps the order of the first booking', () => {
  const ledger = openLedger(newPath());
  ledger.saveWallet(wallet);
  ledger.saveTransaction(entry);
  ledger.saveTransaction({ ...entry, txid: id('f') });
  const changed: BookedTransaction = { ...entry, state: 'reorganised', height: null, feeSats: null, received: [], spent: [], references: ['one'] };
  ledger.saveTransaction(changed);
  expect(ledger.transactions('w')).toEqual([changed, { ...entry, txid: id('f') }]);
  ledger.saveWallet({ ...wallet, name: 'Renamed' });
  expect(ledger.wallets()).toEqual([{ ...wallet, name: 'Renamed' }]);
  ledger.saveIntent(intent);
  ledger.saveIntent({ ...intent, state: 'sent', references: ['z', 'more'] });
  expect(ledger.intent(id('e'))).toEqual({ ...intent, state: 'sent', references: ['z', 'more'] });
  ledger.savePlan(plan);
  ledger.savePlan({ ...plan, reserved: null });
  expect(ledger.reservations('w', 1)).toEqual([]);
});

test('a unit of work that fails leaves nothing', () => {
  const ledger = openLedger(newPath());
  expect(() => ledger.atomically(() => {
    ledger.saveWallet(wallet);
    ledger.saveTransaction(entry);
    throw new Error('power cut');
  })).toThrow('power cut');
  expect(ledger.wallets()).toEqual([]);
});

test('the file is readable by its owner only, also one that was not', () => {
  const path = newPath();
  openSqliteLedger(path).close();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const loose = newPath();
  writeFileSync(loose, '', { mode: 0o644 });
  openSqliteLedger(loose).close();
  expect(statSync(loose).mode & 0o777).toBe(0o600);
});

test('a full disk is named, and what was being written is undone; the ledger goes on when there is room', () => {
  const path = newPath();
  const ledger = openSqliteLedger(path, { maxPages: 120 });
  ledger.saveWallet(wallet);
  const full = (): void => ledger.atomically(() => {
    for (let number = 0; number < 5_000; number += 1) ledger.saveTransaction({ ...entry, txid: number.toString(16).padStart(64, '0') });
  });
  expect(full).toThrow(expect.objectContaining({ code: 'file.disk-full' }));
  expect(ledger.transactions('w')).toEqual([]);
  ledger.saveTransaction(entry);
  ledger.close();
  expect(openLedger(path).transactions('w')).toEqual([entry]);
});

test('a disk that is full from the start leaves no file behind', () => {
  const path = newPath();
  expect(() => openSqliteLedger(path, { maxPages: 2 })).toThrow(expect.objectContaining({ code: 'file.disk-full' }));
  expect(existsSync(path)).toBe(false);
});

test('a file that is no ledger, of a newer version, or damaged is refused and left as it was', () => {
  const malformed = expect.objectContaining({ code: 'ledger.malformed' });
  const text = newPath();
  writeFileSync(text, 'not a database '.repeat(100));
  expect(() => openSqliteLedger(text)).toThrow(malformed);
  expect(readFileSync(text, 'utf8')).toBe('not a database '.repeat(100));
  const foreign = newPath();
  const database = new DatabaseSync(foreign);
  database.exec('CREATE TABLE x (y)');
  database.close();
  expect(() => openSqliteLedger(foreign)).toThrow(malformed);
  const newer = newPath();
  openSqliteLedger(newer).close();
  const raised = new DatabaseSync(newer);
  raised.exec('PRAGMA user_version = 99');
  raised.close();
  expect(() => openSqliteLedger(newer)).toThrow(malformed);
  const cut = newPath();
  const ledger = openSqliteLedger(cut);
  ledger.saveWallet(wallet);
  for (let number = 0; number < 50; number += 1) ledger.saveTransaction({ ...entry, txid: number.toString(16).padStart(64, '0') });
  ledger.close();
  truncateSync(cut, 4096 * 6);
  expect(() => openSqliteLedger(cut)).toThrow(malformed);
});

test('a link, a missing folder and another writer are each named', () => {
  const target = newPath();
  openSqliteLedger(target).close();
  const link = newPath();
  symlinkSync(target, link);
  expect(() => openSqliteLedger(link)).toThrow(expect.objectContaining({ code: 'file.not-regular' }));
  expect(() => openSqliteLedger(join(folder, 'none', 'ledger.db'))).toThrow(expect.objectContaining({ code: 'file.not-found' }));
  const first = openLedger(target);
  const second = openLedger(target, { busyMs: 50 });
  first.atomically(() => {
    expect(() => second.saveWallet(wallet)).toThrow(expect.objectContaining({ code: 'ledger.busy' }));
  });
  second.saveWallet(wallet);
  expect(first.wallets()).toEqual([wallet]);
});

test('a program killed in the middle of a unit of work leaves the books as they were before it', () => {
  const path = newPath();
  const ledger = openSqliteLedger(path);
  ledger.saveWallet(wallet);
  ledger.close();
  const script = `
    import { openSqliteLedger } from ${JSON.stringify(new URL('../../../src/node/companion/sqlite-ledger.ts', import.meta.url).href)};
    const ledger = openSqliteLedger(${JSON.stringify(path)});
    ledger.saveTip({ network: 'regtest', height: 1, refreshedAt: 'x' });
    ledger.atomically(() => {
      for (let number = 0; number < 3000; number += 1) ledger.saveIntent({ txid: number.toString(16).padStart(64, '0'), planId: '', network: 'regtest', transaction: new Uint8Array(2000), references: [], intendedAt: 'x', state: 'intended' });
      process.kill(process.pid, 'SIGKILL');
      for (;;);
    });`;
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(child.signal).toBe('SIGKILL');
  const again = openLedger(path);
  expect(again.tips()).toHaveLength(1);
  expect(again.intents('regtest', 'intended')).toEqual([]);
  expect(again.wallets()).toEqual([wallet]);
});

test('how far a wallet is watched is remembered, and never becomes less; the blocks that its books were compared with can be forgotten', () => {
  const path = newPath();
  const ledger = openSqliteLedger(path);
  ledger.saveWallet(wallet);
  expect(ledger.watchedTo(wallet.walletId)).toBe(-1);
  ledger.saveWatchedTo(wallet.walletId, 1_300, '2026-11-23T12:00:00.000Z');
  ledger.saveWatchedTo(wallet.walletId, 7, '2026-11-23T12:00:01.000Z');
  ledger.books.saveCheckpoint(wallet.walletId, { height: 5, hash: 'ab'.repeat(32) });
  ledger.books.forgetCheckpoints('another');
  expect(ledger.books.checkpoints(wallet.walletId)).toEqual([{ height: 5, hash: 'ab'.repeat(32) }]);
  ledger.books.forgetCheckpoints(wallet.walletId);
  ledger.close();
  const again = openSqliteLedger(path);
  expect(again.watchedTo(wallet.walletId)).toBe(1_300);
  expect(again.watchedTo('another')).toBe(-1);
  expect(again.books.checkpoints(wallet.walletId)).toEqual([]);
  again.close();
});
