import { chmodSync, closeSync, existsSync, lstatSync, openSync, rmSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { fileError, writeError } from '../shared/file-fault.ts';
import { booksSchema } from './schema/books.ts';
import { queueSchema } from './schema/queue.ts';
import { signingWalletsSchema } from './schema/signing-wallets.ts';
import { sweepsSchema } from './schema/sweeps.ts';
import { unfinishedSchema } from './schema/unfinished.ts';
import { watchReachSchema } from './schema/watch-reach.ts';

/** Marks the file as ours (`PRAGMA application_id`): "Strl". */
const APPLICATION_ID = 0x5374726c;
/**
 * One step for each version of the schema; a step is never changed once it was released. An amount may be as large as any coin has one
 * (10,000,000,000 DOGE); what a transaction of a chain may hold is checked before it is booked.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE wallet (wallet_id TEXT PRIMARY KEY, name TEXT NOT NULL, network TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE tip (network TEXT PRIMARY KEY, height INTEGER NOT NULL CHECK (height >= 0), refreshed_at TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE wallet_transaction (
    id INTEGER PRIMARY KEY,
    txid TEXT NOT NULL CHECK (length(txid) = 64),
    wallet_id TEXT NOT NULL REFERENCES wallet,
    kind TEXT NOT NULL CHECK (kind IN ('sweep', 'pay', 'receive', 'spend')),
    state TEXT NOT NULL CHECK (state IN ('broadcast', 'confirmed', 'reorganised', 'replaced')),
    live INTEGER NOT NULL CHECK (live IN (0, 1)),
    height INTEGER CHECK (height >= 0),
    fee_sats INTEGER CHECK (fee_sats BETWEEN 0 AND 1000000000000000000),
    booked_at TEXT NOT NULL,
    UNIQUE (txid, wallet_id)
  ) STRICT;
  CREATE TABLE output (
    entry INTEGER NOT NULL REFERENCES wallet_transaction ON DELETE CASCADE,
    vout INTEGER NOT NULL, amount_sats INTEGER NOT NULL CHECK (amount_sats BETWEEN 0 AND 1000000000000000000),
    branch INTEGER NOT NULL CHECK (branch IN (0, 1)), child INTEGER NOT NULL CHECK (child >= 0),
    PRIMARY KEY (entry, vout)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE spend (
    entry INTEGER NOT NULL REFERENCES wallet_transaction ON DELETE CASCADE,
    txid TEXT NOT NULL, vout INTEGER NOT NULL, amount_sats INTEGER NOT NULL CHECK (amount_sats BETWEEN 0 AND 1000000000000000000),
    PRIMARY KEY (entry, txid, vout)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE entry_reference (
    entry INTEGER NOT NULL REFERENCES wallet_transaction ON DELETE CASCADE,
    position INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (entry, position)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE plan (
    plan_id TEXT PRIMARY KEY CHECK (length(plan_id) = 64), kind TEXT NOT NULL CHECK (kind IN ('sweep', 'pay')),
    wallet_id TEXT NOT NULL REFERENCES wallet, planned_at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE plan_input (plan_id TEXT NOT NULL REFERENCES plan ON DELETE CASCADE, outpoint TEXT NOT NULL, PRIMARY KEY (plan_id, outpoint)) STRICT, WITHOUT ROWID;
  CREATE TABLE plan_reference (plan_id TEXT NOT NULL REFERENCES plan ON DELETE CASCADE, position INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (plan_id, position)) STRICT, WITHOUT ROWID;
  CREATE TABLE reserved_address (
    plan_id TEXT PRIMARY KEY REFERENCES plan ON DELETE CASCADE,
    wallet_id TEXT NOT NULL REFERENCES wallet, branch INTEGER NOT NULL CHECK (branch IN (0, 1)), child INTEGER NOT NULL CHECK (child >= 0)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX reserved_address_by_wallet ON reserved_address (wallet_id, branch, child);

  CREATE TABLE broadcast (
    txid TEXT PRIMARY KEY CHECK (length(txid) = 64), plan_id TEXT NOT NULL, network TEXT NOT NULL, bytes BLOB NOT NULL,
    intended_at TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('intended', 'sent', 'refused'))
  ) STRICT;
  CREATE TABLE broadcast_reference (txid TEXT NOT NULL REFERENCES broadcast ON DELETE CASCADE, position INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (txid, position)) STRICT, WITHOUT ROWID;
  `,
  // What was planned, so that replies can be merged into it and what is sent can be compared with it.
  `
  CREATE TABLE plan_psbt (plan_id TEXT PRIMARY KEY REFERENCES plan ON DELETE CASCADE, bytes BLOB NOT NULL) STRICT;
  CREATE INDEX plan_input_by_outpoint ON plan_input (outpoint);
  `,
  booksSchema,
  queueSchema,
  sweepsSchema,
  watchReachSchema,
  unfinishedSchema,
  signingWalletsSchema,
];

export interface LedgerDatabaseOptions {
  /** How long another writer is waited for, milliseconds. */
  readonly busyMs?: number;
  /** The most pages that the file may grow to; tests make a small disk of it. */
  readonly maxPages?: number;
}

/**
 * Opens the ledger's file, made where it is not there, readable by its owner only; checks that it is whole.
 * A rollback journal rather than a write-ahead log: one file that can be copied when nobody writes, and every commit is on
 * the disk when it returns (`synchronous = EXTRA`), whenever the machine stops.
 * @throws StrongroomError `ledger.malformed`, `ledger.busy`, `file.not-regular`, `file.not-found` (the folder), `file.*`
 */
export function openLedgerDatabase(path: string, options: LedgerDatabaseOptions): DatabaseSync {
  const isNew = createPrivately(path);
  // A journal that was left is what SQLite repairs the file with as soon as it is read.
  const wasInterrupted = existsSync(`${path}-journal`);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: options.busyMs ?? 10_000, enableForeignKeyConstraints: true });
    database.exec('PRAGMA trusted_schema = OFF; PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA; PRAGMA secure_delete = OFF;');
    if (options.maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${options.maxPages}`);
    migrate(database, path);
    requireWhole(database, path, wasInterrupted);
    return database;
  } catch (fault) {
    database?.close();
    if (isNew) rmSync(path, { force: true });
    throw ledgerFault(path, fault);
  }
}

/** @returns whether the file was made now */
function createPrivately(path: string): boolean {
  try {
    const facts = lstatSync(path, { throwIfNoEntry: false });
    if (facts === undefined) {
      closeSync(openSync(path, 'wx', 0o600));
      return true;
    }
    if (!facts.isFile()) throw fileError('file.not-regular', path, 'it is a link or a folder, not a plain file.', 'Choose the ledger\'s file itself.');
    // The books tell who was paid what.
    if (process.platform !== 'win32' && (facts.mode & 0o077) !== 0) chmodSync(path, 0o600);
    return false;
  } catch (fault) {
    throw fault instanceof StrongroomError ? fault : writeError(path, fault);
  }
}

const numberOf = (database: DatabaseSync, pragma: string): number => Number(Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]);

/** Of a file that nothing is written to. @returns its version. @throws StrongroomError `ledger.malformed` */
export function requireLedgerVersion(database: DatabaseSync, path: string): number {
  const version = numberOf(database, 'user_version');
  if (numberOf(database, 'application_id') !== APPLICATION_ID || version < 1) throw malformedLedger(path, 'not-a-ledger');
  if (version > migrations.length) throw malformedLedger(path, 'newer-version');
  return version;
}

function migrate(database: DatabaseSync, path: string): void {
  const read = (pragma: string): number => numberOf(database, pragma);
  const begin = (): void => database.exec('BEGIN IMMEDIATE');
  // The common case takes no write lock.
  if (read('application_id') === APPLICATION_ID && read('user_version') === migrations.length) return;
  begin();
  try {
    const version = read('user_version');
    const isEmpty = version === 0 && read('application_id') === 0 && database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n'] === 0;
    if (!isEmpty && (read('application_id') !== APPLICATION_ID || version > migrations.length)) {
      throw malformedLedger(path, version > migrations.length ? 'newer-version' : 'not-a-ledger');
    }
    for (const step of migrations.slice(version)) database.exec(step);
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${migrations.length}; COMMIT`);
  } catch (fault) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw fault;
  }
}

/** Files up to this size are gone through whole each time they are opened: it takes milliseconds. */
const SMALL_FILE_BYTES = 16 * 1024 * 1024;

/**
 * What is looked at when the ledger is opened does not grow with it. A small file is gone through whole; so is a large one whose last writer was
 * stopped in the middle of a commit. Otherwise: all of its pages are there, and the accounts of each network sum to zero. What is
 * damaged elsewhere is named when it is read, and found by `ledger check` and by every backup.
 */
function requireWhole(database: DatabaseSync, path: string, wasInterrupted: boolean): void {
  const { size } = statSync(path);
  const read = (pragma: string): number => numberOf(database, pragma);
  if (size < read('page_count') * read('page_size')) throw malformedLedger(path, 'damaged');
  if (size <= SMALL_FILE_BYTES || wasInterrupted) {
    const check = Object.values(database.prepare('PRAGMA integrity_check(1)').get() ?? {})[0];
    if (check !== 'ok' || database.prepare('PRAGMA foreign_key_check').get() !== undefined) throw malformedLedger(path, 'damaged');
  }
  if (database.prepare('SELECT 1 FROM account GROUP BY network, layer HAVING sum(balance_sats) <> 0').get() !== undefined) throw malformedLedger(path, 'damaged');
}

const malformedLedger = (path: string, reason: 'newer-version' | 'not-a-ledger' | 'damaged'): StrongroomError =>
  new StrongroomError('ledger.malformed', `${basename(path)}: the file is not a ledger that this version can use.`, { name: basename(path), reason }, 'Restore the ledger from a backup, or move the file away: a new ledger books again from the node what the chain holds, without references.');

/** What SQLite reports, by its meaning; its text stays inside. @see SQLite, "Result and Error Codes" */
export function ledgerFault(path: string, fault: unknown): unknown {
  // Closed under somebody's hands: a backup took the file's place.
  if (fault instanceof Error && 'code' in fault && fault.code === 'ERR_INVALID_STATE') {
    return new StrongroomError('ledger.busy', 'The books were replaced meanwhile.', { name: basename(path) }, 'Nothing was written to the new ones by this step. Begin it again.');
  }
  const code = fault instanceof Error && 'errcode' in fault ? Number(fault.errcode) & 0xff : 0;
  switch (code) {
    case 5: // SQLITE_BUSY
    case 6: // SQLITE_LOCKED
      return new StrongroomError('ledger.busy', 'Another program is writing to the ledger.', { name: basename(path) }, 'Let it finish, then try again.');
    case 13: // SQLITE_FULL
      return writeError(path, Object.assign(new Error(), { code: 'ENOSPC' }));
    case 3: // SQLITE_PERM
    case 8: // SQLITE_READONLY
    case 10: // SQLITE_IOERR
    case 14: // SQLITE_CANTOPEN
      return writeError(path, Object.assign(new Error(), { code: 'EIO' }));
    case 1: // SQLITE_ERROR: a table or column that every version has is not there, or the header is of no known format
    case 7: // SQLITE_NOMEM and SQLITE_TOOBIG: a length that cannot be
    case 18:
    case 11: // SQLITE_CORRUPT
    case 24: // SQLITE_FORMAT
    case 26: // SQLITE_NOTADB
      return malformedLedger(path, 'damaged');
    default:
      return fault;
  }
}
