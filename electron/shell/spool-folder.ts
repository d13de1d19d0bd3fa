import { readdirSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StrongroomError } from '../../src/errors/strongroom-error.ts';
import { systemCode } from '../../src/node/shared/file-fault.ts';

/**
 * Where the browser puts what it prints before the system's print service takes it.
 *
 * SECURITY: on Linux, Chromium writes each printed document to a temporary file and may leave it there when the program
 * ends: a seed sheet as a PDF in /tmp. So while it prints, its temporary files go to a folder of this process alone, in
 * memory where the system has such a place, and the folder is removed when the print service has read it.
 */

/** `strongroom-spool-<process>-<six characters>`: the process tells whose it is, also when that has ended without a word. */
const prefixOf = (process_: number): string => `strongroom-spool-${process_}-`;
const NAME = /^strongroom-spool-(\d+)-[A-Za-z0-9]{6}$/;
/** How long nothing of the folder must have been open before it counts as read, and how long is waited at most, milliseconds. */
const QUIET_MS = 3_000;
const LIMIT_MS = 120_000;
const LOOK_MS = 250;

const folders = new Set<string>();
let jobs: Promise<unknown> = Promise.resolve();

/**
 * Runs one print job; one at a time, since the place is the whole process's.
 * @param places where the folder may lie, best first: an argument for tests
 */
export function withSpoolFolder<T>(work: () => Promise<T>, places: readonly string[] = spoolPlaces()): Promise<T> {
  const done = jobs.then(async () => {
    const folder = await makeFolder(places);
    folders.add(folder);
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = folder;
    try {
      return await work();
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
      void removeWhenRead(folder);
    }
  });
  jobs = done.catch(() => undefined);
  return done;
}

/** Removes every such folder of this process now, and what earlier ones that were killed left behind. */
export function removeSpoolFolders(places: readonly string[] = spoolPlaces()): void {
  for (const folder of folders) remove(folder);
  for (const place of places) {
    for (const name of namesIn(place)) {
      const owner = Number(NAME.exec(name)?.[1] ?? Number.NaN);
      if (Number.isSafeInteger(owner) && !isRunning(owner) && isOwn(join(place, name))) remove(join(place, name));
    }
  }
}

/** Memory first: what was never on a disk need not be removed from it. */
const spoolPlaces = (): readonly string[] => [process.env['XDG_RUNTIME_DIR'] ?? '', process.platform === 'linux' ? '/dev/shm' : '', tmpdir()].filter((place) => place !== '');

/** @throws StrongroomError `print.failed` where no place can be written to */
async function makeFolder(places: readonly string[]): Promise<string> {
  for (const place of places) {
    const folder = await mkdtemp(join(place, prefixOf(process.pid))).catch(() => null);
    if (folder !== null) return folder;
  }
  throw new StrongroomError('print.failed', 'There is no place for the pages while they are printed.', { reason: 'no folder' }, 'Make room in the folder for temporary files, then print again.');
}

/** The document was handed over when nothing in this process has it open any more. */
async function removeWhenRead(folder: string): Promise<void> {
  const until = Date.now() + LIMIT_MS;
  let quietSince = Date.now();
  while (Date.now() < until && Date.now() - quietSince < QUIET_MS) {
    await new Promise<void>((resolve) => setTimeout(resolve, LOOK_MS).unref());
    if (isOpenHere(folder)) quietSince = Date.now();
  }
  remove(folder);
}

function isOpenHere(folder: string): boolean {
  return namesIn('/proc/self/fd').some((name) => {
    try {
      return readlinkSync(join('/proc/self/fd', name)).startsWith(`${folder}/`);
    } catch {
      return false;
    }
  });
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
}

function isRunning(owner: number): boolean {
  try {
    return process.kill(owner, 0);
  } catch (fault) {
    // Somebody else's process is one too.
    return systemCode(fault) === 'EPERM';
  }
}

function isOwn(path: string): boolean {
  try {
    const facts = statSync(path);
    return facts.isDirectory() && (process.getuid === undefined || facts.uid === process.getuid());
  } catch {
    return false;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
