import * as realFiles from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { writeFileAtomically, type FileSystem } from '../../src/node/shared/atomic-file.ts';

/*
 * A process of its own that writes a file and ends itself with SIGKILL at its nth operation on the disk:
 * node killed-writer.cjs TARGET CONTENT_FILE overwrite|new links|no-links N
 * Without enough operations it ends by itself and tells their number and names on standard output.
 */

const [target, contentFile, how, disk, nth] = process.argv.slice(2) as [string, string, 'overwrite' | 'new', 'links' | 'no-links', string];
const passed: string[] = [];

/** Ends the process before the nth operation begins; nothing in it runs after that. */
function boundary(name: string): void {
  passed.push(name);
  if (passed.length === Number(nth)) process.kill(process.pid, 'SIGKILL');
}

const killing: FileSystem = {
  ...realFiles,
  open: async (...args: Parameters<typeof realFiles.open>) => {
    boundary(`open ${args[1]}`);
    const handle = await realFiles.open(...args);
    const { writeFile, sync, close } = handle;
    return Object.defineProperties(handle, {
      writeFile: {
        value: async (bytes: Uint8Array) => {
          boundary('write');
          const half = Math.floor(bytes.length / 2);
          await writeFile.call(handle, bytes.subarray(0, half));
          boundary('write the other half');
          await writeFile.call(handle, bytes.subarray(half));
        },
      },
      sync: {
        value: async () => {
          boundary(args[1] === 'r' ? 'fsync folder' : 'fsync');
          await sync.call(handle);
        },
      },
      close: {
        value: async () => {
          boundary('close');
          await close.call(handle);
        },
      },
    });
  },
  readFile: (async (...args: Parameters<typeof realFiles.readFile>) => {
    boundary('read back');
    return realFiles.readFile(...args);
  }) as typeof realFiles.readFile,
  link: async (from, to) => {
    boundary('link');
    if (disk === 'no-links') throw Object.assign(new Error('no links'), { code: 'EPERM' });
    await realFiles.link(from, to);
  },
  rename: async (from, to) => {
    boundary('rename');
    await realFiles.rename(from, to);
  },
  unlink: async (path) => {
    boundary('unlink');
    await realFiles.unlink(path);
  },
};

await writeFileAtomically(target, readFileSync(contentFile), { overwrite: how === 'overwrite' }, killing);
process.stdout.write(JSON.stringify(passed));
