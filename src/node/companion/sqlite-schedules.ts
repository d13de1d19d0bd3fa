import type { KeptRule, PreparedPlan, RuleRun, ScheduleStore } from '../../companion/schedule/schedule-store.ts';
import { text, type Row, type SqliteStatements } from './sqlite-statements.ts';

const ruleOf = (row: Row): KeptRule => ({ name: text(row['name']), rule: text(row['rule']), addedAt: text(row['added_at']) });

/** Schedules in the ledger's file, on the ledger's own connection: what is planned and what was prepared are written as one. */
export function sqliteSchedules({ all, get, run, together }: SqliteStatements): ScheduleStore {
  return {
    rules: () => all('SELECT * FROM schedule_rule ORDER BY name').map(ruleOf),
    rule(name) {
      const row = get('SELECT * FROM schedule_rule WHERE name = ?', name);
      return row === undefined ? null : ruleOf(row);
    },
    saveRule({ name, rule, addedAt }) {
      run('INSERT INTO schedule_rule (name, rule, added_at) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET rule = excluded.rule', name, rule, addedAt);
    },
    removeRule(name) {
      let wasThere = false;
      together(() => {
        wasThere = get('SELECT 1 AS found FROM schedule_rule WHERE name = ?', name) !== undefined;
        run('DELETE FROM schedule_rule WHERE name = ?', name);
      });
      return wasThere;
    },
    saveRun({ name, ranAt, outcome, details }) {
      run('INSERT INTO schedule_run (name, ran_at, outcome, details) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET ran_at = excluded.ran_at, outcome = excluded.outcome, details = excluded.details', name, ranAt, outcome, details);
    },
    lastRun(name) {
      const row = get('SELECT * FROM schedule_run WHERE name = ?', name);
      return row === undefined ? null : { name, ranAt: text(row['ran_at']), outcome: text(row['outcome']) as RuleRun['outcome'], details: text(row['details']) };
    },
    savePrepared({ name, planId, preparedAt, fileName }) {
      run('INSERT INTO schedule_prepared (name, plan_id, prepared_at, file_name) VALUES (?, ?, ?, ?) ON CONFLICT (name, plan_id) DO UPDATE SET prepared_at = excluded.prepared_at, file_name = excluded.file_name', name, planId, preparedAt, fileName);
    },
    prepared: (name) =>
      all('SELECT * FROM schedule_prepared WHERE name = ? ORDER BY prepared_at DESC, plan_id', name).map((row): PreparedPlan => ({ name, planId: text(row['plan_id']), preparedAt: text(row['prepared_at']), fileName: text(row['file_name']) })),
  };
}
