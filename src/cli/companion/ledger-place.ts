import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { StrongroomError } from '../../errors/strongroom-error.ts';

/** Where the ledger is kept when --db names no other place: the user's own data folder. */
export function defaultLedgerFile(platform: string, home: string, environment: Readonly<Record<string, string | undefined>>): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Strongroom Companion', 'ledger.db');
  if (platform === 'win32') return join(environment['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Strongroom Companion', 'ledger.db');
  const dataHome = environment['XDG_DATA_HOME'] ?? '';
  // The XDG specification has relative paths ignored.
  return join(dataHome.startsWith('/') ? dataHome : join(home, '.local', 'share'), 'strongroom-companion', 'ledger.db');
}

/** Where the ledger lies, or would; nothing is made. */
export const ledgerPlace = (db: string | undefined, environment: Readonly<Record<string, string | undefined>>): string => db ?? defaultLedgerFile(process.platform, homedir(), environment);

/**
 * The ledger's file; the default's folder is made, readable by its owner only.
 * @throws StrongroomError `file.unwritable`
 */
export async function ledgerFile(db: string | undefined, environment: Readonly<Record<string, string | undefined>>): Promise<string> {
  if (db !== undefined) return db;
  const file = ledgerPlace(db, environment);
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  } catch {
    throw new StrongroomError('file.unwritable', 'The folder of the ledger cannot be made.', { name: 'ledger.db' }, 'Name another place with --db.');
  }
  return file;
}
