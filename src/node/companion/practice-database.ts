import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { writeError } from '../shared/file-fault.ts';

/** The file in a practice folder that holds the chain. */
export const DATABASE_NAME = 'practice.sqlite';

const FORMAT = 'strongroom-practice';
const VERSION = '1';
/** Several programs share the folder; each holds it for milliseconds only. */
const BUSY_TIMEOUT_MS = 15_000;

const SCHEMA = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE block (height INTEGER PRIMARY KEY, hash TEXT NOT NULL, time INTEGER NOT NULL) STRICT;
  CREATE TABLE block_transaction (height INTEGER NOT NULL, position INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (height, position)) STRICT, WITHOUT ROWID;
  CREATE TABLE mempool (position INTEGER PRIMARY KEY, txid TEXT NOT NULL, bytes BLOB NOT NULL) STRICT;
  CREATE TABLE departed (position INTEGER PRIMARY KEY, txid TEXT NOT NULL, bytes BLOB NOT NULL) STRICT;
  CREATE TABLE watched_wallet (id INTEGER PRIMARY KEY, descriptor TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE watched_script (wallet INTEGER NOT NULL, branch INTEGER NOT NULL, child INTEGER NOT NULL, script BLOB NOT NULL, address TEXT NOT NULL, PRIMARY KEY (wallet, branch, child)) STRICT, WITHOUT ROWID;
`;

export const practiceMalformed = (folder: string, reason: string): StrongroomError =>
  new StrongroomError('practice.malformed', `${basename(folder)}: this is not a practice network, or it is damaged.`, { name: basename(folder), reason }, 'Make a new practice network in an empty folder; practice money is worth nothing.');

/** What SQLite reports, by its meaning. Its text stays inside. */
export function databaseError(folder: string, fault: unknown): unknown {
  const code = fault instanceof Error && 'errcode' in fault ? Number(fault.errcode) & 0xff : 0;
  switch (code) {
    case 5: // SQLITE_BUSY
    case 6: // SQLITE_LOCKED
      return new StrongroomError('node.not-ready', 'Another program holds the practice network.', { code }, 'Wait for it to finish, then try again.');
    case 13: // SQLITE_FULL
      return writeError(join(folder, DATABASE_NAME), Object.assign(new Error(), { code: 'ENOSPC' }));
    case 3: // SQLITE_PERM
    case 8: // SQLITE_READONLY
    case 14: // SQLITE_CANTOPEN
      return writeError(join(folder, DATABASE_NAME), Object.assign(new Error(), { code: 'EACCES' }));
    case 1: // SQLITE_ERROR: a table that is not there
    case 11: // SQLITE_CORRUPT
    case 26: // SQLITE_NOTADB
      return practiceMalformed(folder, 'database');
    default:
      return fault;
  }
}

function configure(database: DatabaseSync): DatabaseSync {
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;`);
  return database;
}

/**
 * Makes the database of a new practice network, whole or not at all.
 * @throws StrongroomError `file.exists` when the folder has one, `file.*`
 */
export function createDatabase(folder: string, meta: Readonly<Record<string, string>>): void {
  const path = join(folder, DATABASE_NAME);
  if (existsSync(path)) {
    throw new StrongroomError('file.exists', `${basename(folder)}: a practice network is there already and was left alone.`, { name: basename(folder) }, 'Choose another folder.');
  }
  const partial = `${path}.part`;
  try {
    mkdirSync(folder, { recursive: true });
    rmSync(partial, { force: true });
    const database = new DatabaseSync(partial);
    try {
      database.exec(`BEGIN; ${SCHEMA}`);
      const insert = database.prepare('INSERT INTO meta (name, value) VALUES (?, ?)');
      for (const [name, value] of Object.entries({ ...meta, format: FORMAT, version: VERSION, revision: '0', blocks_mined: '0' })) insert.run(name, value);
      database.exec('COMMIT');
    } finally {
      database.close();
    }
    renameSync(partial, path);
  } catch (fault) {
    rmSync(partial, { force: true });
    const known = databaseError(folder, fault);
    throw known instanceof StrongroomError ? known : writeError(path, fault);
  }
}

/**
 * Opens the database of a practice network.
 * @throws StrongroomError `file.not-found` (the folder), `practice.malformed`, `node.not-ready`
 */
export function openDatabase(folder: string): DatabaseSync {
  const path = join(folder, DATABASE_NAME);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new StrongroomError('file.not-found', `${basename(folder)}: this folder is not there.`, { name: basename(folder) }, 'Make a practice network first: strongroom-practice init --folder FOLDER.');
  }
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) throw practiceMalformed(folder, 'no-database');
  let database: DatabaseSync | undefined;
  try {
    database = configure(new DatabaseSync(path));
    const read = database.prepare('SELECT value FROM meta WHERE name = ?');
    if (read.get('format')?.['value'] !== FORMAT || read.get('version')?.['value'] !== VERSION) throw practiceMalformed(folder, 'format');
    return database;
  } catch (fault) {
    database?.close();
    throw databaseError(folder, fault);
  }
}
