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
/** How long is waited for what, milliseconds. */
export interface Patience {
  /** For the document to appear after the browser said that it printed. */
  readonly appearsMs: number;
  /** For the print service: nothing of the folder was open for so long. */
  readonly quietMs: number;
  /** At most, whatever is open. */
  readonly limitMs: number;
}

// On a machine busy with other work ten seconds passed between writing the document and opening it for the print service: what
// is removed earlier is a page that never comes out of the printer.
const usualPatience: Patience = { appearsMs: 30_000, quietMs: 25_000, limitMs: 180_000 };
const LOOK_MS = 100;

const folders = new Set<string>();
let jobs: Promise<unknown> = Promise.resolve();

/**
 * Runs one print job; one at a time, since the place is the whole process's. Ends when the document lies in the folder: the
 * browser's word alone is given before that, and a document that never came must not count as printed.
 * @param places where the folder may lie, best first: an argument for tests, as is `patience`
 * @throws StrongroomError `print.failed` where no document appears
 */
export function withSpoolFolder<T>(work: () => Promise<T>, places: readonly string[] = spoolPlaces(), patience = usualPatience): Promise<T> {
  const done = jobs.then(async () => {
    const folder = await makeFolder(places);
    folders.add(folder);
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = folder;
    try {
      const answer = await work();
      if (SPOOLS) await documentIn(folder, patience);
      return answer;
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
      void removeWhenRead(folder, patience);
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

/** Chromium spools through a file of its own on Linux only; elsewhere the system's print service takes the pages directly. */
const SPOOLS = process.platform === 'linux';

/** @throws StrongroomError `print.failed` */
async function documentIn(folder: string, { appearsMs }: Patience): Promise<void> {
  const until = Date.now() + appearsMs;
  while (namesIn(folder).length === 0) {
    if (Date.now() > until) throw new StrongroomError('print.failed', 'The pages did not reach the print service.', { reason: 'no document' }, 'Look at the printer and its queue; nothing should be on paper. Then print again.');
    await new Promise<void>((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** The document was handed over when nothing in this process has it open any more. */
async function removeWhenRead(folder: string, { quietMs, limitMs }: Patience): Promise<void> {
  const until = Date.now() + limitMs;
  let quietSince = Date.now();
  while (Date.now() < until && Date.now() - quietSince < quietMs) {
    await new Promise<void>((resolve) => setTimeout(resolve, LOOK_MS).unref());
    if (isOpenHere(folder)) quietSince = Date.now();
    // The browser removes it itself where it is told of the end.
    if (namesIn(folder).length === 0) break;
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
