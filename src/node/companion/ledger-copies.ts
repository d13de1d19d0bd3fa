import { createHash } from 'node:crypto';
import { chmodSync, closeSync, constants, copyFileSync, createReadStream, existsSync, fsyncSync, lstatSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { fileError, writeError } from '../shared/file-fault.ts';
import { ledgerFault, openLedgerDatabase } from './ledger-database.ts';
import { checkBooks } from './sqlite-check.ts';
import { sqliteStatements } from './sqlite-statements.ts';

/** What `backupLedger` wrote. */
export interface LedgerBackup {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** Beside a backup stands its checksum, as `sha256sum` writes and checks it. */
const CHECKSUM_SUFFIX = '.sha256';

/**
 * A consistent copy of a ledger while others may write to it: a snapshot in one file, checked, and its checksum beside it. Nothing is
 * left under the name where something goes wrong.
 * @param overwrite whether a backup of this name may be replaced
 * @throws StrongroomError `file.*`, `ledger.*`
 */
export async function backupLedger(ledgerPath: string, path: string, overwrite: boolean): Promise<LedgerBackup> {
  if (!overwrite) refuseTaken(path);
  requireLedger(ledgerPath);
  const partial = siblingOf(path, 'part');
  try {
    const database = openLedgerDatabase(ledgerPath, {});
    try {
      // Made by us, so that it is readable by its owner only before anything stands in it.
      closeSync(openSync(partial, 'wx', 0o600));
      database.prepare('VACUUM INTO ?').run(partial);
    } catch (fault) {
      throw ledgerFault(path, fault);
    } finally {
      database.close();
    }
    requireSound(partial);
    const { sha256, bytes } = await checksumOf(partial);
    syncFile(partial);
    writeFileSync(`${partial}${CHECKSUM_SUFFIX}`, `${sha256}  ${basename(path)}\n`, { mode: 0o600 });
    renameSync(`${partial}${CHECKSUM_SUFFIX}`, `${path}${CHECKSUM_SUFFIX}`);
    renameSync(partial, path);
    syncFolder(dirname(path));
    return { path, sha256, bytes };
  } catch (fault) {
    for (const left of [partial, `${partial}${CHECKSUM_SUFFIX}`, `${partial}-journal`]) rmSync(left, { force: true });
    throw fault instanceof StrongroomError ? fault : writeError(path, fault);
  }
}

/**
 * Puts a backup in the ledger's place, once it is known to be whole: its checksum, where it stands beside it, its structure, and every
 * rule of the books. The ledger that was there is kept beside under another name, damaged or not.
 * @returns where the old one went, or `null`
 * @throws StrongroomError `ledger.backup`, `file.exists` (without `replace`), `ledger.malformed`, `file.*`
 */
export async function restoreLedger(backupPath: string, ledgerPath: string, replace: boolean, now: string): Promise<{ readonly replaced: string | null; readonly sha256: string }> {
  requireLedger(backupPath);
  const isThere = lstatSync(ledgerPath, { throwIfNoEntry: false }) !== undefined;
  if (isThere && !replace) {
    throw new StrongroomError('file.exists', `${basename(ledgerPath)}: a ledger is there already and was left alone.`, { name: basename(ledgerPath) }, 'Add --force to put the backup in its place; the ledger that is there is kept beside it.');
  }
  const partial = siblingOf(ledgerPath, 'part');
  try {
    const { sha256 } = await checksumOf(backupPath);
    const stated = statedChecksum(backupPath);
    if (stated !== null && stated !== sha256) throw damagedBackup(backupPath, 'checksum');
    copyFileSync(backupPath, partial, constants.COPYFILE_EXCL);
    chmodSync(partial, 0o600);
    if ((await checksumOf(partial)).sha256 !== sha256) throw damagedBackup(backupPath, 'copy');
    requireSound(partial);
    syncFile(partial);
    const replaced = isThere ? freeName(`${ledgerPath}.before-restore-${now.replaceAll(/[:.]/g, '-')}`) : null;
    if (replaced !== null) {
      renameSync(ledgerPath, replaced);
      // A journal belongs to the file that it would repair.
      if (existsSync(`${ledgerPath}-journal`)) renameSync(`${ledgerPath}-journal`, `${replaced}-journal`);
    }
    renameSync(partial, ledgerPath);
    syncFolder(dirname(ledgerPath));
    return { replaced, sha256 };
  } catch (fault) {
    for (const left of [partial, `${partial}-journal`]) rmSync(left, { force: true });
    throw fault instanceof StrongroomError ? fault : writeError(ledgerPath, fault);
  }
}

/** Structure and rules of a ledger's file; an older version is brought up to date first. @throws StrongroomError `ledger.backup`, `ledger.malformed` */
function requireSound(path: string): void {
  const database = openLedgerDatabase(path, {});
  try {
    if (checkBooks(sqliteStatements(database, path)).length > 0) throw damagedBackup(path, 'books');
  } finally {
    database.close();
  }
}

async function checksumOf(path: string): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk as Uint8Array);
    bytes += (chunk as Uint8Array).length;
  }
  return { sha256: hash.digest('hex'), bytes };
}

function statedChecksum(path: string): string | null {
  if (!existsSync(`${path}${CHECKSUM_SUFFIX}`)) return null;
  const stated = /^([0-9a-f]{64}) [ *]/.exec(readFileSync(`${path}${CHECKSUM_SUFFIX}`, 'utf8').slice(0, 400))?.[1];
  if (stated === undefined) throw damagedBackup(path, 'checksum-file');
  return stated;
}

function requireLedger(path: string): void {
  const facts = lstatSync(path, { throwIfNoEntry: false });
  if (facts === undefined) throw fileError('file.not-found', path, 'there is no such file.', 'Name the ledger\'s file, or begin the books first.');
  if (!facts.isFile()) throw fileError('file.not-regular', path, 'it is a link or a folder, not a plain file.', 'Choose the file itself.');
}

function refuseTaken(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
    throw new StrongroomError('file.exists', `${basename(path)}: a file of this name is there already and was left alone.`, { name: basename(path) }, 'Choose another name, or add --force to replace it.');
  }
}

const siblingOf = (path: string, ending: string): string => join(dirname(path), `.${basename(path)}.${process.pid}.${ending}`);

function freeName(path: string): string {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? path : `${path}-${number}`;
    if (!existsSync(candidate)) return candidate;
  }
}

function syncFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

const damagedBackup = (path: string, reason: 'checksum' | 'checksum-file' | 'copy' | 'books'): StrongroomError =>
  new StrongroomError('ledger.backup', `${basename(path)}: the copy of the ledger is not whole.`, { name: basename(path), reason }, 'Use another backup. The ledger was left as it was.');
