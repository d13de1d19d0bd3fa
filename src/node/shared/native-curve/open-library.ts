import { createHash } from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { StrongroomError } from '../../../errors/strongroom-error.ts';
import { pinnedFiles, type PinnedFile } from './pinned-files.ts';

declare const __STRONGROOM_NATIVE__: string | undefined;

/** Where a library lies and what it must be. */
export interface LibraryPlace {
  readonly file: string;
  readonly pinned: PinnedFile;
}

/**
 * This platform's library beside the bundle; `null` where there is none to be, and for a program that runs from its source. What
 * Electron packs stays outside its archive, since the system loads libraries from files alone.
 */
export function libraryPlace(platform: string = `${process.platform}-${process.arch}`): LibraryPlace | null {
  const pinned = pinnedFiles[platform];
  if (pinned === undefined || typeof __STRONGROOM_NATIVE__ !== 'string') return null;
  return { file: join(__dirname.replace(/([\\/]app\.asar)$/, '$1.unpacked'), __STRONGROOM_NATIVE__, `secp256k1-${platform}.node`), pinned };
}

const changed = (reason: string): StrongroomError =>
  new StrongroomError('curve.file-changed', `The native curve library beside the program is not the one that it was built with: ${reason}.`, { reason }, 'Do not use this installation. Install Strongroom again and compare its checksum.');

/**
 * Loads a library of the curve into the process, if its bytes are those that are pinned. Never by a package's own loader: that of
 * `secp256k1` falls back to another implementation without a word.
 *
 * SECURITY: on Linux the very file is loaded that was read, whatever its name means by then. Elsewhere somebody who may write into the
 * installation could exchange it between the two; they could as well exchange the program (docs/adr/0015).
 * @returns an object with the library's functions: whoever gets it names those that it needs. `null` where the file is not there, or
 * the system does not load it (another C library, a disk that runs no code)
 * @throws StrongroomError `curve.file-changed`
 */
export function openLibrary({ file, pinned }: LibraryPlace): object | null {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (fault) {
    if (['ENOENT', 'ENOTDIR'].includes((fault as NodeJS.ErrnoException).code ?? '')) return null;
    throw changed('it cannot be read');
  }
  try {
    requirePinned(descriptor, pinned);
    return load(descriptor, file);
  } finally {
    closeSync(descriptor);
  }
}

function requirePinned(descriptor: number, pinned: PinnedFile): void {
  const facts = fstatSync(descriptor);
  // Before it is read: what has another size is not read at all.
  if (!facts.isFile() || facts.size !== pinned.bytes) throw changed('its size is another');
  const content = new Uint8Array(pinned.bytes);
  let length = 0;
  while (length < content.length) {
    const read = readSync(descriptor, content, length, content.length - length, length);
    if (read === 0) break;
    length += read;
  }
  if (createHash('sha256').update(content).digest('hex') !== pinned.sha256) throw changed('its SHA-256 is another');
}

let loads = 0;

function load(descriptor: number, file: string): object | null {
  // A name that was not used before: the loader gives what it has already for one that it knows, whatever file is open there now.
  loads += 1;
  const opened = `/proc/self/fd/${'./'.repeat(loads % 1000)}${descriptor}`;
  const module: { exports: { Secp256k1?: new () => object } } = { exports: {} };
  try {
    process.dlopen(module, process.platform === 'linux' && existsSync(opened) ? opened : file);
  } catch {
    // The bytes are right and the system does not take them: the curve in WebAssembly is there for that.
    return null;
  }
  const Library = module.exports.Secp256k1;
  return Library === undefined ? null : new Library();
}
