import type { BookedTip, BookedWallet, Ledger } from '../../companion/ledger/ledger.ts';
import { parseNetwork } from '../../domain/network.ts';
import { openLedgerDatabase, type LedgerDatabaseOptions } from './ledger-database.ts';
import { sqliteBooks } from './sqlite-books.ts';
import { sqliteEntries } from './sqlite-entries.ts';
import { sqlitePlans } from './sqlite-plans.ts';
import { sqliteCoins } from './sqlite-coins.ts';
import { sqliteQueue } from './sqlite-queue.ts';
import { sqliteSchedules } from './sqlite-schedules.ts';
import { sqliteStatements, text } from './sqlite-statements.ts';

/**
 * The ledger in a SQLite file. Integers are read as `bigint`, so that no amount is ever rounded.
 * @throws StrongroomError `ledger.malformed`, `ledger.busy`, `file.*`
 */
export function openSqliteLedger(path: string, options: LedgerDatabaseOptions = {}): Ledger {
  const database = openLedgerDatabase(path, options);
  const statements = sqliteStatements(database, path);
  const { all, get, run, atomically } = statements;
  const entries = sqliteEntries(statements);

  return {
    atomically,

    saveWallet({ walletId, name, network }: BookedWallet) {
      run('INSERT INTO wallet (wallet_id, name, network) VALUES (?, ?, ?) ON CONFLICT (wallet_id) DO UPDATE SET name = excluded.name', walletId, name, network);
    },
    wallets: () =>
      all('SELECT wallet_id, name, network FROM wallet ORDER BY name, wallet_id').map((row): BookedWallet => ({ walletId: text(row['wallet_id']), name: text(row['name']), network: parseNetwork(text(row['network'])) })),
    watchedTo: (walletId) => Number(get('SELECT child FROM watch_reach WHERE wallet_id = ?', walletId)?.['child'] ?? -1),
    saveWatchedTo(walletId, index, at) {
      run('INSERT INTO watch_reach (wallet_id, child, widened_at) VALUES (?, ?, ?) ON CONFLICT (wallet_id) DO UPDATE SET child = excluded.child, widened_at = excluded.widened_at WHERE excluded.child > child', walletId, index, at);
    },
    saveTip({ network, height, refreshedAt }: BookedTip) {
      run('INSERT INTO tip (network, height, refreshed_at) VALUES (?, ?, ?) ON CONFLICT (network) DO UPDATE SET height = excluded.height, refreshed_at = excluded.refreshed_at', network, height, refreshedAt);
    },
    tips: () => all('SELECT network, height, refreshed_at FROM tip').map((row): BookedTip => ({ network: parseNetwork(text(row['network'])), height: Number(row['height']), refreshedAt: text(row['refreshed_at']) })),

    transactions: entries.transactions,
    saveTransaction: entries.saveTransaction,
    books: sqliteBooks(statements, entries),
    ...sqlitePlans(statements),
    queue: sqliteQueue(statements),
    coins: sqliteCoins(statements),
    schedules: sqliteSchedules(statements),

    close: () => database.close(),
  };
}
