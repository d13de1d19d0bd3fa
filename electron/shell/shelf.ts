import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StrongroomError } from '../../src/errors/strongroom-error.ts';
import { readError, systemCode } from '../../src/node/shared/file-fault.ts';
import { writeFileAtomically } from '../../src/node/shared/atomic-file.ts';
import { readInputFile } from '../../src/node/shared/input-file.ts';

/** A file that the edition keeps for itself. */
export interface ShelfFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A file that is there and cannot be used, by name and error code. It is shown, never hidden. */
export interface DamagedFile {
  readonly name: string;
  readonly code: string;
}

/** One folder of small files below the edition's own data: key files, registrations, wallets. */
export interface Shelf {
  /**
   * Every file, read and understood. A file that fails is reported beside the others and does not take them with it.
   * @param understand may throw StrongroomError
   */
  list<T>(understand: (file: ShelfFile) => Promise<T> | T): Promise<{ readonly files: readonly T[]; readonly damaged: readonly DamagedFile[] }>;
  /**
   * Keeps a file under a name that is free.
   * @throws StrongroomError `file.exists` and what `writeFileAtomically` throws
   */
  add(name: string, bytes: Uint8Array): Promise<void>;
  /**
   * Writes a file anew that is there; its last generation stays beside it as `name.previous`.
   * @throws StrongroomError `file.not-found` and what `writeFileAtomically` throws
   */
  replace(name: string, bytes: Uint8Array): Promise<void>;
  /**
   * Where a file of the shelf lies.
   * @throws StrongroomError `host.bad-request` for a name that no file of it has
   */
  path(name: string): string;
}

/** The most files of a shelf; more is not a shelf of ours. */
const MOST_FILES = 1000;

/** @param suffix how the names of the shelf's files end; whatever else lies there is left alone */
export function openShelf(folder: string, suffix: string, maxBytes: number): Shelf {
  const pathOf = (name: string): string => {
    if (!name.endsWith(suffix) || name.startsWith('.') || /[/\\]/.test(name)) {
      throw new StrongroomError('host.bad-request', 'The name does not fit what is kept here.', { suffix }, `Choose a name that ends in ${suffix}.`);
    }
    return join(folder, name);
  };
  return {
    async list(understand) {
      const files: Awaited<ReturnType<typeof understand>>[] = [];
      const damaged: DamagedFile[] = [];
      for (const name of await namesIn(folder, suffix)) {
        try {
          files.push(await understand({ name, bytes: await readInputFile(join(folder, name), { maxBytes }) }));
        } catch (fault) {
          if (!(fault instanceof StrongroomError)) throw fault;
          damaged.push({ name, code: fault.code });
        }
      }
      return { files, damaged };
    },
    async add(name, bytes) {
      const path = pathOf(name);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFileAtomically(path, bytes, { overwrite: false });
    },
    async replace(name, bytes) {
      const path = pathOf(name);
      await readInputFile(path, { maxBytes });
      await writeFileAtomically(path, bytes, { overwrite: true });
    },
    path: pathOf,
  };
}

async function namesIn(folder: string, suffix: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => name.endsWith(suffix) && !name.startsWith('.')).sort().slice(0, MOST_FILES);
  } catch (fault) {
    if (systemCode(fault) === 'ENOENT') return [];
    throw readError(folder, fault);
  }
}

/** The text of a small file; what is not UTF-8 becomes a mark that no format of ours accepts. */
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
