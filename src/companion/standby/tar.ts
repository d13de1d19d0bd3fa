import { utf8 as utf8Codec } from '@scure/base';
import { concat, utf8 } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';

/** One file of a bundle. Paths are of letters that every system has, one folder deep at most. */
export interface BundleFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

const BLOCK = 512;
const MAX_FILES = 2_000;
const pathForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}(\/[A-Za-z0-9][A-Za-z0-9._-]{0,79})?$/;

/**
 * Files as a tar archive (POSIX.1-1988 ustar), the same bytes for the same files: no owner, no time, in the order given. `tar -x` opens
 * it where Strongroom is not at hand.
 * @throws StrongroomError `standby.malformed` for a path that is none of a bundle's
 */
export function writeTar(files: readonly BundleFile[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const { path, bytes } of files) {
    if (!pathForm.test(path) || path.length > 100) throw malformed('path');
    parts.push(header(path, bytes.length), bytes, new Uint8Array((BLOCK - (bytes.length % BLOCK)) % BLOCK));
  }
  return concat(...parts, new Uint8Array(2 * BLOCK));
}

function header(path: string, size: number): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (text: string, at: number): void => block.set(utf8(text), at);
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
  put(path, 0);
  put(`${octal(0o600, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0${octal(size, 11)}\0${octal(0, 11)}\0`, 100);
  // The checksum counts itself as eight blanks.
  put('        0', 148);
  put('ustar\x0000', 257);
  put(`${octal(block.reduce((sum, byte) => sum + byte, 0), 6)}\0 `, 148);
  return block;
}

/**
 * The files of such an archive. Read as strictly as it is written: what `tar` would accept besides (links, folders, owners, other
 * times, a path twice) is refused, so that one archive has one meaning.
 * @throws StrongroomError `standby.malformed`
 */
export function readTar(archive: Uint8Array): readonly BundleFile[] {
  const files: BundleFile[] = [];
  const seen = new Set<string>();
  let at = 0;
  while (at + 2 * BLOCK <= archive.length) {
    const block = archive.subarray(at, at + BLOCK);
    if (block.every((byte) => byte === 0)) {
      if (archive.length !== at + 2 * BLOCK || archive.subarray(at).some((byte) => byte !== 0)) throw malformed('end');
      return files;
    }
    const name = textOf(block.subarray(0, 100)).replace(/\0+$/, '');
    const sizeText = textOf(block.subarray(124, 135));
    if (!pathForm.test(name) || !/^[0-7]{11}$/.test(sizeText) || seen.has(name) || files.length >= MAX_FILES) throw malformed('header');
    const size = Number.parseInt(sizeText, 8);
    const end = at + BLOCK + size;
    if (end > archive.length) throw malformed('length');
    const expected = header(name, size);
    if (expected.some((byte, index) => block[index] !== byte)) throw malformed('header');
    const padded = end + ((BLOCK - (size % BLOCK)) % BLOCK);
    if (archive.subarray(end, padded).some((byte) => byte !== 0)) throw malformed('padding');
    seen.add(name);
    files.push({ path: name, bytes: archive.slice(at + BLOCK, end) });
    at = padded;
  }
  throw malformed('end');
}

function textOf(bytes: Uint8Array): string {
  try {
    return utf8Codec.encode(bytes);
  } catch {
    throw malformed('header');
  }
}

const malformed = (part: string): StrongroomError =>
  new StrongroomError('standby.malformed', 'The file is not a standby bundle, or is damaged.', { part }, 'Use another copy, or export the bundle again.');
