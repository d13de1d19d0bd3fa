/**
 * Schedules of sweeps and refills, what they prepared, and addresses that a plan takes from another wallet than the one that it is of.
 * What was prepared names its plan without holding on to it: a plan that is made again is first removed, and must stay prepared.
 */
export const sweepsSchema = `
  CREATE TABLE plan_reservation (
    plan_id TEXT NOT NULL REFERENCES plan ON DELETE CASCADE,
    wallet_id TEXT NOT NULL, branch INTEGER NOT NULL CHECK (branch IN (0, 1)), child INTEGER NOT NULL CHECK (child >= 0),
    PRIMARY KEY (plan_id, wallet_id, branch, child)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX plan_reservation_by_wallet ON plan_reservation (wallet_id, branch, child);

  CREATE TABLE schedule_rule (name TEXT PRIMARY KEY, rule TEXT NOT NULL, added_at TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE schedule_run (
    name TEXT PRIMARY KEY REFERENCES schedule_rule ON DELETE CASCADE,
    ran_at TEXT NOT NULL, outcome TEXT NOT NULL, details TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE schedule_prepared (
    name TEXT NOT NULL REFERENCES schedule_rule ON DELETE CASCADE,
    plan_id TEXT NOT NULL CHECK (length(plan_id) = 64),
    prepared_at TEXT NOT NULL, file_name TEXT NOT NULL,
    PRIMARY KEY (name, plan_id)
  ) STRICT, WITHOUT ROWID;
`;
