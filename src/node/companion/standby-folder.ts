import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BACKUPS_PATH, BOOKS_PATH, MANIFEST_PATH, SETTINGS_PATH } from '../../companion/standby/bundle.ts';
import type { BundleFile } from '../../companion/standby/tar.ts';
import type { StandbyFolder } from '../../service/companion/care-effects.ts';
import { writeFileAtomically } from '../shared/atomic-file.ts';
import { writeError } from '../shared/file-fault.ts';
import { readInputFile } from '../shared/input-file.ts';
import { copyOfBooks, MAX_BOOKS_BYTES } from './standby-books.ts';

const SMALL_BYTES = 4_194_304;
const WALLETS = 'wallets';

/** A folder that holds a standby: laid out like the window's own data folder, with the manifest of the bundle it came from. */
export function openStandbyFolder(folder: string): StandbyFolder {
  const at = (path: string): string => join(folder, ...path.split('/'));
  const read = async (path: string): Promise<BundleFile> => ({ path, bytes: await readInputFile(at(path), { maxBytes: path === BOOKS_PATH ? MAX_BOOKS_BYTES : SMALL_BYTES }) });
  const books = async (): Promise<Uint8Array | null> => (existsSync(at(BOOKS_PATH)) ? copyOfBooks(at(BOOKS_PATH)) : null);
  return {
    books,
    async read() {
      if (!existsSync(at(MANIFEST_PATH))) return null;
      const manifest = await read(MANIFEST_PATH);
      const wallets = (await readdir(at(WALLETS)).catch(() => [])).filter((name) => /^[A-Za-z0-9-]+\.wallet\.json$/.test(name)).sort().map((name) => `${WALLETS}/${name}`);
      const files = [manifest];
      for (const path of [...wallets, BOOKS_PATH, SETTINGS_PATH, BACKUPS_PATH]) if (existsSync(at(path))) files.push(await read(path));
      return files;
    },
    async write(files) {
      for (const { path, bytes } of files) {
        await mkdir(dirname(at(path)), { recursive: true, mode: 0o700 }).catch((fault: unknown) => { throw writeError(folder, fault); });
        await writeFileAtomically(at(path), bytes, { overwrite: true });
      }
    },
  };
}
