import { DatabaseSync } from 'node:sqlite';
import { openSqliteLedger } from '../../../src/node/companion/sqlite-ledger.ts';

const id = (expression: string): string => `printf('%064x', ${expression})`;

/**
 * Books of one wallet with receipts of 1,000 satoshis, a block each, that obey every rule: written by SQL, some ten thousand a second.
 * @param path a file that is not there yet
 */
export function writeManyEntries(path: string, entries: number, walletName = 'Treasury'): void {
  const ledger = openSqliteLedger(path);
  ledger.saveWallet({ walletId: 'w', name: walletName, network: 'practice' });
  ledger.saveTip({ network: 'practice', height: entries, refreshedAt: '2026-11-23T12:00:00.000Z' });
  ledger.close();
  const raw = new DatabaseSync(path);
  raw.exec(`
    PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; BEGIN;
    INSERT INTO wallet_transaction (txid, wallet_id, kind, state, live, height, booked_at, change_sats)
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${entries})
      SELECT ${id('i')}, 'w', 'receive', 'confirmed', 1, i, strftime('%Y-%m-%dT%H:%M:%fZ', 1700000000 + i * 60, 'unixepoch'), 1000 FROM n;
    INSERT INTO output (entry, vout, amount_sats, branch, child) SELECT id, 0, 1000, 0, id % 1000 FROM wallet_transaction;
    INSERT INTO account (network, name, layer) SELECT 'practice', name, 'settled' FROM (SELECT 'wallet:w' AS name UNION SELECT 'outside') WHERE true ON CONFLICT DO NOTHING;
    INSERT INTO posting (journal, account, amount_sats)
      SELECT t.id, a.id, CASE a.name WHEN 'outside' THEN -1000 ELSE 1000 END FROM wallet_transaction t CROSS JOIN account a WHERE a.network = 'practice' AND a.layer = 'settled' AND a.name IN ('wallet:w', 'outside');
    INSERT INTO journal (id, network, txid, event, height, booked_at) SELECT id, 'practice', txid, 'confirmed', height, booked_at FROM wallet_transaction;
    INSERT INTO unspent (wallet_id, txid, vout, amount_sats, height) SELECT 'w', txid, 0, 1000, height FROM wallet_transaction;
    COMMIT`);
  raw.close();
}
