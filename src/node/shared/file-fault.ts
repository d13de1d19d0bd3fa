import { basename } from 'node:path';
import type { ErrorCode } from '../../errors/catalog.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';

/** The name of the system's error (`ENOSPC`, ...), or the empty text. */
export function systemCode(fault: unknown): string {
  const code = fault instanceof Error ? (fault as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : '';
}

/** An error about a file, which is named without its folder: paths tell more of a machine than an error should. */
export function fileError(code: ErrorCode, path: string, sentence: string, hint: string, reason = ''): StrongroomError {
  const name = basename(path);
  return new StrongroomError(code, `${name}: ${sentence}`, reason === '' ? { name } : { name, reason }, hint);
}

/** A system error met while writing, by its meaning. */
export function writeError(path: string, fault: unknown): StrongroomError {
  const code = systemCode(fault);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return fileError('file.disk-full', path, 'the disk is full. Nothing half-written was left.', 'Make room or choose another disk, then save again.', code);
    case 'ENOENT':
    case 'ENOTDIR':
      return fileError('file.not-found', path, 'its folder is not there.', 'Choose a folder that exists.', code);
    case 'EEXIST':
      return fileError('file.exists', path, 'a file of this name is there already and was left alone.', 'Choose another name, or say that it may be replaced.', code);
    default:
      return fileError('file.unwritable', path, 'it cannot be written here.', 'Check the folder\'s permissions and whether the disk is write-protected.', code);
  }
}

/** A system error met while reading, by its meaning. */
export function readError(path: string, fault: unknown): StrongroomError {
  const code = systemCode(fault);
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return fileError('file.not-found', path, 'it is not there.', 'Check its name and folder.', code);
    case 'ELOOP':
    case 'EISDIR':
      return fileError('file.not-regular', path, 'it is a link or a folder, not a plain file.', 'Choose the file itself.', code);
    default:
      return fileError('file.unreadable', path, 'it cannot be read.', 'Check its permissions and the disk.', code);
  }
}
