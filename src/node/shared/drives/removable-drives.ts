import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { knownFileKind, type KnownFileKind } from '../../../domain/known-file.ts';
import type { ErrorCode } from '../../../errors/catalog.ts';
import { StrongroomError } from '../../../errors/strongroom-error.ts';
import { readError, systemCode } from '../file-fault.ts';
import { parseProcMounts, removableMounts, windowsDriveLetters } from './mounts.ts';

/** A file on a drive, or one that the system handed over. Nothing of it was read. */
export interface FoundFile {
  readonly path: string;
  readonly name: string;
  readonly kind: KnownFileKind;
  readonly sizeBytes: number;
  readonly modifiedAt: string;
}

export interface RemovableDrive {
  readonly folder: string;
  /** What people see of it elsewhere: its label. */
  readonly name: string;
  readonly files: readonly FoundFile[];
  readonly others: number;
  /** The error code where it cannot be looked at. */
  readonly problem: string | null;
}

/** More names than a person brings on a stick; a drive with more is looked at no further. */
const MOST_NAMES = 5000;
const MOST_FILES = 200;
const MOST_DRIVES = 20;

/**
 * Every removable drive that is mounted, with the files in its top folder that Strongroom knows by name. Only names, sizes and dates
 * are asked for; links are not followed, and folders are not gone into.
 * @param places where the drives are, for tests
 */
export async function removableDrives(places: () => Promise<readonly string[]> = mountedFolders): Promise<readonly RemovableDrive[]> {
  return Promise.all((await places()).slice(0, MOST_DRIVES).map(lookAt));
}

async function lookAt(folder: string): Promise<RemovableDrive> {
  const name = basename(folder) === '' ? folder : basename(folder);
  try {
    const names = (await readdir(folder)).slice(0, MOST_NAMES);
    const known = names.filter((each) => knownFileKind(each) !== null).sort();
    const found = (await Promise.all(known.slice(0, MOST_FILES).map((each) => foundFile(join(folder, each))))).filter((file) => file !== null);
    return { folder, name, files: found, others: names.length - found.length, problem: null };
  } catch (fault) {
    return { folder, name, files: [], others: 0, problem: fault instanceof StrongroomError ? fault.code : readError(folder, fault).code };
  }
}

/** What a path leads to, if it is a plain file of a known name; `null` for links, folders and devices. */
export async function foundFile(path: string): Promise<FoundFile | null> {
  const name = basename(path);
  const kind = knownFileKind(name);
  if (kind === null) return null;
  try {
    const facts = await lstat(path);
    return facts.isFile() ? { path, name, kind, sizeBytes: facts.size, modifiedAt: new Date(facts.mtimeMs).toISOString() } : null;
  } catch {
    // Pulled out, or not to be looked at by this person.
    return null;
  }
}

/** Why a file that was handed over is not offered to be opened. */
export type WhyRefused = Extract<ErrorCode, 'file.unknown-name' | 'file.not-regular' | 'file.too-large' | 'file.not-found' | 'file.unreadable'>;

/**
 * A path that the system handed over, and what it leads to, without anything of it being read: a person who opened it is told by name
 * what is not taken, and why.
 * @param mostBytesOf the largest size of a kind
 */
export async function handedFile(path: string, mostBytesOf: (kind: KnownFileKind) => number): Promise<FoundFile | { readonly path: string; readonly name: string; readonly code: WhyRefused }> {
  const found = await foundFile(path);
  if (found !== null && found.sizeBytes <= mostBytesOf(found.kind)) return found;
  // As a window may show it: of one line, and no longer than a name can be.
  const name = basename(path).replace(/[\\\p{C}]/gu, '?').slice(0, 200) || '?';
  return { path, name, code: found !== null ? 'file.too-large' : await whyNotFound(path) };
}

async function whyNotFound(path: string): Promise<WhyRefused> {
  try {
    if (!(await lstat(path)).isFile()) return 'file.not-regular';
    return knownFileKind(basename(path)) === null ? 'file.unknown-name' : 'file.unreadable';
  } catch (fault) {
    return readError(path, fault).code === 'file.not-found' ? 'file.not-found' : 'file.unreadable';
  }
}

/** A handle that is the same for a path as long as the process runs, so that a list that is read anew keeps its rows. */
export const handleOfPath = (salt: string, path: string): string => createHash('sha256').update(`${salt}\n${path}`).digest('hex').slice(0, 32);

async function mountedFolders(): Promise<readonly string[]> {
  switch (process.platform) {
    case 'linux': return linuxFolders();
    case 'darwin': return volumes();
    case 'win32': return windowsFolders();
    default: return [];
  }
}

async function linuxFolders(): Promise<readonly string[]> {
  const mounts = parseProcMounts(await readFile('/proc/mounts', 'utf8').catch(() => ''));
  const disks = new Map<string, boolean>();
  for (const disk of await readdir('/sys/block').catch(() => [])) disks.set(disk, (await readFile(join('/sys/block', disk, 'removable'), 'utf8').catch(() => '0')).trim() === '1');
  return removableMounts(mounts, (disk) => disks.get(disk) === true).map(({ folder }) => folder);
}

/** Everything in `/Volumes` but the system's own disk, which is a link to the root. */
async function volumes(): Promise<readonly string[]> {
  const names = await readdir('/Volumes').catch(() => []);
  const folders = await Promise.all(names.map(async (name) => ((await realpath(join('/Volumes', name)).catch(() => '/')) === '/' ? null : join('/Volumes', name))));
  return folders.filter((folder) => folder !== null);
}

async function windowsFolders(): Promise<readonly string[]> {
  const folders = await Promise.all(windowsDriveLetters.map(async (letter) => {
    try {
      return (await lstat(`${letter}:\\`)).isDirectory() ? `${letter}:\\` : null;
    } catch (fault) {
      // No such drive, or none in it.
      return systemCode(fault) === 'EBUSY' ? `${letter}:\\` : null;
    }
  }));
  return folders.filter((folder) => folder !== null);
}
