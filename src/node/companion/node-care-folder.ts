import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { access, constants, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PrivateFolder } from '../../service/companion/care-effects.ts';
import { readInputFile } from '../shared/input-file.ts';
import { writeFileAtomically } from '../shared/atomic-file.ts';
import { writeError } from '../shared/file-fault.ts';

const PREFIX = 'strongroom-private-';
/** Folders of this process that are there at this moment. */
const open = new Set<string>();
let isHooked = false;

/**
 * Lends a folder that only this user can look into, and removes it with everything in it whatever happens: at the end of the work,
 * when it fails, when the process ends (also by Ctrl-C), and, after a kill or a power cut, when the next one is lent.
 * @param place where it is made; left out, memory where the system has a folder in it, so that what is in it never reaches a disk
 * @throws StrongroomError `file.*`, and what the work throws
 */
export async function withPrivateFolder<T>(place: string | null, work: (folder: PrivateFolder) => Promise<T>): Promise<T> {
  const parent = place ?? (await usualPlace());
  await removeLeftovers(parent);
  const path = join(parent, `${PREFIX}${process.pid}-${randomBytes(8).toString('hex')}`);
  if (!isHooked) {
    isHooked = true;
    process.on('exit', () => open.forEach((folder) => rmSync(folder, { recursive: true, force: true })));
  }
  open.add(path);
  try {
    await mkdir(path, { mode: 0o700 }).catch((fault: unknown) => { throw writeError(path, fault); });
    return await work({
      path: (name) => join(path, name),
      read: (name, maxBytes) => readInputFile(join(path, name), { maxBytes }),
      write: (name, bytes) => writeFileAtomically(join(path, name), bytes, { overwrite: false }),
    });
  } finally {
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
    open.delete(path);
  }
}

/** Linux keeps files below /dev/shm in memory. */
async function usualPlace(): Promise<string> {
  if (process.platform !== 'linux') return tmpdir();
  const usable = await access('/dev/shm', constants.W_OK | constants.X_OK).then(() => stat('/dev/shm')).then((facts) => facts.isDirectory(), () => false);
  return usable ? '/dev/shm' : tmpdir();
}

/** Whether a path is in a folder of a process that is no more. */
export function isLeftBehind(path: string): boolean {
  const pid = new RegExp(`[/\\\\]${PREFIX}([1-9][0-9]{0,9})-[0-9a-f]{16}[/\\\\]`).exec(path)?.[1];
  return pid !== undefined && !isRunning(Number(pid));
}

/** Folders of processes that are no more. */
async function removeLeftovers(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const pid = new RegExp(`^${PREFIX}([1-9][0-9]{0,9})-[0-9a-f]{16}$`).exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    const path = join(parent, name);
    const facts = await stat(path).catch(() => null);
    // Somebody else's is not ours to remove.
    if (facts?.isDirectory() === true && (process.getuid === undefined || facts.uid === process.getuid())) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Whether there is such a process on this machine; where it cannot be told, it is taken for one. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (fault) {
    return (fault as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
