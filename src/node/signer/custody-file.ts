import { randomUUID } from 'node:crypto';
import { open, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { CustodyEntry } from '../../custody/entry.ts';
import { appendEntries, emptyJournal, JOURNAL_BYTES, readJournal, type Journal } from '../../custody/journal.ts';
import { utf8 } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { writeFileAtomically } from '../shared/atomic-file.ts';
import { systemCode, writeError } from '../shared/file-fault.ts';
import { readInputFile } from '../shared/input-file.ts';

/** A custody register on a disk. The file is written whole each time; the generation before stays as `name.previous`. */
export interface CustodyFile {
  /**
   * Everything in it; an empty register where there is no file yet.
   * @throws StrongroomError `custody.damaged`, `file.*`
   */
  readonly read: () => Promise<Journal>;
  /**
   * Adds what `make` gives for the present register. One writer at a time, also among programs.
   * @throws StrongroomError as `read`, what `make` and `appendEntries` throw, `custody.busy`; nothing is written then
   */
  readonly append: (make: (journal: Journal) => readonly CustodyEntry[]) => Promise<Journal>;
}

/** How long another writer is waited for, and after which age its lock counts as left by a program that died, milliseconds. */
const WAIT_MS = 5_000;
const STALE_MS = 60_000;

/** @param waitMs how long another writer is waited for: an argument for tests */
export function openCustodyFile(path: string, waitMs: number = WAIT_MS): CustodyFile {
  let queue: Promise<unknown> = Promise.resolve();
  const read = async (): Promise<Journal> => {
    const text = await textOrNull(path);
    return text === null ? emptyJournal : readJournal(text);
  };
  return {
    read,
    append(make) {
      const done = queue.then(() =>
        withLock(path, waitMs, async () => {
          const journal = await read();
          const entries = make(journal);
          if (entries.length === 0) return journal;
          const next = appendEntries(journal, entries);
          await writeFileAtomically(path, utf8(next.text), { overwrite: true });
          return next;
        }),
      );
      queue = done.catch(() => undefined);
      return done;
    },
  };
}

async function textOrNull(path: string): Promise<string | null> {
  try {
    // What is not UTF-8 becomes a mark that no entry accepts.
    return new TextDecoder().decode(await readInputFile(path, { maxBytes: JOURNAL_BYTES }));
  } catch (fault) {
    if (fault instanceof StrongroomError && fault.code === 'file.not-found' && (await folderIsThere(path))) return null;
    throw fault;
  }
}

const folderIsThere = (path: string): Promise<boolean> => stat(dirname(path)).then((facts) => facts.isDirectory(), () => false);

/** A file beside the register that only one program can make; two writers would each forget what the other noted. */
async function withLock<T>(path: string, waitMs: number, work: () => Promise<T>): Promise<T> {
  const lock = join(dirname(path), `.${basename(path)}.lock`);
  const until = Date.now() + waitMs;
  for (;;) {
    try {
      await (await open(lock, 'wx', 0o600)).close();
      break;
    } catch (fault) {
      if (systemCode(fault) !== 'EEXIST') throw writeError(path, fault);
      if (await isStale(lock)) await removeStale(lock);
      else if (Date.now() >= until) {
        throw new StrongroomError('custody.busy', `${basename(path)}: another program is writing to this custody register.`, { name: basename(path) }, 'Wait until it is done, then note it again.');
      } else await sleep(50);
    }
  }
  try {
    return await work();
  } finally {
    await unlink(lock).catch(() => undefined);
  }
}

const sleep = (delayMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs));

async function isStale(lock: string): Promise<boolean> {
  const facts = await stat(lock).catch(() => null);
  return facts !== null && Date.now() - facts.mtimeMs > STALE_MS;
}

/** Takes it away by a rename, which only one of several waiting programs can do. */
async function removeStale(lock: string): Promise<void> {
  const aside = `${lock}.${randomUUID()}`;
  await rename(lock, aside).then(() => unlink(aside), () => undefined);
}
