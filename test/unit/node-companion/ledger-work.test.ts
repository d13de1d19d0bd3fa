import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { BookedTransaction } from '../../../src/companion/ledger/ledger.ts';
import { nodeCompanionEffects } from '../../../src/node/companion/effects.ts';
import { backupLedger, checkLedger, lookAtBackup, prepareRestore, restoreLedger } from '../../../src/node/companion/ledger-copies.ts';
import { jobProgress } from '../../../src/node/companion/ledger-work/job-progress.ts';
import { runLedgerJob } from '../../../src/node/companion/ledger-work/run-ledger-job.ts';
import { openSqliteLedger } from '../../../src/node/companion/sqlite-ledger.ts';

/** Work on the whole of the ledger's file, in its thread. */

const parent = mkdtempSync(join(tmpdir(), 'strongroom-ledger-work-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));
let folder: string;
let path: string;
let count = 0;
beforeEach(() => {
  folder = join(parent, String((count += 1)));
  mkdirSync(folder);
  path = join(folder, 'ledger.db');
});

const NOW = '2026-11-23T12:00:00.000Z';
const id = (number: number): string => number.toString(16).padStart(64, '0');
const entryOf = (number: number): BookedTransaction => ({
  txid: id(number), walletId: 'w', kind: 'receive', state: 'confirmed', live: true, height: 100 + number, feeSats: null, bookedAt: NOW,
  received: [{ vout: 0, amountSats: 1_000n, branch: 0, index: number }], spent: [], references: [],
});
function fill(entries: number, at = path): void {
  const ledger = openSqliteLedger(at);
  ledger.saveWallet({ walletId: 'w', name: 'Treasury', network: 'regtest' });
  ledger.saveTip({ network: 'regtest', height: 500, refreshedAt: NOW });
  ledger.atomically(() => { for (let number = 0; number < entries; number += 1) ledger.saveTransaction(entryOf(number)); });
  ledger.close();
}
const raw = (sql: string, at = path): void => {
  const database = new DatabaseSync(at);
  database.exec(sql);
  database.close();
};
const quiet = { progress: () => undefined, isCancelled: () => false };

describe('the check', () => {
  test('whole books are whole, and nothing is left beside them', async () => {
    fill(30);
    expect(await checkLedger(path)).toEqual({ faults: [], entries: 30 });
    expect(readdirSync(folder)).toEqual(['ledger.db']);
  });

  test.each([
    ['an account whose balance is not its postings\'', 'UPDATE account SET balance_sats = balance_sats + 1 WHERE name = \'wallet:w\' AND layer = \'settled\'', ['not-zero', 'balance']],
    ['an amount of an output that was changed', 'UPDATE output SET amount_sats = amount_sats + 1 WHERE entry = 7', ['entry-sum', 'unspent']],
    ['an unspent output that was forgotten', 'DELETE FROM unspent WHERE vout = 0', ['unspent']],
  ])('finds in its thread what the ledger\'s own check finds: %s', async (_, sql, codes) => {
    fill(30);
    const ledger = openSqliteLedger(path);
    raw(sql);
    const found = await checkLedger(path);
    expect(found.faults.map(({ code }) => code)).toEqual(expect.arrayContaining(codes));
    expect(found.faults).toEqual(ledger.books.check());
    ledger.close();
  });

  test('a file that is damaged inside is told by one code, and its entries are not counted', async () => {
    fill(30);
    // The index says of an entry what the table does not.
    const bytes = readFileSync(path);
    const rows = [...bytes.toString('latin1').matchAll(/receive/g)].map(({ index }) => index);
    for (const at of rows.slice(-5)) bytes.write('recfive', at);
    writeFileSync(path, bytes);
    const { faults, entries } = await checkLedger(path);
    expect(new Set(faults.map(({ code }) => code))).toEqual(new Set(['database']));
    expect(entries).toBe(0);
  });

  test('errors cross by their codes: no file, no ledger', async () => {
    await expect(checkLedger(path)).rejects.toMatchObject({ code: 'file.not-found' });
    writeFileSync(path, 'no ledger '.repeat(1_000));
    await expect(checkLedger(path)).rejects.toMatchObject({ code: 'ledger.malformed', details: { name: 'ledger.db', reason: 'damaged' } });
    expect(readdirSync(folder)).toEqual(['ledger.db']);
  });

  test('tells how far it is, never backwards, and lets this thread work and write meanwhile', async () => {
    fill(10_000);
    const ledger = openSqliteLedger(path);
    const told: number[] = [];
    let written = 0;
    const timer = setInterval(() => ledger.saveTransaction(entryOf(20_000 + (written += 1))), 20);
    const { faults, entries } = await checkLedger(path, { ...quiet, progress: ({ fraction }) => void told.push(fraction ?? 0) });
    clearInterval(timer);
    ledger.close();
    expect(faults).toEqual([]);
    expect(entries).toBeGreaterThanOrEqual(10_000);
    expect(entries).toBeLessThanOrEqual(10_000 + written);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(written).toBeGreaterThan(0);
  });

  test('what a program that was killed left behind is taken away; what one that runs has is not', async () => {
    fill(3);
    const [dead, alive] = [join(folder, '.ledger.db.999999999.1.check'), join(folder, `.ledger.db.${process.pid}.77.part`)];
    for (const left of [dead, alive]) {
      writeFileSync(left, 'x');
      utimesSync(left, 1, 1);
    }
    await checkLedger(path);
    expect([existsSync(dead), existsSync(alive)]).toEqual([false, true]);
  });
});

describe('a stop', () => {
  test.each([['check', (stop: () => boolean) => checkLedger(path, { ...quiet, isCancelled: stop })], ['backup', (stop: () => boolean) => backupLedger(path, join(folder, 'copy.db'), false, { ...quiet, isCancelled: stop })]] as const)('ends a %s at once: the thread is gone, no copy is left, the books stay', async (_, work) => {
    fill(15_000);
    const before = readFileSync(path);
    for (const after of [0, 1]) {
      let asked = 0;
      await expect(work(() => (asked += 1) > after)).rejects.toMatchObject({ code: 'host.cancelled' });
      expect(readdirSync(folder)).toEqual(['ledger.db']);
    }
    // Nothing works on in the background.
    await new Promise((resolve) => setTimeout(resolve, 100));
    const began = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { user, system } = process.cpuUsage(began);
    expect(user + system).toBeLessThan(150_000);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('a thread that ends by itself is a fault, not an answer, and leaves no copy', async () => {
    fill(3);
    const copy = join(folder, '.copy');
    writeFileSync(copy, 'half');
    const start = (): Worker => new Worker('process.exit(1)', { eval: true });
    await expect(runLedgerJob({ kind: 'check', ledger: path, copy }, quiet, start)).rejects.toThrow('thread ended');
    expect(existsSync(copy)).toBe(false);
  });
});

describe('a backup', () => {
  test('says what it holds before anybody decides', async () => {
    fill(12);
    const { sha256, bytes } = await backupLedger(path, join(folder, 'copy.db'), false);
    expect(await lookAtBackup(join(folder, 'copy.db'), path)).toEqual({
      sha256, bytes, hasChecksum: true, entries: 12, lastBookedAt: NOW, closes: 0, tips: [{ network: 'regtest', height: 500, refreshedAt: NOW }],
      balances: [{ walletId: 'w', walletName: 'Treasury', confirmedSats: 12_000n, unconfirmedSats: 0n }],
    });
    expect(readdirSync(folder).sort()).toEqual(['copy.db', 'copy.db.sha256', 'ledger.db']);
  });

  test('that was changed, is no ledger, is not there, or is the books themselves is named before anything is read into the books', async () => {
    fill(3);
    const copy = join(folder, 'copy.db');
    await backupLedger(path, copy, false);
    const bytes = readFileSync(copy);
    bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
    writeFileSync(copy, bytes);
    await expect(lookAtBackup(copy, path)).rejects.toMatchObject({ code: 'ledger.backup', details: { reason: 'checksum' } });
    rmSync(`${copy}.sha256`);
    writeFileSync(copy, 'no ledger '.repeat(1_000));
    await expect(lookAtBackup(copy, path)).rejects.toMatchObject({ code: 'ledger.malformed', details: { name: 'copy.db' } });
    await expect(lookAtBackup(join(folder, 'none.db'), path)).rejects.toMatchObject({ code: 'file.not-found' });
    raw('CREATE TABLE t (a)', join(folder, 'other.db'));
    await expect(lookAtBackup(join(folder, 'other.db'), path)).rejects.toMatchObject({ code: 'ledger.malformed', details: { reason: 'not-a-ledger' } });
    await expect(lookAtBackup(path, path)).rejects.toMatchObject({ code: 'file.exists' });
    await expect(backupLedger(path, path, true)).rejects.toMatchObject({ code: 'file.exists' });
  });

  test('other bytes than a person was shown are not restored', async () => {
    fill(3);
    fill(4, join(folder, 'copy.db'));
    await expect(prepareRestore(join(folder, 'copy.db'), path, 'ab'.repeat(32))).rejects.toMatchObject({ code: 'ledger.backup', details: { name: 'copy.db', reason: 'checksum' } });
    expect(readdirSync(folder).sort()).toEqual(['copy.db', 'ledger.db']);
  });

  test('whose books do not add up is named as people call it', async () => {
    fill(3, join(folder, 'copy.db'));
    raw('UPDATE output SET amount_sats = amount_sats + 1', join(folder, 'copy.db'));
    await expect(restoreLedger(join(folder, 'copy.db'), path, true, NOW)).rejects.toMatchObject({ code: 'ledger.backup', details: { name: 'copy.db', reason: 'books' } });
    expect(readdirSync(folder)).toEqual(['copy.db']);
  });
});

test('books that are restored under a program that has them open: who holds the old ones is told, whoever asks next has the new ones', async () => {
  fill(3);
  const copy = join(folder, 'copy.db');
  await backupLedger(path, copy, false);
  const effects = nodeCompanionEffects({ ledgerFile: path });
  const before = await effects.ledger();
  before.saveTransaction(entryOf(50));
  expect(await effects.checkBooks?.(quiet)).toEqual({ faults: [], entries: 4 });
  const { sha256 } = await effects.ledgerFile.lookAt(copy, quiet);
  const kept = await effects.ledgerFile.restore(copy, sha256, quiet);
  expect(() => before.books.count(null)).toThrow(expect.objectContaining({ code: 'ledger.busy' }));
  expect(() => before.saveTransaction(entryOf(51))).toThrow(expect.objectContaining({ code: 'ledger.busy' }));
  expect((await effects.ledger()).books.count(null)).toBe(3);
  await effects.close();
  const old = openSqliteLedger(kept as string);
  expect(old.books.count(null)).toBe(4);
  old.close();
});

test('within a step time is what is gone by: it nears the step\'s end and does not reach it', () => {
  const step = { done: 0.1, until: 0.5, activity: 'a' };
  expect(jobProgress(step, 2_000, 2_000)).toEqual({ fraction: 0.1, activity: 'a', remainingSeconds: 18 });
  expect(jobProgress(step, 2_000, 10_000).fraction).toBeCloseTo(0.353, 3);
  expect(jobProgress(step, 2_000, 100_000).fraction).toBeLessThanOrEqual(0.5);
  expect(jobProgress({ done: 0, until: 1, activity: 'a' }, 0, 100)).not.toHaveProperty('remainingSeconds');
});
