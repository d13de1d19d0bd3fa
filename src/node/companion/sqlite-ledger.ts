import type { SQLInputValue } from 'node:sqlite';
import type {
  BookedPlan, BookedTip, BookedTransaction, BookedWallet, BroadcastIntent, EntryKind, EntryState, Ledger, NewPlan, Reservation,
} from '../../companion/ledger/ledger.ts';
import { parseNetwork } from '../../domain/network.ts';
import type { Branch } from '../../wallet/address.ts';
import { openLedgerDatabase, type LedgerDatabaseOptions } from './ledger-database.ts';
import { sqliteStatements, text, type Row } from './sqlite-statements.ts';

/** How many plans keep their PSBTs, the latest: the whole file is checked each time that it is opened. */
const KEPT_PSBTS = 200;

/**
 * The ledger in a SQLite file. Integers are read as `bigint`, so that no amount is ever rounded.
 * @throws StrongroomError `ledger.malformed`, `ledger.busy`, `file.*`
 */
export function openSqliteLedger(path: string, options: LedgerDatabaseOptions = {}): Ledger {
  const database = openLedgerDatabase(path, options);
  const { all, get, run, atomically, together } = sqliteStatements(database, path);

  const writeReferences = (table: 'entry_reference' | 'plan_reference' | 'broadcast_reference', key: 'entry' | 'plan_id' | 'txid', id: SQLInputValue, references: readonly string[]): void => {
    run(`DELETE FROM ${table} WHERE ${key} = ?`, id);
    references.forEach((text, position) => run(`INSERT INTO ${table} (${key}, position, text) VALUES (?, ?, ?)`, id, position, text));
  };

  const intentOf = (row: Row): BroadcastIntent => ({
    txid: text(row['txid']),
    planId: text(row['plan_id']),
    network: parseNetwork(text(row['network'])),
    transaction: row['bytes'] as Uint8Array,
    references: all('SELECT text FROM broadcast_reference WHERE txid = ? ORDER BY position', text(row['txid'])).map((item) => text(item['text'])),
    intendedAt: text(row['intended_at']),
    state: text(row['state']) as BroadcastIntent['state'],
  });

  const planOf = (planId: string): BookedPlan | null => {
    const row = get('SELECT p.*, r.branch, r.child FROM plan p LEFT JOIN reserved_address r ON r.plan_id = p.plan_id WHERE p.plan_id = ?', planId);
    if (row === undefined) return null;
    return {
      planId,
      kind: text(row['kind']) as BookedPlan['kind'],
      walletId: text(row['wallet_id']),
      plannedAt: text(row['planned_at']),
      outpoints: all('SELECT outpoint FROM plan_input WHERE plan_id = ?', planId).map((item) => text(item['outpoint'])),
      references: all('SELECT text FROM plan_reference WHERE plan_id = ? ORDER BY position', planId).map((item) => text(item['text'])),
      reserved: row['branch'] === null ? null : { branch: Number(row['branch']) as Branch, index: Number(row['child']) },
    };
  };

  return {
    atomically,

    saveWallet({ walletId, name, network }: BookedWallet) {
      run('INSERT INTO wallet (wallet_id, name, network) VALUES (?, ?, ?) ON CONFLICT (wallet_id) DO UPDATE SET name = excluded.name', walletId, name, network);
    },
    wallets: () =>
      all('SELECT wallet_id, name, network FROM wallet ORDER BY name, wallet_id').map((row): BookedWallet => ({ walletId: text(row['wallet_id']), name: text(row['name']), network: parseNetwork(text(row['network'])) })),
    saveTip({ network, height, refreshedAt }: BookedTip) {
      run('INSERT INTO tip (network, height, refreshed_at) VALUES (?, ?, ?) ON CONFLICT (network) DO UPDATE SET height = excluded.height, refreshed_at = excluded.refreshed_at', network, height, refreshedAt);
    },
    tips: () => all('SELECT network, height, refreshed_at FROM tip').map((row): BookedTip => ({ network: parseNetwork(text(row['network'])), height: Number(row['height']), refreshedAt: text(row['refreshed_at']) })),

    transactions(walletId) {
      const ofWallet = walletId === null ? '' : 'WHERE t.wallet_id = ?';
      const values = walletId === null ? [] : [walletId];
      const children = (sql: string): ReadonlyMap<unknown, readonly Row[]> => Map.groupBy(all(sql, ...values), (row) => row['entry']);
      const outputs = children(`SELECT o.* FROM output o JOIN wallet_transaction t ON t.id = o.entry ${ofWallet} ORDER BY o.vout`);
      const spends = children(`SELECT s.* FROM spend s JOIN wallet_transaction t ON t.id = s.entry ${ofWallet} ORDER BY s.txid, s.vout`);
      const references = children(`SELECT r.* FROM entry_reference r JOIN wallet_transaction t ON t.id = r.entry ${ofWallet} ORDER BY r.position`);
      return all(`SELECT t.* FROM wallet_transaction t ${ofWallet} ORDER BY t.id`, ...values).map((row): BookedTransaction => ({
        txid: text(row['txid']),
        walletId: text(row['wallet_id']),
        kind: text(row['kind']) as EntryKind,
        state: text(row['state']) as EntryState,
        live: row['live'] === 1n,
        height: row['height'] === null ? null : Number(row['height']),
        feeSats: row['fee_sats'] as bigint | null,
        bookedAt: text(row['booked_at']),
        received: (outputs.get(row['id']) ?? []).map((item) => ({ vout: Number(item['vout']), amountSats: item['amount_sats'] as bigint, branch: Number(item['branch']) as Branch, index: Number(item['child']) })),
        spent: (spends.get(row['id']) ?? []).map((item) => ({ txid: text(item['txid']), vout: Number(item['vout']), amountSats: item['amount_sats'] as bigint })),
        references: (references.get(row['id']) ?? []).map((item) => text(item['text'])),
      }));
    },
    saveTransaction(transaction: BookedTransaction) {
      together(() => {
        run(
          `INSERT INTO wallet_transaction (txid, wallet_id, kind, state, live, height, fee_sats, booked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (txid, wallet_id) DO UPDATE SET kind = excluded.kind, state = excluded.state, live = excluded.live, height = excluded.height, fee_sats = excluded.fee_sats`,
          transaction.txid, transaction.walletId, transaction.kind, transaction.state, transaction.live ? 1 : 0, transaction.height, transaction.feeSats, transaction.bookedAt,
        );
        const entry = get('SELECT id FROM wallet_transaction WHERE txid = ? AND wallet_id = ?', transaction.txid, transaction.walletId)?.['id'] as bigint;
        run('DELETE FROM output WHERE entry = ?', entry);
        for (const output of transaction.received) run('INSERT INTO output (entry, vout, amount_sats, branch, child) VALUES (?, ?, ?, ?, ?)', entry, output.vout, output.amountSats, output.branch, output.index);
        run('DELETE FROM spend WHERE entry = ?', entry);
        for (const spend of transaction.spent) run('INSERT INTO spend (entry, txid, vout, amount_sats) VALUES (?, ?, ?, ?)', entry, spend.txid, spend.vout, spend.amountSats);
        writeReferences('entry_reference', 'entry', entry, transaction.references);
      });
    },

    savePlan(plan: NewPlan) {
      together(() => {
        // The same plan made again replaces what is known of it.
        run('DELETE FROM plan WHERE plan_id = ?', plan.planId);
        run('INSERT INTO plan (plan_id, kind, wallet_id, planned_at) VALUES (?, ?, ?, ?)', plan.planId, plan.kind, plan.walletId, plan.plannedAt);
        for (const outpoint of plan.outpoints) run('INSERT INTO plan_input (plan_id, outpoint) VALUES (?, ?)', plan.planId, outpoint);
        writeReferences('plan_reference', 'plan_id', plan.planId, plan.references);
        if (plan.reserved !== null) run('INSERT INTO reserved_address (plan_id, wallet_id, branch, child) VALUES (?, ?, ?, ?)', plan.planId, plan.walletId, plan.reserved.branch, plan.reserved.index);
        if (plan.psbt !== undefined) run('INSERT INTO plan_psbt (plan_id, bytes) VALUES (?, ?)', plan.planId, plan.psbt);
        run('DELETE FROM plan_psbt WHERE plan_id NOT IN (SELECT plan_id FROM plan ORDER BY planned_at DESC, plan_id LIMIT ?)', KEPT_PSBTS);
      });
    },
    plan: planOf,
    plannedPsbt: (planId) => (get('SELECT bytes FROM plan_psbt WHERE plan_id = ?', planId)?.['bytes'] as Uint8Array | undefined) ?? null,
    plansSpending(outpoints) {
      const found = new Set(outpoints.flatMap((outpoint) => all('SELECT plan_id FROM plan_input WHERE outpoint = ?', outpoint).map((row) => text(row['plan_id']))));
      const plans = [...found].flatMap((planId) => planOf(planId) ?? []);
      return plans.sort((a, b) => (a.plannedAt === b.plannedAt ? (a.planId < b.planId ? -1 : 1) : a.plannedAt < b.plannedAt ? 1 : -1));
    },
    reservations(walletId, branch) {
      const rows = all('SELECT r.plan_id, r.child, i.outpoint FROM reserved_address r JOIN plan_input i ON i.plan_id = r.plan_id WHERE r.wallet_id = ? AND r.branch = ?', walletId, branch);
      return [...Map.groupBy(rows, (row) => row['plan_id']).values()].map((ofPlan): Reservation => ({ index: Number((ofPlan[0] as Row)['child']), outpoints: ofPlan.map((row) => text(row['outpoint'])) }));
    },

    saveIntent(intent: BroadcastIntent) {
      together(() => {
        run(
          'INSERT INTO broadcast (txid, plan_id, network, bytes, intended_at, state) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (txid) DO UPDATE SET state = excluded.state',
          intent.txid, intent.planId, intent.network, intent.transaction, intent.intendedAt, intent.state,
        );
        writeReferences('broadcast_reference', 'txid', intent.txid, intent.references);
      });
    },
    intent(txid) {
      const row = get('SELECT * FROM broadcast WHERE txid = ?', txid);
      return row === undefined ? null : intentOf(row);
    },
    intents: (network, state) => all('SELECT * FROM broadcast WHERE network = ? AND state = ? ORDER BY rowid', network, state).map(intentOf),

    close: () => database.close(),
  };
}
