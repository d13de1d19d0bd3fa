import { linkSync, renameSync, rmSync, unlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { writeError } from '../shared/file-fault.ts';

/**
 * Writes a document that is too large to hold, part by part: into a hidden file beside it that gets its name when it is whole and on the
 * disk. When it throws, nothing is left.
 * @throws StrongroomError `file.exists`, `file.disk-full`, `file.unwritable`
 */
export async function writeStreamed(path: string, parts: AsyncIterable<string>, overwrite: boolean): Promise<void> {
  const partial = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  try {
    rmSync(partial, { force: true });
    const file = await open(partial, 'wx', 0o600);
    try {
      for await (const part of parts) await file.writeFile(part);
      await file.sync();
    } finally {
      await file.close();
    }
    if (overwrite) renameSync(partial, path);
    else {
      // A link, where a rename would replace what somebody put there meanwhile.
      linkSync(partial, path);
      unlinkSync(partial);
    }
  } catch (fault) {
    rmSync(partial, { force: true });
    throw fault instanceof StrongroomError ? fault : writeError(path, fault);
  }
}
