import { lstat, mkdir, rmdir, stat, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { utf8 } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { writeFileAtomically } from '../../node/shared/atomic-file.ts';
import { readInputFile } from '../../node/shared/input-file.ts';
import { usageError } from './usage-error.ts';

/** The largest wallet, registration, key record or payments file that is read. */
export const SMALL_FILE_BYTES = 262_144;
/** The largest PSBT file: 16 MiB of PSBT as hexadecimal text or QR frames. */
export const PSBT_FILE_BYTES = 40 * 1024 * 1024;

/** A place for output that was looked at before the work began. */
export interface OutputPlace {
  /** Where the content will stand. */
  readonly path: (suggestedName: string) => string;
  readonly overwrite: boolean;
}

/** What a command reads and writes. Every file goes through here, so that a command that fails leaves none behind. */
export interface CommandFiles {
  /** @throws StrongroomError `file.*` */
  readonly readBytes: (path: string, maxBytes: number) => Promise<Uint8Array>;
  /** A UTF-8 text. @throws StrongroomError `file.*`, `usage.malformed` */
  readonly readText: (path: string, maxBytes?: number) => Promise<string>;
  /**
   * Looks whether output can go to `path` before anything is done that cannot be undone. An existing folder takes the
   * content under its suggested name.
   * @throws StrongroomError `file.exists`, `file.not-found` (the folder)
   */
  readonly place: (path: string, overwrite: boolean) => Promise<OutputPlace>;
  /** Writes the file whole. @returns its path */
  readonly write: (place: OutputPlace, suggestedName: string, content: Uint8Array | string) => Promise<string>;
  /** A folder for several files, made if it is not there. */
  readonly placeFolder: (path: string, overwrite: boolean) => Promise<(name: string) => OutputPlace>;
}

/** What the runner does with a command's files. */
export interface CommandFilesHandle extends CommandFiles {
  /** Waits for a write that is under way, then removes what this command has made. */
  readonly rollBack: () => Promise<void>;
  /** Waits for a write that is under way; later writes are refused. */
  readonly settle: () => Promise<void>;
}

export function commandFiles(standardInput: AsyncIterable<Uint8Array | string>): CommandFilesHandle {
  const made: { path: string; isFolder: boolean }[] = [];
  let underWay: Promise<unknown> = Promise.resolve();
  let closed = false;
  let standardInputTaken = false;

  const readBytes = async (path: string, maxBytes: number): Promise<Uint8Array> => {
    if (path === '-') {
      if (standardInputTaken) throw usageError('Standard input (-) stands for two things.', 'Give one of them as a file.');
      standardInputTaken = true;
    }
    return readInputFile(path, { maxBytes, standardInput });
  };
  const refuseTaken = async (path: string, overwrite: boolean): Promise<void> => {
    if (!overwrite && (await exists(path))) {
      throw new StrongroomError('file.exists', `${basename(path)}: a file of this name is there already and was left alone.`, { name: basename(path) }, 'Choose another name, or add --force to replace it.');
    }
  };

  return {
    readBytes,
    async readText(path, maxBytes = SMALL_FILE_BYTES) {
      return decodeText(await readBytes(path, maxBytes), path);
    },
    async place(path, overwrite) {
      if (await isFolder(path)) return { path: (name) => join(path, name), overwrite };
      await refuseTaken(path, overwrite);
      if (!(await isFolder(join(path, '..')))) {
        throw new StrongroomError('file.not-found', `${basename(path)}: its folder is not there.`, { name: basename(path) }, 'Choose a folder that exists.');
      }
      return { path: () => path, overwrite };
    },
    async write(place, suggestedName, content) {
      if (closed) throw new StrongroomError('host.cancelled', 'The step was stopped before it wrote its result.', {}, 'Start it again.');
      const path = place.path(suggestedName);
      const wasThere = await exists(path);
      const writing = writeFileAtomically(path, typeof content === 'string' ? utf8(content) : content, { overwrite: place.overwrite });
      underWay = writing.catch(() => undefined);
      await writing;
      // What replaced a file on the person's word (--force) stays; its last generation is kept beside it anyway.
      if (!wasThere) made.push({ path, isFolder: false });
      return path;
    },
    async placeFolder(path, overwrite) {
      if (!(await exists(path))) {
        await mkdir(path, { recursive: false }).catch((fault: unknown) => {
          const code = (fault as NodeJS.ErrnoException).code;
          throw new StrongroomError(code === 'ENOENT' ? 'file.not-found' : 'file.unwritable', `${basename(path)}: the folder cannot be made here.`, { name: basename(path) }, 'Choose a folder that exists.');
        });
        made.push({ path, isFolder: true });
      } else if (!(await isFolder(path))) {
        throw new StrongroomError('file.not-regular', `${basename(path)}: this is not a folder.`, { name: basename(path) }, 'Name a folder.');
      }
      return (name) => ({ path: () => join(path, name), overwrite });
    },
    async settle() {
      closed = true;
      await underWay;
    },
    async rollBack() {
      closed = true;
      await underWay;
      for (const { path, isFolder: folder } of made.reverse()) {
        // A folder goes only when empty: somebody else may have put a file there meanwhile.
        await (folder ? rmdir(path) : unlink(path)).catch(() => undefined);
      }
    },
  };
}

/** A text from bytes; a file that is not text is somebody's slip, not a reason for replacement characters. */
export function decodeText(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const name = path === '-' ? 'standard input' : basename(path);
    throw new StrongroomError('file.unreadable', `${name}: it is not a text in UTF-8.`, { name }, 'Choose the right file.');
  }
}

const exists = (path: string): Promise<boolean> => lstat(path).then(() => true, () => false);
const isFolder = (path: string): Promise<boolean> => stat(path).then((facts) => facts.isDirectory(), () => false);
