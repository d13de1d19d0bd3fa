import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { BooksSummary } from '../../companion/standby/books-summary.ts';
import type { PrivateFolder, StandbyBooks } from '../../service/companion/care-effects.ts';
import { ledgerFault, openLedgerDatabase } from './ledger-database.ts';
import { withPrivateFolder } from './node-care-folder.ts';
import { openSqliteLedger } from './sqlite-ledger.ts';
import { sqliteStatements, text } from './sqlite-statements.ts';

/** Books of ten years of a busy organisation. */
export const MAX_BOOKS_BYTES = 256 * 1024 * 1024;
const COPY = 'ledger.db';

/**
 * A consistent copy of a ledger's file, also while another program writes to it: SQLite reads one state and writes it anew.
 * @throws StrongroomError `ledger.*`, `file.*`
 */
export const copyOfBooks = (path: string): Promise<Uint8Array> =>
  withPrivateFolder(null, async (folder) => {
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(path, { readOnly: true, timeout: 10_000 });
      database.prepare('VACUUM INTO ?').run(folder.path(COPY));
    } catch (fault) {
      throw ledgerFault(path, fault);
    } finally {
      database?.close();
    }
    return folder.read(COPY, MAX_BOOKS_BYTES);
  });

/** @param place of the own ledger; `null` while nobody said where */
export const standbyBooks = (place: string | null): StandbyBooks => ({
  copy: async () => (place === null || !existsSync(place) ? null : copyOfBooks(place)),
  summarise: (books) => withPrivateFolder(null, async (folder) => {
    await folder.write(COPY, books);
    return summarise(folder.path(COPY));
  }),
  withCopy: (books, work) => withPrivateFolder(null, async (folder: PrivateFolder) => {
    if (books !== null) await folder.write(COPY, books);
    const ledger = openSqliteLedger(folder.path(COPY));
    try {
      return await work(ledger);
    } finally {
      ledger.close();
    }
  }),
});

/** Tables whose rows come and go by the program's own housekeeping. */
const housekeeping: ReadonlySet<string> = new Set(['plan_psbt', 'checkpoint', 'unfinished_look']);

function summarise(path: string): BooksSummary {
  const database = openLedgerDatabase(path, {});
  try {
    const { all, get } = sqliteStatements(database, path);
    const tables = all("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name").map((row) => text(row['name'])).filter((name) => /^[a-z_]+$/.test(name) && !housekeeping.has(name));
    return {
      plans: all('SELECT p.plan_id, p.wallet_id, p.planned_at, r.branch, r.child FROM plan p LEFT JOIN reserved_address r ON r.plan_id = p.plan_id ORDER BY p.plan_id').map((row) => ({
        planId: text(row['plan_id']), walletId: text(row['wallet_id']), plannedAt: text(row['planned_at']),
        reserved: row['branch'] === null ? null : `${Number(row['branch']) === 0 ? 'receive' : 'change'}/${Number(row['child'])}`,
      })),
      intents: all('SELECT txid, state FROM broadcast ORDER BY txid').map((row) => `${text(row['txid'])} ${text(row['state'])}`),
      tips: all('SELECT network, height, refreshed_at FROM tip ORDER BY network').map((row) => ({ network: text(row['network']), height: Number(row['height']), refreshedAt: text(row['refreshed_at']) })),
      entries: Number(get('SELECT count(*) AS n FROM wallet_transaction')?.['n']),
      rows: Object.fromEntries(tables.map((name) => [name, Number(get(`SELECT count(*) AS n FROM ${name}`)?.['n'])])),
    };
  } finally {
    database.close();
  }
}
