import type { SQLInputValue } from 'node:sqlite';
import type { BookedPlan, BroadcastIntent, Ledger, NewPlan, Reservation } from '../../companion/ledger/ledger.ts';
import { parseNetwork } from '../../domain/network.ts';
import type { Branch } from '../../wallet/address.ts';
import { text, type Row, type SqliteStatements } from './sqlite-statements.ts';

/** How many plans keep their PSBTs, the latest: they are the large part of a plan. */
const KEPT_PSBTS = 200;

/** Plans, the addresses that they hold, and intentions to send. */
export function sqlitePlans({ all, get, run, together }: SqliteStatements): Pick<Ledger, 'savePlan' | 'plan' | 'plannedPsbt' | 'plansSpending' | 'reservations' | 'saveIntent' | 'intent' | 'intents'> {
  const writeReferences = (table: 'plan_reference' | 'broadcast_reference', key: 'plan_id' | 'txid', id: SQLInputValue, references: readonly string[]): void => {
    run(`DELETE FROM ${table} WHERE ${key} = ?`, id);
    references.forEach((reference, position) => run(`INSERT INTO ${table} (${key}, position, text) VALUES (?, ?, ?)`, id, position, reference));
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
    savePlan(plan: NewPlan) {
      together(() => {
        // The same plan made again replaces what is known of it.
        run('DELETE FROM plan WHERE plan_id = ?', plan.planId);
        run('INSERT INTO plan (plan_id, kind, wallet_id, planned_at) VALUES (?, ?, ?, ?)', plan.planId, plan.kind, plan.walletId, plan.plannedAt);
        for (const outpoint of plan.outpoints) run('INSERT INTO plan_input (plan_id, outpoint) VALUES (?, ?)', plan.planId, outpoint);
        writeReferences('plan_reference', 'plan_id', plan.planId, plan.references);
        if (plan.reserved !== null) run('INSERT INTO reserved_address (plan_id, wallet_id, branch, child) VALUES (?, ?, ?, ?)', plan.planId, plan.walletId, plan.reserved.branch, plan.reserved.index);
        for (const { walletId, branch, index } of plan.alsoReserved ?? []) run('INSERT INTO plan_reservation (plan_id, wallet_id, branch, child) VALUES (?, ?, ?, ?)', plan.planId, walletId, branch, index);
        if (plan.psbt !== undefined) run('INSERT INTO plan_psbt (plan_id, bytes) VALUES (?, ?)', plan.planId, plan.psbt);
        run(
          `DELETE FROM plan_psbt WHERE plan_id NOT IN (SELECT plan_id FROM plan ORDER BY planned_at DESC, plan_id LIMIT ?)
             AND plan_id NOT IN (SELECT plan_id FROM queue_entry WHERE final_txid IS NULL AND discarded_at IS NULL AND expires_at > ?)`,
          KEPT_PSBTS, plan.plannedAt,
        );
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
      const rows = all(
        `SELECT r.plan_id, r.child, i.outpoint
         FROM (SELECT plan_id, wallet_id, branch, child FROM reserved_address UNION ALL SELECT plan_id, wallet_id, branch, child FROM plan_reservation) r
         JOIN plan_input i ON i.plan_id = r.plan_id WHERE r.wallet_id = ? AND r.branch = ?`,
        walletId, branch,
      );
      const held = [...Map.groupBy(rows, (row) => `${text(row['plan_id'])}/${Number(row['child'])}`).values()].map((ofPlan): Reservation => ({ index: Number((ofPlan[0] as Row)['child']), outpoints: ofPlan.map((row) => text(row['outpoint'])) }));
      // What was offered to somebody is held for good: no plan that spends the same outputs frees it.
      const offered = all('SELECT child FROM offered_address WHERE wallet_id = ? AND branch = ?', walletId, branch).map((row): Reservation => ({ index: Number(row['child']), outpoints: [] }));
      return [...held, ...offered];
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
  };
}
