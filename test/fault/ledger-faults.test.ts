import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BookedTransaction, Ledger } from '../../src/companion/ledger/ledger.ts';
import { StrongroomError } from '../../src/errors/strongroom-error.ts';
import { backupLedger, restoreLedger } from '../../src/node/companion/ledger-copies.ts';
import { openSqliteLedger } from '../../src/node/companion/sqlite-ledger.ts';
import { writeStreamed } from '../../src/node/companion/streamed-file.ts';
import { chance } from '../support/books/random-life.ts';

/* Disks without room, folders that cannot be written to, files that are damaged: each has a name, nothing is lost, and a backup restores. */

const FLIPS = Number(process.env['STRONGROOM_LEDGER_FLIPS'] ?? 400);
const NOW = '2026-11-23T12:00:00.000Z';
const parent = mkdtempSync(join(tmpdir(), 'strongroom-ledger-faults-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));
let folder: string;
let count = 0;
beforeEach(() => {
  folder = join(parent, String((count += 1)));
  mkdirSync(folder);
});

const id = (number: number): string => number.toString(16).padStart(64, '0');
const entryOf = (number: number): BookedTransaction => ({
  txid: id(number), walletId: 'w', kind: 'receive', state: 'confirmed', live: true, height: 100 + number, blockHash: id(number + 70_000), feeSats: null, bookedAt: NOW,
  received: [{ vout: 0, amountSats: 1_000n + BigInt(number), branch: 0, index: number }], spent: [], references: [`INV-${number}`],
});
/** Books with some hundred entries, a spend, a note and a closed period. */
function fillLedger(path: string, entries = 200): void {
  const ledger = openSqliteLedger(path);
  ledger.saveWallet({ walletId: 'w', name: 'Treasury', network: 'regtest' });
  ledger.atomically(() => {
    for (let number = 0; number < entries; number += 1) ledger.saveTransaction(entryOf(number));
    ledger.saveTransaction({ ...entryOf(9_000), kind: 'pay', feeSats: 300n, spent: [{ txid: id(3), vout: 0, amountSats: 1_003n }], received: [{ vout: 1, amountSats: 500n, branch: 1, index: 0 }] });
  });
  ledger.books.annotate({ txid: id(5), vout: null, field: 'cost-code', text: '4711' }, 'anna', NOW);
  ledger.books.savePeriod({ sha256: id(1), network: 'regtest', walletIds: ['w'], fromHeight: 0, to: { height: 150, hash: id(2) }, previous: null, closedAt: NOW, balances: [{ walletId: 'w', openingSats: 0n, closingSats: ledger.books.balanceAt('w', 150) }] });
  ledger.close();
}
/** What must never change in silence. */
const moneyOf = (ledger: Ledger) => ({
  balance: ledger.books.balance('w'), at: ledger.books.balanceAt('w', 150), unspent: ledger.books.unspent('w'), accounts: ledger.books.accounts('regtest'),
  entries: ledger.transactions('w').map(({ txid, state, height, feeSats, received, spent }) => ({ txid, state, height, feeSats, received: received.map(({ vout, amountSats }) => [vout, amountSats]), spent })),
});
const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'none';
  } catch (error) {
    if (error instanceof StrongroomError) return error.code;
    throw error;
  }
};

describe('a damaged file', () => {
  let sound: Buffer;
  let money: ReturnType<typeof moneyOf>;
  beforeAll(() => {
    const path = join(parent, 'sound.db');
    fillLedger(path);
    sound = readFileSync(path);
    const ledger = openSqliteLedger(path);
    money = moneyOf(ledger);
    ledger.close();
  });

  /** Opens, checks and reads; what it comes to. */
  function fate(bytes: Uint8Array): 'named' | 'found' | 'harmless' {
    const path = join(folder, 'damaged.db');
    writeFileSync(path, bytes);
    let ledger: Ledger | undefined;
    try {
      const code = codeOf(() => {
        ledger = openSqliteLedger(path);
        if (ledger.books.check().length > 0) throw new StrongroomError('ledger.backup', 'found', {}, '');
        expect(moneyOf(ledger)).toEqual(money);
      });
      expect(['none', 'ledger.malformed', 'ledger.backup']).toContain(code);
      return code === 'none' ? 'harmless' : code === 'ledger.backup' ? 'found' : 'named';
    } finally {
      ledger?.close();
      rmSync(path, { force: true });
    }
  }

  test(`${FLIPS} flipped bits, one at a time: named, found by the check, or without any effect on money`, { timeout: 600_000 }, () => {
    const random = chance(7);
    const fates = { named: 0, found: 0, harmless: 0 };
    for (let flip = 0; flip < FLIPS; flip += 1) {
      const bytes = Buffer.from(sound);
      // Half of them in the first page, which holds the header and the schema.
      const at = random(flip % 4 === 0 ? 4_096 : bytes.length);
      bytes[at] = (bytes[at] as number) ^ (1 << random(8));
      fates[fate(bytes)] += 1;
    }
    expect(fates.named).toBeGreaterThan(0);
    expect(fates.found + fates.named).toBeGreaterThan(FLIPS / 20);
  });

  test('a file that was cut anywhere is named', { timeout: 120_000 }, () => {
    for (let part = 1; part < 40; part += 1) {
      const length = Math.floor((sound.length * part) / 40);
      expect({ length, fate: fate(sound.subarray(0, length)) }).toEqual({ length, fate: 'named' });
    }
  });

  test('an amount that was changed where it stands is found', () => {
    const path = join(folder, 'changed.db');
    for (const sql of ['UPDATE wallet_transaction SET fee_sats = fee_sats + 1 WHERE fee_sats IS NOT NULL', 'UPDATE output SET amount_sats = amount_sats - 1 WHERE entry = 7', 'UPDATE spend SET amount_sats = 1', 'DELETE FROM wallet_transaction WHERE id = 8']) {
      writeFileSync(path, sound);
      const raw = new DatabaseSync(path);
      raw.exec(sql);
      raw.close();
      const ledger = openSqliteLedger(path);
      expect({ sql, faults: ledger.books.check().length > 0 }).toEqual({ sql, faults: true });
      ledger.close();
    }
  });
});

describe('backup and restore', () => {
  test('a backup is a ledger, made while the books are open; its checksum stands beside it', async () => {
    const path = join(folder, 'ledger.db');
    fillLedger(path);
    const ledger = openSqliteLedger(path);
    const before = moneyOf(ledger);
    const made = await backupLedger(path, join(folder, 'copy.db'), false);
    ledger.saveTransaction(entryOf(500));
    ledger.close();
    expect(readFileSync(join(folder, 'copy.db.sha256'), 'utf8')).toBe(`${made.sha256}  copy.db\n`);
    expect(readdirSync(folder).sort()).toEqual(['copy.db', 'copy.db.sha256', 'ledger.db']);
    const copy = openSqliteLedger(join(folder, 'copy.db'));
    expect(moneyOf(copy)).toEqual(before);
    copy.close();
    await expect(backupLedger(path, join(folder, 'copy.db'), false)).rejects.toMatchObject({ code: 'file.exists' });
    await backupLedger(path, join(folder, 'copy.db'), true);
    await expect(backupLedger(join(folder, 'none.db'), join(folder, 'x.db'), false)).rejects.toMatchObject({ code: 'file.not-found' });
  });

  test('a restored ledger holds what was backed up; the damaged one is kept beside it', async () => {
    const path = join(folder, 'ledger.db');
    fillLedger(path);
    const ledger = openSqliteLedger(path);
    const before = moneyOf(ledger);
    ledger.close();
    await backupLedger(path, join(folder, 'copy.db'), false);
    truncateSync(path, 9_000);
    expect(codeOf(() => openSqliteLedger(path))).toBe('ledger.malformed');
    await expect(restoreLedger(join(folder, 'copy.db'), path, false, NOW)).rejects.toMatchObject({ code: 'file.exists' });
    const { replaced } = await restoreLedger(join(folder, 'copy.db'), path, true, NOW);
    expect(replaced).toBe(`${path}.before-restore-2026-11-23T12-00-00-000Z`);
    expect(readFileSync(replaced as string)).toHaveLength(9_000);
    const again = openSqliteLedger(path);
    expect(moneyOf(again)).toEqual(before);
    expect(again.books.check()).toEqual([]);
    again.close();
  });

  test('a backup that was changed, that is no ledger, or whose books do not sum is refused, and the ledger stays', async () => {
    const path = join(folder, 'ledger.db');
    fillLedger(path, 20);
    const copy = join(folder, 'copy.db');
    await backupLedger(path, copy, false);
    const ledgerBefore = readFileSync(path);
    const good = readFileSync(copy);
    const refused = async (): Promise<string> => {
      const code = await restoreLedger(copy, path, true, NOW).then(() => 'none', (error: unknown) => (error as StrongroomError).code);
      expect(readFileSync(path).equals(ledgerBefore)).toBe(true);
      expect(readdirSync(folder).filter((name) => name.includes('part') || name.includes('before-restore'))).toEqual([]);
      return code;
    };
    writeFileSync(copy, Buffer.concat([good.subarray(0, -1), Buffer.of((good.at(-1) as number) ^ 1)]));
    expect(await refused()).toBe('ledger.backup');
    rmSync(`${copy}.sha256`);
    writeFileSync(copy, 'no ledger '.repeat(1_000));
    expect(await refused()).toBe('ledger.malformed');
    writeFileSync(copy, good);
    const raw = new DatabaseSync(copy);
    raw.exec('UPDATE account SET balance_sats = balance_sats + CASE name WHEN \'outside\' THEN 1 ELSE -1 END WHERE layer = \'settled\' AND name IN (\'outside\', \'wallet:w\')');
    raw.close();
    expect(await refused()).toBe('ledger.backup');
    writeFileSync(`${copy}.sha256`, 'no checksum\n');
    expect(await refused()).toBe('ledger.backup');
  });

  test('a backup of books of a newer version is refused', async () => {
    const copy = join(folder, 'copy.db');
    fillLedger(copy, 2);
    const raw = new DatabaseSync(copy);
    raw.exec('PRAGMA user_version = 99');
    raw.close();
    await expect(restoreLedger(copy, join(folder, 'ledger.db'), false, NOW)).rejects.toMatchObject({ code: 'ledger.malformed', details: { reason: 'newer-version' } });
    expect(existsSync(join(folder, 'ledger.db'))).toBe(false);
  });
});

test('a streamed document is whole or not there', async () => {
  const path = join(folder, 'books.csv');
  await writeStreamed(path, (async function* () {
    yield 'a';
    yield 'b';
  })(), false);
  expect(readFileSync(path, 'utf8')).toBe('ab');
  await expect(writeStreamed(path, (async function* () { yield 'c'; })(), false)).rejects.toMatchObject({ code: 'file.exists' });
  await expect(writeStreamed(join(folder, 'other.csv'), (async function* () {
    yield 'c';
    throw new StrongroomError('ledger.busy', 'busy', {}, '');
  })(), false)).rejects.toMatchObject({ code: 'ledger.busy' });
  expect(readdirSync(folder)).toEqual(['books.csv']);
});

const namespace = process.getuid?.() === 0 ? ['unshare', '--mount'] : ['unshare', '--user', '--map-root-user', '--mount'];
const canMount = spawnSync(namespace[0] as string, [...namespace.slice(1), 'sh', '-c', 'mount -t tmpfs -o size=64k none /mnt'], { stdio: 'ignore' }).status === 0;
const NOT_HERE = 'no memory file system can be mounted here (it takes root or user namespaces): disks without room and without leave to write were not tried';

/** Runs a script in a mount namespace of its own, where `disk/` is a memory file system with a copy of the ledger on it. */
function onDisk(mount: string, script: string): unknown {
  const [command, ...before] = namespace;
  const shell = `mkdir -p disk && mount -t tmpfs -o ${mount.split(';')[0]} none disk && cp ledger.db disk/ ${mount.split(';')[1] ?? ''} && exec "$@"`;
  const source = (name: string): string => JSON.stringify(new URL(`../../src/node/companion/${name}.ts`, import.meta.url).href);
  const program = `
    import { readdirSync } from 'node:fs';
    import { openSqliteLedger } from ${source('sqlite-ledger')};
    import { backupLedger, checkLedger, restoreLedger } from ${source('ledger-copies')};
    import { writeStreamed } from ${source('streamed-file')};
    const codeOf = async (work) => { try { await work(); return 'none'; } catch (error) { return error.code ?? String(error); } };
    const entryOf = (number) => ({ txid: number.toString(16).padStart(64, '0'), walletId: 'w', kind: 'receive', state: 'confirmed', live: true, height: 100 + number, feeSats: null, bookedAt: 'now', received: [{ vout: 0, amountSats: 5n, branch: 0, index: number }], spent: [], references: ['x'.repeat(100)] });
    const result = await (async () => { ${script} })();
    console.log(JSON.stringify(result, (_, value) => (typeof value === 'bigint' ? String(value) : value)));`;
  writeFileSync(join(folder, 'program.mjs'), program);
  const ended = spawnSync(command as string, [...before, 'sh', '-c', shell, 'sh', process.execPath, '--disable-warning=ExperimentalWarning', 'program.mjs'], { cwd: folder, encoding: 'utf8' });
  if (ended.status !== 0) throw new Error(ended.stderr);
  return JSON.parse(ended.stdout);
}

describe('a disk', () => {
  beforeEach(() => fillLedger(join(folder, 'ledger.db'), 100));

  test('that fills up while books are written: named, the unit of work is undone, the books stay whole and go on with less', ({ skip }) => {
    if (!canMount) skip(NOT_HERE);
    expect(onDisk('size=1m', `
      const ledger = openSqliteLedger('disk/ledger.db');
      const before = ledger.books.count(null);
      const code = await codeOf(() => ledger.atomically(() => { for (let number = 10_000; number < 60_000; number += 1) ledger.saveTransaction(entryOf(number)); }));
      const result = { code, lost: before - ledger.books.count(null), faults: ledger.books.check() };
      ledger.saveTransaction(entryOf(70_000));
      ledger.close();
      const again = openSqliteLedger('disk/ledger.db');
      return { ...result, more: again.books.count(null) - before, faultsAfter: again.books.check(), left: readdirSync('disk') };
    `)).toEqual({ code: 'file.disk-full', lost: 0, faults: [], more: 1, faultsAfter: [], left: ['ledger.db'] });
  });

  test('without room for a backup, a restore or an export: named, nothing half-written stays, the ledger stays', ({ skip }) => {
    if (!canMount) skip(NOT_HERE);
    expect(onDisk('size=640k', `
      const backup = await codeOf(() => backupLedger('disk/ledger.db', 'disk/copy.db', false));
      const restore = await codeOf(() => restoreLedger('ledger.db', 'disk/ledger.db', true, 'now'));
      const streamed = await codeOf(() => writeStreamed('disk/books.csv', (async function* () { for (;;) yield 'x'.repeat(100_000); })(), false));
      const ledger = openSqliteLedger('disk/ledger.db');
      return { backup, restore, streamed, left: readdirSync('disk'), faults: ledger.books.check(), entries: ledger.books.count(null) };
    `)).toEqual({ backup: 'file.disk-full', restore: 'file.disk-full', streamed: 'file.disk-full', left: ['ledger.db'], faults: [], entries: 101 });
  });

  test('that may not be written to: the books can be read, checked and backed up elsewhere; writing is named', ({ skip }) => {
    if (!canMount) skip(NOT_HERE);
    expect(onDisk('size=4m;&& mount -o remount,ro disk', `
      const ledger = openSqliteLedger('disk/ledger.db');
      const entries = ledger.books.page({ limit: 1000 }).entries.length;
      const write = await codeOf(() => ledger.saveTransaction(entryOf(70_000)));
      const after = ledger.books.count(null);
      return {
        entries, write, after, checked: await checkLedger('disk/ledger.db'), fresh: await codeOf(() => openSqliteLedger('disk/new.db')), backup: await codeOf(() => backupLedger('disk/ledger.db', 'copy.db', false)),
        into: await codeOf(() => backupLedger('disk/ledger.db', 'disk/copy.db', false)), restore: await codeOf(() => restoreLedger('ledger.db', 'disk/ledger.db', true, 'now')), left: readdirSync('disk'),
      };
    `)).toEqual({ entries: 101, write: 'file.unwritable', after: 101, checked: { faults: [], entries: 101 }, fresh: 'file.unwritable', backup: 'none', into: 'file.unwritable', restore: 'file.unwritable', left: ['ledger.db'] });
  });
});
