import { readdirSync, readlinkSync, rmSync, statSync, watch } from 'node:fs';
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
 * memory where the system has such a place. Each document is removed when the print service has read it, and the folder when
 * the program ends. It stays until then because the browser asks where temporary files go once: what it prints later goes to
 * the folder of its first print, or nowhere if that is gone.
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

/** This process's folder, once something was printed. */
let own: string | null = null;
let running = 0;
let jobs: Promise<unknown> = Promise.resolve();

/**
 * Runs one print job; one at a time, since the place is the whole process's. Ends when the document lies in the folder: the
 * browser's word alone is given before that, and a document that never came must not count as printed.
 * @param places where the folder may lie, best first: an argument for tests, as is `patience`
 * @throws StrongroomError `print.failed` where no document appears
 */
export function withSpoolFolder<T>(work: () => Promise<T>, places: readonly string[] = spoolPlaces(), patience = usualPatience): Promise<T> {
  const done = jobs.then(async () => {
    const folder = await ownFolder(places);
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = folder;
    running += 1;
    const earlier = new Set(namesIn(folder));
    // The browser may be done with its document, and have removed it, before its word reaches us: so the folder is watched.
    const arrival = { seen: false };
    const watcher = watch(folder, (_event, name) => {
      if (name === null || !earlier.has(name)) arrival.seen = true;
    });
    try {
      const answer = await work();
      if (SPOOLS) await documentIn(folder, earlier, arrival, patience);
      return answer;
    } finally {
      watcher.close();
      running -= 1;
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
      void emptyWhenRead(folder, patience);
    }
  });
  jobs = done.catch(() => undefined);
  return done;
}

/** Removes this process's folder now, and what earlier ones that were killed left behind. */
export function removeSpoolFolders(places: readonly string[] = spoolPlaces()): void {
  if (own !== null) rmSync(own, { recursive: true, force: true });
  own = null;
  for (const place of places) {
    for (const name of namesIn(place)) {
      const owner = Number(NAME.exec(name)?.[1] ?? Number.NaN);
      if (Number.isSafeInteger(owner) && !isRunning(owner) && isOwn(join(place, name))) rmSync(join(place, name), { recursive: true, force: true });
    }
  }
}

/** Memory first: what was never on a disk need not be removed from it. */
const spoolPlaces = (): readonly string[] => [process.env['XDG_RUNTIME_DIR'] ?? '', process.platform === 'linux' ? '/dev/shm' : '', tmpdir()].filter((place) => place !== '');

/** @throws StrongroomError `print.failed` where no place can be written to */
async function ownFolder(places: readonly string[]): Promise<string> {
  if (own !== null && isOwn(own)) return own;
  for (const place of places) {
    const folder = await mkdtemp(join(place, prefixOf(process.pid))).catch(() => null);
    if (folder !== null) {
      own = folder;
      return folder;
    }
  }
  throw new StrongroomError('print.failed', 'There is no place for the pages while they are printed.', { reason: 'no folder' }, 'Make room in the folder for temporary files, then print again.');
}

/** Chromium spools through a file of its own on Linux only; elsewhere the system's print service takes the pages directly. */
const SPOOLS = process.platform === 'linux';

/** @throws StrongroomError `print.failed` */
async function documentIn(folder: string, earlier: ReadonlySet<string>, arrival: { readonly seen: boolean }, { appearsMs }: Patience): Promise<void> {
  const until = Date.now() + appearsMs;
  while (!arrival.seen && namesIn(folder).every((name) => earlier.has(name))) {
    if (Date.now() > until) throw new StrongroomError('print.failed', 'The pages did not reach the print service.', { reason: 'no document' }, 'Look at the printer and its queue; nothing should be on paper. Then print again.');
    await new Promise<void>((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** A document was handed over when nothing in this process has it open any more, and nothing else is being printed. */
async function emptyWhenRead(folder: string, { quietMs, limitMs }: Patience): Promise<void> {
  const until = Date.now() + limitMs;
  let quietSince = Date.now();
  // The browser removes its document itself where the print service tells it of the end.
  while (namesIn(folder).length > 0 && Date.now() < until && Date.now() - quietSince < quietMs) {
    await new Promise<void>((resolve) => setTimeout(resolve, LOOK_MS).unref());
    if (running > 0 || isOpenHere(folder)) quietSince = Date.now();
  }
  if (running === 0) for (const name of namesIn(folder)) rmSync(join(folder, name), { recursive: true, force: true });
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
