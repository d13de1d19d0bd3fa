import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import * as nodeFiles from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { equalBytes } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { fileError, systemCode, writeError } from './file-fault.ts';

/** The system calls that writing a file takes: an argument, so that tests can make each of them fail. */
export type FileSystem = Pick<typeof nodeFiles, 'link' | 'lstat' | 'open' | 'readdir' | 'readFile' | 'rename' | 'unlink'>;

export interface WriteOptions {
  /** Whether a file of this name may be replaced; its last generation then stays beside it as `name.previous`. */
  readonly overwrite: boolean;
}

/** Ends the name of the generation before the present one. */
export const PREVIOUS_SUFFIX = '.previous';

// Memory sticks are formatted as FAT or exFAT, which have no hard links.
const noLinks: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV', 'EINVAL']);
// Some systems (Windows) and file systems cannot open or sync a folder; there is nothing more to be done on them.
const noFolderSync: ReadonlySet<string> = new Set(['EISDIR', 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'EPERM', 'EBADF']);

/** The temporary files that this process is writing at this moment. */
const underWay = new Set<string>();

/**
 * Writes a file whole or not at all, readable by its owner only: into a temporary file in the same folder, synced to the
 * disk, read back and compared, and only then given its name; then the folder is synced. When it returns, the file is
 * there; when it throws, the folder holds what it held before (`name.previous` may by then be a second copy of `name`).
 * A process that ends in between (a power cut, a kill) leaves the old generation or the new one, whole, under the name; what
 * it leaves besides is a hidden `.part` file, which the next write of that name removes.
 * @throws StrongroomError `file.exists`, `file.disk-full`, `file.unwritable`, `file.not-found` (the folder),
 * `file.not-regular` (a link or folder stands in its place), `file.read-back`
 */
export async function writeFileAtomically(path: string, bytes: Uint8Array, options: WriteOptions, files: FileSystem = nodeFiles): Promise<void> {
  await removeLeftovers(path, files);
  const temporary = siblingName(path);
  underWay.add(temporary);
  try {
    await writeReadBack(temporary, bytes, path, files);
    const undo = await (options.overwrite ? replace(temporary, path, files) : publish(temporary, path, files));
    await undoOnFailure(() => syncFolder(dirname(path), files), undo);
  } catch (fault) {
    await files.unlink(temporary).catch(() => undefined);
    throw fault instanceof StrongroomError ? fault : writeError(path, fault);
  } finally {
    underWay.delete(temporary);
  }
}

/** Restores what was there before a step. */
type Undo = () => Promise<void>;

async function undoOnFailure<T>(step: () => Promise<T>, undo: Undo): Promise<T> {
  try {
    return await step();
  } catch (fault) {
    await undo().catch(() => undefined);
    throw fault;
  }
}

/**
 * A fresh hidden name in the same folder: only within one file system is a rename atomic. It names the process that writes,
 * so that another one can tell what is being written from what was left lying.
 */
function siblingName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}.${randomBytes(8).toString('hex')}.part`);
}

/**
 * Removes what processes that are no more left of writing this file. Whatever goes wrong with it is no reason not to write:
 * leftovers have no name that anybody reads.
 */
async function removeLeftovers(path: string, files: FileSystem): Promise<void> {
  const folder = dirname(path);
  const start = `.${basename(path)}.`;
  const names = await files.readdir(folder).catch(() => []);
  for (const name of names) {
    const [, pid] = name.startsWith(start) ? (/^([1-9][0-9]{0,9})\.[0-9a-f]{16}\.part$/.exec(name.slice(start.length)) ?? []) : [];
    if (pid === undefined) continue;
    const leftover = join(folder, name);
    if (Number(pid) === process.pid ? !underWay.has(leftover) : !isRunning(Number(pid))) await files.unlink(leftover).catch(() => undefined);
  }
}

/** Whether there is such a process on this machine; where it cannot be told, it is taken for one. */
function isRunning(pid: number): boolean {
  try {
    // Signal 0 is not sent: the system only says whether it could be.
    process.kill(pid, 0);
    return true;
  } catch (fault) {
    return systemCode(fault) !== 'ESRCH';
  }
}

/**
 * Writes a file, syncs it and reads it back.
 * @param temporary where it goes; it has no name yet that anybody reads, so that a bad disk never costs what is there
 * @param path what it is for
 */
async function writeReadBack(temporary: string, bytes: Uint8Array, path: string, files: FileSystem): Promise<void> {
  const handle = await files.open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (!equalBytes(await files.readFile(temporary), bytes)) {
    throw fileError('file.read-back', path, 'what was written reads back differently.', 'Do not use this disk. Save to another one.');
  }
}

/** Gives the temporary file its name unless the name is taken, in one step where the file system can. */
async function publish(temporary: string, path: string, files: FileSystem): Promise<Undo> {
  try {
    await files.link(temporary, path);
  } catch (fault) {
    if (!noLinks.has(systemCode(fault))) throw fault;
    // Without links: look whether the name is taken, then rename. Taking the name with an empty file first would close the
    // moment in between to other programs, and a kill in it would leave a key file without content.
    if ((await present(path, files)) !== null) throw Object.assign(new Error('taken'), { code: 'EEXIST' });
    await files.rename(temporary, path);
    return () => files.unlink(path);
  }
  await undoOnFailure(() => files.unlink(temporary), () => files.unlink(path));
  return () => files.unlink(path);
}

/** Gives the temporary file a name that may be taken, and keeps the last generation as `name.previous`. */
async function replace(temporary: string, path: string, files: FileSystem): Promise<Undo> {
  const facts = await present(path, files);
  if (facts === null) return publish(temporary, path, files);
  if (!facts.isFile()) {
    throw fileError('file.not-regular', path, 'a link or folder of this name is there.', 'Choose another name.');
  }
  const previous = `${path}${PREVIOUS_SUFFIX}`;
  const second = siblingName(path);
  underWay.add(second);
  const restore = (): Promise<void> => files.rename(previous, path);
  try {
    try {
      await files.link(path, second);
    } catch (fault) {
      if (!noLinks.has(systemCode(fault))) throw fault;
      // Without links the last generation is copied, so that its own name is never without a file.
      await writeReadBack(second, await files.readFile(path), previous, files);
    }
    await files.rename(second, previous);
  } finally {
    // Also after success: where a kill left both names on one file, the rename changes nothing (POSIX) and leaves this one.
    await files.unlink(second).catch(() => undefined);
    underWay.delete(second);
  }
  await files.rename(temporary, path);
  return restore;
}

/** What stands under a name, or `null`; a link is not followed. */
const present = (path: string, files: FileSystem): Promise<Stats | null> =>
  files.lstat(path).catch((fault: unknown) => {
    if (systemCode(fault) === 'ENOENT') return null;
    throw fault;
  });

async function syncFolder(folder: string, files: FileSystem): Promise<void> {
  try {
    const handle = await files.open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (fault) {
    if (!noFolderSync.has(systemCode(fault))) throw fault;
  }
}
