import { randomBytes } from 'node:crypto';
import * as nodeFiles from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { equalBytes } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { fileError, systemCode, writeError } from './file-fault.ts';

/** The system calls that writing a file takes: an argument, so that tests can make each of them fail. */
export type FileSystem = Pick<typeof nodeFiles, 'link' | 'lstat' | 'open' | 'readFile' | 'rename' | 'unlink'>;

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

/**
 * Writes a file whole or not at all, readable by its owner only: into a temporary file in the same folder, synced to the
 * disk, read back and compared, and only then given its name; then the folder is synced. When it returns, the file is
 * there; when it throws, the folder holds what it held before (`name.previous` may by then be a second copy of `name`).
 * @throws StrongroomError `file.exists`, `file.disk-full`, `file.unwritable`, `file.not-found` (the folder),
 * `file.not-regular` (a link or folder stands in its place), `file.read-back`
 */
export async function writeFileAtomically(path: string, bytes: Uint8Array, options: WriteOptions, files: FileSystem = nodeFiles): Promise<void> {
  const temporary = siblingName(path);
  try {
    await writeSynced(temporary, bytes, files);
    // Before the file gets its name, so that a bad disk never costs the generation that is there.
    if (!equalBytes(await files.readFile(temporary), bytes)) {
      throw fileError('file.read-back', path, 'what was written reads back differently.', 'Do not use this disk. Save to another one.');
    }
    const undo = await (options.overwrite ? replace(temporary, path, files) : publish(temporary, path, files));
    await undoOnFailure(() => syncFolder(dirname(path), files), undo);
  } catch (fault) {
    await files.unlink(temporary).catch(() => undefined);
    throw fault instanceof StrongroomError ? fault : writeError(path, fault);
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

/** A fresh hidden name in the same folder: only within one file system is a rename atomic. */
function siblingName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(8).toString('hex')}.part`);
}

async function writeSynced(path: string, bytes: Uint8Array, files: FileSystem): Promise<void> {
  const handle = await files.open(path, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Gives the temporary file its name unless the name is taken, in one step where the file system can. */
async function publish(temporary: string, path: string, files: FileSystem): Promise<Undo> {
  try {
    await files.link(temporary, path);
  } catch (fault) {
    if (!noLinks.has(systemCode(fault))) throw fault;
    // Without links: take the name with an empty file, which fails when it is taken, and rename over that.
    await (await files.open(path, 'wx', 0o600)).close();
    await undoOnFailure(() => files.rename(temporary, path), () => files.unlink(path));
    return () => files.unlink(path);
  }
  await undoOnFailure(() => files.unlink(temporary), () => files.unlink(path));
  return () => files.unlink(path);
}

/** Gives the temporary file a name that may be taken, and keeps the last generation as `name.previous`. */
async function replace(temporary: string, path: string, files: FileSystem): Promise<Undo> {
  const present = await files.lstat(path).catch((fault: unknown) => {
    if (systemCode(fault) === 'ENOENT') return null;
    throw fault;
  });
  if (present === null) return publish(temporary, path, files);
  if (!present.isFile()) {
    throw fileError('file.not-regular', path, 'a link or folder of this name is there.', 'Choose another name.');
  }
  const previous = `${path}${PREVIOUS_SUFFIX}`;
  const second = siblingName(path);
  const restore = (): Promise<void> => files.rename(previous, path);
  try {
    await files.link(path, second);
  } catch (fault) {
    if (!noLinks.has(systemCode(fault))) throw fault;
    // Without links there is a moment in which only `name.previous` exists; both generations are on the disk throughout.
    await files.rename(path, previous);
    await undoOnFailure(() => files.rename(temporary, path), restore);
    return restore;
  }
  await undoOnFailure(() => files.rename(second, previous), () => files.unlink(second));
  await files.rename(temporary, path);
  return restore;
}

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
