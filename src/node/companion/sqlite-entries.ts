import type { BookedTransaction, EntryKind, EntryState, Ledger } from '../../companion/ledger/ledger.ts';
import type { Branch } from '../../wallet/address.ts';
import { sqlitePostings } from './sqlite-postings.ts';
import { text, type Row, type SqliteStatements } from './sqlite-statements.ts';

export interface SqliteEntries extends Pick<Ledger, 'transactions' | 'saveTransaction'> {
  /** Entries with their outputs, of a condition on `t`, by booking. */
  where(condition: string, ...values: (string | number)[]): readonly BookedTransaction[];
}

/** What transactions did to wallets, and the postings that follow from it. */
export function sqliteEntries(statements: SqliteStatements): SqliteEntries {
  const { all, get, run, together } = statements;
  const { post } = sqlitePostings(statements);

  const where: SqliteEntries['where'] = (condition, ...values) => {
    const children = (sql: string): ReadonlyMap<unknown, readonly Row[]> => Map.groupBy(all(sql, ...values), (row) => row['entry']);
    const outputs = children(`SELECT o.* FROM wallet_transaction t JOIN output o ON t.id = o.entry WHERE ${condition} ORDER BY o.vout`);
    const spends = children(`SELECT s.* FROM wallet_transaction t JOIN spend s ON t.id = s.entry WHERE ${condition} ORDER BY s.txid, s.vout`);
    const references = children(`SELECT r.* FROM wallet_transaction t JOIN entry_reference r ON t.id = r.entry WHERE ${condition} ORDER BY r.position`);
    return all(`SELECT t.* FROM wallet_transaction t WHERE ${condition} ORDER BY t.id`, ...values).map((row): BookedTransaction => ({
      txid: text(row['txid']),
      walletId: text(row['wallet_id']),
      kind: text(row['kind']) as EntryKind,
      state: text(row['state']) as EntryState,
      live: row['live'] === 1n,
      height: row['height'] === null ? null : Number(row['height']),
      ...(row['block_hash'] === null ? {} : { blockHash: text(row['block_hash']) }),
      ...(row['seen_height'] === null ? {} : { seenHeight: Number(row['seen_height']) }),
      feeSats: row['fee_sats'] as bigint | null,
      bookedAt: text(row['booked_at']),
      received: (outputs.get(row['id']) ?? []).map((item) => ({ vout: Number(item['vout']), amountSats: item['amount_sats'] as bigint, branch: Number(item['branch']) as Branch, index: Number(item['child']) })),
      spent: (spends.get(row['id']) ?? []).map((item) => ({ txid: text(item['txid']), vout: Number(item['vout']), amountSats: item['amount_sats'] as bigint })),
      references: (references.get(row['id']) ?? []).map((item) => text(item['text'])),
    }));
  };

  // CROSS JOIN and the unary plus: without statistics SQLite would guess an index that reads all entries of the wallet.
  /** Another transaction in the chain that spends an output, of the same wallet. */
  const OTHER_SPENDER = `SELECT 1 FROM spend x CROSS JOIN wallet_transaction u ON u.id = x.entry
    WHERE x.txid = o.txid AND x.vout = o.vout AND +u.wallet_id = o.wallet_id AND u.live = 1 AND +u.state = 'confirmed' AND u.id <> ?1`;

  /** Takes back what a transaction in a block did to what is unspent; it must no longer be booked as in a block. */
  const takeBack = (entry: bigint): void => {
    run('DELETE FROM unspent WHERE (wallet_id, txid) = (SELECT wallet_id, txid FROM wallet_transaction WHERE id = ?)', entry);
    run(
      `INSERT OR REPLACE INTO unspent (wallet_id, txid, vout, amount_sats, height)
       SELECT o.wallet_id, o.txid, o.vout, o.amount_sats, o.height FROM (
         SELECT t.wallet_id, t.txid, p.vout, p.amount_sats, t.height FROM spend s
         CROSS JOIN wallet_transaction e ON e.id = s.entry
         CROSS JOIN wallet_transaction t ON t.txid = s.txid AND t.wallet_id = e.wallet_id AND +t.live = 1 AND +t.state = 'confirmed' AND +t.height IS NOT NULL
         CROSS JOIN output p ON p.entry = t.id AND p.vout = s.vout WHERE s.entry = ?1
       ) o WHERE NOT EXISTS (${OTHER_SPENDER})`,
      entry,
    );
  };

  const settle = (entry: bigint): void => {
    run(
      `INSERT OR REPLACE INTO unspent (wallet_id, txid, vout, amount_sats, height)
       SELECT o.wallet_id, o.txid, o.vout, o.amount_sats, o.height FROM (
         SELECT t.wallet_id, t.txid, p.vout, p.amount_sats, t.height FROM output p JOIN wallet_transaction t ON t.id = p.entry WHERE p.entry = ?1
       ) o WHERE NOT EXISTS (${OTHER_SPENDER})`,
      entry,
    );
    run('DELETE FROM unspent WHERE wallet_id = (SELECT wallet_id FROM wallet_transaction WHERE id = ?1) AND (txid, vout) IN (SELECT txid, vout FROM spend WHERE entry = ?1)', entry);
  };

  return {
    where,
    transactions: (walletId) => (walletId === null ? where('true') : where('t.wallet_id = ?', walletId)),

    saveTransaction(next: BookedTransaction, at: string = next.bookedAt) {
      together(() => {
        const before = get('SELECT id, state, live, height, block_hash FROM wallet_transaction WHERE txid = ? AND wallet_id = ?', next.txid, next.walletId);
        const wasSettled = before !== undefined && before['live'] === 1n && before['state'] === 'confirmed';
        const isSettled = next.live && next.state === 'confirmed';
        const leftBlock = wasSettled ? { height: before['height'] === null ? null : Number(before['height']), hash: before['block_hash'] as string | null } : null;
        const enters = isSettled ? { height: next.height, hash: next.blockHash ?? null } : null;
        const moved = leftBlock !== null && enters !== null && (leftBlock.height !== enters.height || (leftBlock.hash !== null && enters.hash !== null && leftBlock.hash !== enters.hash));
        if (before !== undefined && leftBlock !== null && (enters === null || moved)) {
          run(`UPDATE wallet_transaction SET state = 'reorganised', live = ?, height = NULL, block_hash = NULL WHERE id = ?`, next.live ? 1 : 0, before['id'] as bigint);
          takeBack(before['id'] as bigint);
          post(next.txid, next.walletId, 'reorganised', leftBlock, at);
        }
        write(next);
        const entry = get('SELECT id FROM wallet_transaction WHERE txid = ? AND wallet_id = ?', next.txid, next.walletId)?.['id'] as bigint;
        if (isSettled) settle(entry);
        const wasLive = before?.['live'] === 1n;
        const event = isSettled && (!wasSettled || moved) ? 'confirmed' : !wasLive && next.live ? 'seen' : wasLive && !next.live ? 'dropped' : 'amended';
        post(next.txid, next.walletId, event, enters ?? (event === 'dropped' ? leftBlock : null), at);
      });
    },
  };

  function write(next: BookedTransaction): void {
    const change = next.received.reduce((sum, output) => sum + output.amountSats, 0n) - next.spent.reduce((sum, spend) => sum + spend.amountSats, 0n);
    run(
      `INSERT INTO wallet_transaction (txid, wallet_id, kind, state, live, height, fee_sats, booked_at, change_sats, block_hash, seen_height) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (txid, wallet_id) DO UPDATE SET kind = excluded.kind, state = excluded.state, live = excluded.live, height = excluded.height, fee_sats = excluded.fee_sats,
         change_sats = excluded.change_sats, block_hash = excluded.block_hash, seen_height = coalesce(seen_height, excluded.seen_height)`,
      next.txid, next.walletId, next.kind, next.state, next.live ? 1 : 0, next.height, next.feeSats, next.bookedAt, change, next.blockHash ?? null, next.seenHeight ?? null,
    );
    const entry = get('SELECT id FROM wallet_transaction WHERE txid = ? AND wallet_id = ?', next.txid, next.walletId)?.['id'] as bigint;
    run('DELETE FROM output WHERE entry = ?', entry);
    for (const output of next.received) run('INSERT INTO output (entry, vout, amount_sats, branch, child) VALUES (?, ?, ?, ?, ?)', entry, output.vout, output.amountSats, output.branch, output.index);
    run('DELETE FROM spend WHERE entry = ?', entry);
    for (const spend of next.spent) run('INSERT INTO spend (entry, txid, vout, amount_sats) VALUES (?, ?, ?, ?)', entry, spend.txid, spend.vout, spend.amountSats);
    run('DELETE FROM entry_reference WHERE entry = ?', entry);
    next.references.forEach((reference, position) => run('INSERT INTO entry_reference (entry, position, text) VALUES (?, ?, ?)', entry, position, reference));
  }
}
