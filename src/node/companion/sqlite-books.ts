import type { Annotation, BookStore } from '../../companion/ledger/book-store.ts';
import type { AccountName, Layer } from '../../companion/ledger/postings.ts';
import { formatOutpoint } from '../../domain/outpoint.ts';
import { annotationChangeOf, annotationPlaceOf, journalEntryOf } from './journal-rows.ts';
import { checkBooks } from './sqlite-check.ts';
import type { SqliteEntries } from './sqlite-entries.ts';
import { sqlitePages } from './sqlite-pages.ts';
import { sqlitePeriods } from './sqlite-periods.ts';
import { text, type SqliteStatements } from './sqlite-statements.ts';

/** How many blocks the books remember to have been compared with: deeper reorganisations read the history anew. */
const KEPT_CHECKPOINTS = 200;

/** The double entry as it is stored. */
export function sqliteBooks(statements: SqliteStatements, entries: SqliteEntries): BookStore {
  const { all, get, run, together } = statements;
  const accountName = (walletId: string): string => `wallet:${walletId}`;

  return {
    ...sqlitePages(statements),
    ...sqlitePeriods(statements),
    check: () => checkBooks(statements),

    checkpoints: (walletId) => all('SELECT height, block_hash FROM checkpoint WHERE wallet_id = ? ORDER BY height DESC', walletId).map((row) => ({ height: Number(row['height']), hash: text(row['block_hash']) })),
    saveCheckpoint(walletId, { height, hash }) {
      together(() => {
        run('DELETE FROM checkpoint WHERE wallet_id = ? AND height >= ?', walletId, height);
        run('INSERT INTO checkpoint (wallet_id, height, block_hash) VALUES (?, ?, ?)', walletId, height, hash);
        run('DELETE FROM checkpoint WHERE wallet_id = ?1 AND height NOT IN (SELECT height FROM checkpoint WHERE wallet_id = ?1 ORDER BY height DESC LIMIT ?2)', walletId, KEPT_CHECKPOINTS);
      });
    },

    unfinished: () => all('SELECT wallet_id, booked, total FROM unfinished_look ORDER BY wallet_id').map((row) => ({ walletId: text(row['wallet_id']), booked: Number(row['booked']), total: Number(row['total']) })),
    saveUnfinished: ({ walletId, booked, total }) => run('INSERT OR REPLACE INTO unfinished_look (wallet_id, booked, total) VALUES (?, ?, ?)', walletId, booked, total),
    finished: (walletId) => run('DELETE FROM unfinished_look WHERE wallet_id = ?', walletId),

    forgetCheckpoints: (walletId) => run('DELETE FROM checkpoint WHERE wallet_id = ?', walletId),

    entry: (walletId, txid) => entries.where('t.wallet_id = ? AND t.txid = ?', walletId, txid)[0] ?? null,
    openEntries: (walletId, aboveHeight) => [
      ...entries.where(`t.id IN (SELECT id FROM wallet_transaction INDEXED BY entry_by_state WHERE state <> 'confirmed' AND wallet_id = ? AND NOT (state = 'replaced' AND live = 0))`, walletId),
      ...entries.where(`t.id IN (SELECT id FROM wallet_transaction INDEXED BY settled_by_wallet WHERE wallet_id = ? AND state = 'confirmed' AND live = 1 AND height > ?)`, walletId, aboveHeight),
    ],
    spenderInChain(walletId, { txid, vout }) {
      const row = get(
        `SELECT t.txid FROM spend s CROSS JOIN wallet_transaction t ON t.id = s.entry WHERE s.txid = ? AND s.vout = ? AND +t.wallet_id = ? AND t.live = 1 AND +t.state = 'confirmed'`,
        txid, vout, walletId,
      );
      return row === undefined ? null : text(row['txid']);
    },

    highestIndex: (walletId, branch) =>
      Number(get('SELECT coalesce(max(o.child), -1) AS child FROM wallet_transaction t JOIN output o ON o.entry = t.id WHERE t.wallet_id = ? AND o.branch = ?', walletId, branch)?.['child']),

    balance(walletId) {
      const rows = all('SELECT a.layer, a.balance_sats FROM wallet w JOIN account a ON a.network = w.network AND a.name = ? WHERE w.wallet_id = ?', accountName(walletId), walletId);
      const of = (layer: Layer): bigint => (rows.find((row) => row['layer'] === layer)?.['balance_sats'] as bigint | undefined) ?? 0n;
      return { confirmedSats: of('settled'), unconfirmedSats: of('waiting') };
    },
    balanceAt: (walletId, height) =>
      get(`SELECT coalesce(sum(change_sats), 0) AS sats FROM wallet_transaction INDEXED BY settled_by_wallet WHERE wallet_id = ? AND live = 1 AND state = 'confirmed' AND height <= ?`, walletId, height)?.['sats'] as bigint,
    unspent: (walletId) =>
      all('SELECT txid, vout, amount_sats, height FROM unspent WHERE wallet_id = ?', walletId)
        .map((row) => ({ outpoint: formatOutpoint({ txid: text(row['txid']), vout: Number(row['vout']) }), amountSats: row['amount_sats'] as bigint, height: Number(row['height']) })),
    accounts: (network) =>
      all('SELECT name, layer, balance_sats FROM account WHERE network = ? ORDER BY name, layer', network)
        .map((row) => ({ account: text(row['name']) as AccountName, layer: text(row['layer']) as Layer, balanceSats: row['balance_sats'] as bigint })),
    journal: (txid) => all('SELECT * FROM journal WHERE txid = ? ORDER BY id', txid).map((row) => journalEntryOf(statements, row)),

    annotate({ txid, vout, field, text: after }, by, at) {
      together(() => {
        const place = vout ?? -1;
        const before = get('SELECT text FROM annotation WHERE txid = ? AND vout = ? AND field = ?', txid, place, field)?.['text'] as string | undefined;
        if ((before ?? null) === after) return;
        if (after === null) run('DELETE FROM annotation WHERE txid = ? AND vout = ? AND field = ?', txid, place, field);
        else run('INSERT INTO annotation (txid, vout, field, text) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET text = excluded.text', txid, place, field, after);
        run('INSERT INTO annotation_change (txid, vout, field, before, after, changed_by, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?)', txid, place, field, before ?? null, after, by, at);
      });
    },
    annotations: (txid) => ({
      notes: all('SELECT * FROM annotation WHERE txid = ? ORDER BY vout, field DESC', txid).map((row): Annotation => ({ ...annotationPlaceOf(row), text: text(row['text']) })),
      changes: all('SELECT * FROM annotation_change WHERE txid = ? ORDER BY id', txid).map(annotationChangeOf),
    }),
  };
}
