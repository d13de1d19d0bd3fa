import { closeSync, existsSync, fsyncSync, lstatSync, openSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { BackupContents, LedgerWatch } from '../../service/companion/ledger-work.ts';
import { fileError, writeError } from '../shared/file-fault.ts';
import { CHECKSUM_SUFFIX, removeCopy } from './ledger-work/do-ledger-job.ts';
import type { LedgerAnswers } from './ledger-work/messages.ts';
import { runLedgerJob } from './ledger-work/run-ledger-job.ts';

/** What `backupLedger` wrote. */
export interface LedgerBackup {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** A backup that is known to be whole and lies beside the ledger, in nobody's way. */
export interface PreparedRestore {
  readonly sha256: string;
  /**
   * Gives it the ledger's name; at once. The ledger that was there is kept beside it. Nobody may have it open any more.
   * @returns where the old one went, or `null`
   * @throws StrongroomError `file.*`; the ledger is where it was
   */
  readonly putInPlace: (now: string) => string | null;
  /** Takes it away again. */
  readonly drop: () => void;
}

const unwatched: LedgerWatch = { progress: () => undefined, isCancelled: () => false };

/**
 * Every rule of the books, on the state that they are in now; others may write meanwhile.
 * @throws StrongroomError `ledger.*`, `file.*`, `host.cancelled`
 */
export async function checkLedger(ledgerPath: string, watch: LedgerWatch = unwatched): Promise<LedgerAnswers['check']> {
  requireLedger(ledgerPath);
  removeAbandoned(ledgerPath);
  return runLedgerJob({ kind: 'check', ledger: ledgerPath, copy: siblingOf(ledgerPath, 'check') }, watch);
}

/**
 * A consistent copy of a ledger while others may write to it: a snapshot in one file, checked, and its checksum beside it. Nothing is
 * left under the name where something goes wrong.
 * @param overwrite whether a backup of this name may be replaced
 * @throws StrongroomError `file.*`, `ledger.*`, `host.cancelled`
 */
export async function backupLedger(ledgerPath: string, path: string, overwrite: boolean, watch: LedgerWatch = unwatched): Promise<LedgerBackup> {
  if (!overwrite) refuseTaken(path);
  requireLedger(ledgerPath);
  requireOther(path, ledgerPath);
  const partial = siblingOf(path, 'part');
  removeAbandoned(path);
  try {
    const { sha256, bytes } = await runLedgerJob({ kind: 'copy', ledger: ledgerPath, copy: partial }, watch);
    writeFileSync(`${partial}${CHECKSUM_SUFFIX}`, `${sha256}  ${basename(path)}\n`, { mode: 0o600 });
    renameSync(`${partial}${CHECKSUM_SUFFIX}`, `${path}${CHECKSUM_SUFFIX}`);
    renameSync(partial, path);
    syncFolder(dirname(path));
    return { path, sha256, bytes };
  } catch (fault) {
    removeCopy(partial);
    rmSync(`${partial}${CHECKSUM_SUFFIX}`, { force: true });
    throw fault instanceof StrongroomError ? fault : writeError(path, fault);
  }
}

/**
 * What a backup holds, before anybody decides: read, and compared with its checksum, but not gone through.
 * @throws StrongroomError `ledger.backup`, `ledger.malformed`, `file.*`, `host.cancelled`
 */
export async function lookAtBackup(backupPath: string, ledgerPath: string, watch: LedgerWatch = unwatched): Promise<BackupContents> {
  requireLedger(backupPath);
  requireOther(backupPath, ledgerPath);
  return runLedgerJob({ kind: 'look', backup: backupPath }, watch);
}

/**
 * Takes a copy of a backup and makes sure that it is whole: its checksum, its structure, and every rule of the books.
 * @param sha256 what its bytes must come to; where it is left out, what stands in the file beside it, if there is one
 * @throws StrongroomError `ledger.backup`, `ledger.malformed`, `file.*`, `host.cancelled`
 */
export async function prepareRestore(backupPath: string, ledgerPath: string, sha256: string | null = null, watch: LedgerWatch = unwatched): Promise<PreparedRestore> {
  requireLedger(backupPath);
  requireOther(backupPath, ledgerPath);
  removeAbandoned(ledgerPath);
  const partial = siblingOf(ledgerPath, 'part');
  const taken = await runLedgerJob({ kind: 'take', backup: backupPath, copy: partial, sha256 }, watch);
  return {
    sha256: taken.sha256,
    putInPlace(now) {
      const isThere = lstatSync(ledgerPath, { throwIfNoEntry: false }) !== undefined;
      const replaced = isThere ? freeName(`${ledgerPath}.before-restore-${now.replaceAll(/[:.]/g, '-')}`) : null;
      try {
        // A journal belongs to the file that it would repair.
        if (replaced !== null) moveLedger(ledgerPath, replaced);
        try {
          renameSync(partial, ledgerPath);
        } catch (fault) {
          if (replaced !== null) moveLedger(replaced, ledgerPath);
          throw fault;
        }
        syncFolder(dirname(ledgerPath));
        return replaced;
      } catch (fault) {
        removeCopy(partial);
        throw writeError(ledgerPath, fault);
      }
    },
    drop: () => removeCopy(partial),
  };
}

/**
 * Puts a backup in the ledger's place, once it is known to be whole. The ledger that was there is kept beside it under another name, damaged
 * or not.
 * @returns where the old one went, or `null`
 * @throws StrongroomError `file.exists` (without `replace`), and as `prepareRestore`
 */
export async function restoreLedger(backupPath: string, ledgerPath: string, replace: boolean, now: string, watch: LedgerWatch = unwatched): Promise<{ readonly replaced: string | null; readonly sha256: string }> {
  requireLedger(backupPath);
  if (!replace && lstatSync(ledgerPath, { throwIfNoEntry: false }) !== undefined) {
    throw new StrongroomError('file.exists', `${basename(ledgerPath)}: a ledger is there already and was left alone.`, { name: basename(ledgerPath) }, 'Add --force to put the backup in its place; the ledger that is there is kept beside it.');
  }
  const { sha256, putInPlace } = await prepareRestore(backupPath, ledgerPath, null, watch);
  return { replaced: putInPlace(now), sha256 };
}

function moveLedger(from: string, to: string): void {
  renameSync(from, to);
  if (existsSync(`${from}-journal`)) renameSync(`${from}-journal`, `${to}-journal`);
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

/**
 * A ledger is no backup of itself. It is not even read as one: whoever closes a file gives up this program's locks on it, those of the
 * open books too (POSIX).
 */
function requireOther(path: string, ledgerPath: string): void {
  const [one, other] = [path, ledgerPath].map((file) => statSync(file, { bigint: true, throwIfNoEntry: false }));
  if (one === undefined || other === undefined || one.ino !== other.ino || one.dev !== other.dev) return;
  throw new StrongroomError('file.exists', `${basename(path)}: these are the books themselves.`, { name: basename(path) }, 'Choose another file.');
}

let copies = 0;
/** The name of a copy that nobody else makes. */
function siblingOf(path: string, ending: 'part' | 'check'): string {
  copies += 1;
  return join(dirname(path), `.${basename(path)}.${process.pid}.${copies}.${ending}`);
}

/** After a program was killed, its copy lies there, as large as the books. */
const ABANDONED_AFTER_MS = 3_600_000;

/** Takes away copies of programs that are no more. */
function removeAbandoned(path: string): void {
  const folder = dirname(path);
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const owner = name.startsWith(`.${basename(path)}.`) ? /\.(\d+)\.\d+\.(part|check)$/.exec(name)?.[1] : undefined;
    if (owner === undefined || isRunning(Number(owner))) continue;
    const facts = statSync(join(folder, name), { throwIfNoEntry: false });
    if (facts !== undefined && Date.now() - facts.mtimeMs > ABANDONED_AFTER_MS) removeCopy(join(folder, name));
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (fault) {
    return (fault as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function freeName(path: string): string {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? path : `${path}-${number}`;
    if (!existsSync(candidate)) return candidate;
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
