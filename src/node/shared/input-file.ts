import { constants } from 'node:fs';
import { lstat, open, type FileHandle } from 'node:fs/promises';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { fileError, readError } from './file-fault.ts';

export interface ReadOptions {
  /** The largest size that anything of this kind can have. */
  readonly maxBytes: number;
  /** What `-` stands for; the process's standard input where it is left out. */
  readonly standardInput?: AsyncIterable<Uint8Array | string>;
}

/**
 * Everything in an input file, or in standard input for `-`. The file is somebody else's: its size is checked before it
 * is read, and links, folders, pipes and devices are refused, so that it cannot hang the program or stand for another file.
 * @param path a file's path, or `-`
 * @throws StrongroomError `file.not-found`, `file.unreadable`, `file.not-regular`, `file.too-large`
 */
export async function readInputFile(path: string, options: ReadOptions): Promise<Uint8Array> {
  try {
    if (path === '-') return await readBounded('standard input', options.standardInput ?? process.stdin, options.maxBytes);
    const handle = await openPlainFile(path);
    try {
      const facts = await handle.stat();
      if (!facts.isFile()) throw notRegular(path);
      if (facts.size > options.maxBytes) throw tooLarge(path, options.maxBytes);
      // Bounded again while reading: a file can grow after its size was asked for.
      return await readBounded(path, handle.createReadStream({ autoClose: false }), options.maxBytes);
    } finally {
      await handle.close();
    }
  } catch (fault) {
    throw fault instanceof StrongroomError ? fault : readError(path, fault);
  }
}

async function openPlainFile(path: string): Promise<FileHandle> {
  // Where the system cannot refuse links while opening (Windows), it is asked beforehand.
  if (constants.O_NOFOLLOW === undefined && (await lstat(path)).isSymbolicLink()) throw notRegular(path);
  // O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
  return open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
}

async function readBounded(name: string, chunks: AsyncIterable<Uint8Array | string>, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    const part = typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk;
    size += part.length;
    if (size > maxBytes) throw tooLarge(name, maxBytes);
    parts.push(part);
  }
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    // Input may be a passphrase or a mnemonic.
    part.fill(0);
    offset += part.length;
  }
  return whole;
}

const notRegular = (path: string): StrongroomError =>
  fileError('file.not-regular', path, 'it is a link, a folder or a device, not a plain file.', 'Choose the file itself.');

const tooLarge = (path: string, maxBytes: number): StrongroomError =>
  fileError('file.too-large', path, `it is larger than ${maxBytes} bytes.`, 'Nothing of this kind is so large. Choose the right file.');
