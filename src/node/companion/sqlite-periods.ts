import type { BookStore, ClosedPeriod, PeriodEntry } from '../../companion/ledger/book-store.ts';
import type { EntryKind } from '../../companion/ledger/ledger.ts';
import { parseNetwork } from '../../domain/network.ts';
import { annotationChangeOf, journalEntryOf } from './journal-rows.ts';
import { text, type Row, type SqliteStatements } from './sqlite-statements.ts';

/** A closed period names its wallets as one text, so that those of the same wallets form one chain. */
const walletsKey = (walletIds: readonly string[]): string => [...walletIds].sort().join(' ');

/** Closed periods, and what they are made from. */
export function sqlitePeriods(statements: SqliteStatements): Pick<BookStore, 'periodEntries' | 'lastPeriod' | 'periods' | 'changedSince' | 'savePeriod'> {
  const { all, get, each, run, together } = statements;

  const periodOf = (row: Row): ClosedPeriod => ({
    sha256: text(row['sha256']),
    network: parseNetwork(text(row['network'])),
    walletIds: text(row['wallets']).split(' '),
    fromHeight: Number(row['from_height']),
    to: { height: Number(row['to_height']), hash: text(row['to_hash']) },
    previous: row['previous'] as string | null,
    closedAt: text(row['closed_at']),
    balances: all('SELECT * FROM period_balance WHERE period = ? ORDER BY wallet_id', row['id'] as bigint)
      .map((balance) => ({ walletId: text(balance['wallet_id']), openingSats: balance['opening_sats'] as bigint, closingSats: balance['closing_sats'] as bigint })),
  });

  return {
    *periodEntries(walletIds, fromHeight, toHeight) {
      // References and notes are read beside the entries, in the same order: a look-up for each entry would be most of the work.
      const marks = walletIds.map(() => '?').join(', ');
      const rows = each(
        `SELECT t.txid, t.wallet_id, t.height, t.block_hash, t.kind, t.change_sats, t.fee_sats,
           (SELECT json_group_array(text) FROM (SELECT text FROM entry_reference WHERE entry = t.id ORDER BY position)) AS refs,
           (SELECT json_group_array(json_array(field, text)) FROM (SELECT field, text FROM annotation WHERE txid = t.txid ORDER BY vout, field)) AS notes
         FROM wallet_transaction t INDEXED BY entry_by_height
         WHERE t.height BETWEEN ? AND ? AND t.live = 1 AND t.state = 'confirmed' AND t.wallet_id IN (${marks}) ORDER BY t.height, t.txid, t.wallet_id`,
        fromHeight, toHeight, ...walletIds,
      );
      for (const row of rows) {
        const notes = row['notes'] === '[]' ? [] : (JSON.parse(text(row['notes'])) as [string, string][]);
        const references = row['refs'] === '[]' ? [] : (JSON.parse(text(row['refs'])) as string[]);
        yield {
          txid: text(row['txid']),
          walletId: text(row['wallet_id']),
          height: Number(row['height']),
          blockHash: row['block_hash'] as string | null,
          kind: text(row['kind']) as EntryKind,
          changeSats: row['change_sats'] as bigint,
          feeSats: row['fee_sats'] as bigint | null,
          references: [...new Set([...references, ...notes.filter(([field]) => field === 'reference').map(([, words]) => words)])],
          costCodes: [...new Set(notes.filter(([field]) => field === 'cost-code').map(([, words]) => words))],
        } satisfies PeriodEntry;
      }
    },

    lastPeriod(walletIds) {
      const row = get('SELECT * FROM period WHERE wallets = ? ORDER BY to_height DESC LIMIT 1', walletsKey(walletIds));
      return row === undefined ? null : periodOf(row);
    },
    periods: () => all('SELECT * FROM period ORDER BY id').map(periodOf),

    changedSince({ sha256, to, walletIds }) {
      const row = get('SELECT last_journal, last_annotation FROM period WHERE sha256 = ?', sha256);
      if (row === undefined) return { journal: [], notes: [] };
      const marks = walletIds.map(() => '?').join(', ');
      const ofWallets = `EXISTS (SELECT 1 FROM wallet_transaction t WHERE t.txid = c.txid AND t.wallet_id IN (${marks}))`;
      return {
        journal: all(`SELECT c.* FROM journal c WHERE c.id > ? AND c.height <= ? AND ${ofWallets} ORDER BY c.id`, row['last_journal'] as bigint, to.height, ...walletIds).map((item) => journalEntryOf(statements, item)),
        notes: all(
          `SELECT c.* FROM annotation_change c WHERE c.id > ? AND EXISTS (SELECT 1 FROM wallet_transaction t WHERE t.txid = c.txid AND t.height <= ? AND t.wallet_id IN (${marks})) ORDER BY c.id`,
          row['last_annotation'] as bigint, to.height, ...walletIds,
        ).map(annotationChangeOf),
      };
    },

    savePeriod(period) {
      together(() => {
        run(
          `INSERT INTO period (sha256, network, wallets, from_height, to_height, to_hash, previous, last_journal, last_annotation, closed_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(id), 0) FROM journal), (SELECT coalesce(max(id), 0) FROM annotation_change), ?)`,
          period.sha256, period.network, walletsKey(period.walletIds), period.fromHeight, period.to.height, period.to.hash, period.previous, period.closedAt,
        );
        const id = get('SELECT id FROM period WHERE sha256 = ?', period.sha256)?.['id'] as bigint;
        for (const { walletId, openingSats, closingSats } of period.balances) run('INSERT INTO period_balance (period, wallet_id, opening_sats, closing_sats) VALUES (?, ?, ?, ?)', id, walletId, openingSats, closingSats);
      });
    },
  };
}
