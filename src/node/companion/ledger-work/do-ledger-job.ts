import { createHash } from 'node:crypto';
import { chmodSync, closeSync, copyFileSync, constants, existsSync, fsyncSync, openSync, readFileSync, readSync, rmSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import * as sqlite from 'node:sqlite';
import { StrongroomError } from '../../../errors/strongroom-error.ts';
import { readError, writeError } from '../../shared/file-fault.ts';
import { ledgerFault, openLedgerDatabase } from '../ledger-database.ts';
import { checkBooks } from '../sqlite-check.ts';
import { sqliteStatements } from '../sqlite-statements.ts';
import { backupFacts } from './backup-facts.ts';
import type { JobStep, LedgerAnswers, LedgerJob } from './messages.ts';

type Tell = (step: JobStep) => void;

/** Beside a backup stands its checksum, as `sha256sum` writes and checks it. */
export const CHECKSUM_SUFFIX = '.sha256';

/** Pages (4 KiB) that are copied between two looks at whoever else wants the ledger: some milliseconds. */
const PAGES_AT_ONCE = 2_000;
const ALL_PAGES = 0x7fff_ffff;
/** How often a copy begins anew because somebody wrote; then it is made in one go, and who writes waits for it. */
const MOST_BEGINNINGS = 4;
const CHUNK_BYTES = 4_194_304;
/** What a check may keep of the file in memory, KiB: it reads everything several times. */
const CHECK_CACHE_KIB = 196_608;

/**
 * Does one job on a ledger's file. Long: for a thread of its own.
 * @throws StrongroomError `ledger.backup`, `ledger.malformed`, `ledger.busy`, `file.*`
 */
export async function doLedgerJob(job: LedgerJob, tell: Tell): Promise<LedgerAnswers[LedgerJob['kind']]> {
  switch (job.kind) {
    case 'check': return check(job.ledger, job.copy, tell);
    case 'copy': return copyChecked(job.ledger, job.copy, tell);
    case 'look': return look(job.backup, tell);
    case 'take': return take(job, tell);
  }
}

/** A part of a job's steps, from one share of the whole to another. */
const between = (tell: Tell, from: number, to: number): Tell => ({ done, until, activity }) => tell({ done: from + done * (to - from), until: from + until * (to - from), activity });

/**
 * A copy is what is gone through, so that nobody who books meanwhile waits, and every question is asked of one state. Where there is no room
 * for one, or no leave to write it, nobody can book either: then it is the file itself.
 */
async function check(ledger: string, copy: string, tell: Tell): Promise<LedgerAnswers['check']> {
  try {
    await copyLedger(ledger, copy, between(tell, 0, 0.1));
  } catch (fault) {
    if (!(fault instanceof StrongroomError && ['file.disk-full', 'file.unwritable'].includes(fault.code))) throw fault;
    removeCopy(copy);
  }
  const path = existsSync(copy) ? copy : ledger;
  const database = new sqlite.DatabaseSync(path, { readOnly: true, timeout: 10_000 });
  try {
    return goThrough(database, ledger, between(tell, 0.1, 1));
  } finally {
    database.close();
    removeCopy(copy);
  }
}

function goThrough(database: sqlite.DatabaseSync, name: string, tell: Tell): LedgerAnswers['check'] {
  database.exec(`PRAGMA cache_size = -${CHECK_CACHE_KIB}`);
  const statements = sqliteStatements(database, name);
  const faults = checkBooks(statements, tell);
  const isReadable = !faults.some(({ code }) => code === 'database');
  return { faults, entries: isReadable ? Number(statements.get('SELECT count(*) AS n FROM wallet_transaction')?.['n']) : 0 };
}

async function copyChecked(ledger: string, copy: string, tell: Tell): Promise<LedgerAnswers['copy']> {
  await copyLedger(ledger, copy, between(tell, 0, 0.1));
  requireSound(copy, ledger, between(tell, 0.1, 0.9));
  const facts = checksumOf(copy, between(tell, 0.9, 1));
  syncFile(copy);
  return facts;
}

function look(backup: string, tell: Tell): LedgerAnswers['look'] {
  const { sha256, bytes } = checksumOf(backup, between(tell, 0, 0.9));
  const stated = statedChecksum(backup);
  if (stated !== null && stated !== sha256) throw damagedBackup(backup, 'checksum');
  tell({ done: 0.9, until: 1, activity: 'Reading what the backup holds' });
  return { sha256, bytes, hasChecksum: stated !== null, ...backupFacts(backup) };
}

function take({ backup, copy, sha256: known }: Extract<LedgerJob, { kind: 'take' }>, tell: Tell): LedgerAnswers['take'] {
  const { sha256 } = checksumOf(backup, between(tell, 0, 0.1));
  const stated = known ?? statedChecksum(backup);
  if (stated !== null && stated !== sha256) throw damagedBackup(backup, 'checksum');
  try {
    copyFileSync(backup, copy, constants.COPYFILE_EXCL);
    chmodSync(copy, 0o600);
  } catch (fault) {
    throw writeError(copy, fault);
  }
  // What is gone through is what was copied, whatever happened to the backup meanwhile.
  if (checksumOf(copy, between(tell, 0.1, 0.2)).sha256 !== sha256) throw damagedBackup(backup, 'copy');
  requireSound(copy, backup, between(tell, 0.2, 1));
  syncFile(copy);
  return { sha256 };
}

/**
 * A consistent copy, page by page as it lies there: what is damaged is copied too. Whoever writes to the ledger meanwhile waits for some
 * milliseconds, and the copy begins anew by itself; while somebody writes without an end, they wait for the whole of it: two seconds for
 * a million entries.
 */
async function copyLedger(ledger: string, copy: string, tell: Tell): Promise<void> {
  const activity = 'Copying the books';
  tell({ done: 0, until: 1, activity });
  let source: sqlite.DatabaseSync | undefined;
  try {
    source = new sqlite.DatabaseSync(ledger, { readOnly: true, timeout: 10_000 });
    // Made by us, so that it is readable by its owner only before anything stands in it.
    closeSync(openSync(copy, 'wx', 0o600));
    // The runtime has this since 22.16; one statement holds writers up for as long as it takes.
    if (typeof sqlite.backup !== 'function') source.prepare('VACUUM INTO ?').run(copy);
    else if (!await copyInSteps(source, copy, (done) => tell({ done, until: 1, activity }))) {
      removeCopy(copy);
      closeSync(openSync(copy, 'wx', 0o600));
      await sqlite.backup(source, copy, { rate: ALL_PAGES });
    }
  } catch (fault) {
    const named = ledgerFault(ledger, fault);
    throw named instanceof StrongroomError ? named : writeError(copy, fault);
  } finally {
    source?.close();
  }
}

/** @returns whether it came to an end */
async function copyInSteps(source: sqlite.DatabaseSync, copy: string, tell: (done: number) => void): Promise<boolean> {
  let beginnings = 1;
  let furthest = 0;
  let done = 0;
  try {
    await sqlite.backup(source, copy, {
      rate: PAGES_AT_ONCE,
      progress({ totalPages, remainingPages }) {
        const now = 1 - remainingPages / totalPages;
        if (now < done) beginnings += 1;
        if (beginnings > MOST_BEGINNINGS) throw new Error('begun too often');
        done = now;
        furthest = Math.max(furthest, now);
        tell(furthest);
      },
    });
    return true;
  } catch (fault) {
    if (beginnings > MOST_BEGINNINGS) return false;
    throw fault;
  }
}

/** Structure and rules of a copy; one of an older version is brought up to date first. @param original what people call it */
function requireSound(copy: string, original: string, tell: Tell): void {
  tell({ done: 0, until: 0.01, activity: 'Opening the copy' });
  let database: sqlite.DatabaseSync | undefined;
  try {
    database = openLedgerDatabase(copy, {});
    if (goThrough(database, copy, between(tell, 0.01, 1)).faults.length > 0) throw damagedBackup(original, 'books');
  } catch (fault) {
    throw fault instanceof StrongroomError ? namedAs(original, copy, fault) : fault;
  } finally {
    database?.close();
  }
}

const namedAs = (original: string, copy: string, { code, message, details, hint }: StrongroomError): StrongroomError =>
  new StrongroomError(code, message.replaceAll(basename(copy), basename(original)), { ...details, name: basename(original) }, hint);

function checksumOf(path: string, tell: Tell): { readonly sha256: string; readonly bytes: number } {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const total = Math.max(1, statSync(path).size);
    const hash = createHash('sha256');
    const chunk = new Uint8Array(CHUNK_BYTES);
    let bytes = 0;
    for (;;) {
      tell({ done: Math.min(1, bytes / total), until: 1, activity: 'Working out the checksum' });
      const read = readSync(file, chunk, 0, chunk.length, null);
      if (read === 0) return { sha256: hash.digest('hex'), bytes };
      hash.update(chunk.subarray(0, read));
      bytes += read;
    }
  } catch (fault) {
    throw readError(path, fault);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function statedChecksum(path: string): string | null {
  if (!existsSync(`${path}${CHECKSUM_SUFFIX}`)) return null;
  const stated = /^([0-9a-f]{64}) [ *]/.exec(readFileSync(`${path}${CHECKSUM_SUFFIX}`, 'utf8').slice(0, 400))?.[1];
  if (stated === undefined) throw damagedBackup(path, 'checksum-file');
  return stated;
}

function syncFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } catch (fault) {
    throw writeError(path, fault);
  } finally {
    closeSync(file);
  }
}

/** Takes away a copy and what SQLite may have left beside it. */
export function removeCopy(copy: string): void {
  for (const left of [copy, `${copy}-journal`]) rmSync(left, { force: true });
}

const damagedBackup = (path: string, reason: 'checksum' | 'checksum-file' | 'copy' | 'books'): StrongroomError =>
  new StrongroomError('ledger.backup', `${basename(path)}: the copy of the ledger is not whole.`, { name: basename(path), reason }, 'Use another backup. The ledger was left as it was.');
