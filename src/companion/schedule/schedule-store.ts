/** A rule as it is kept: its whole text, which `parseRule` reads, and when it was added. */
export interface KeptRule {
  readonly name: string;
  /** JSON. */
  readonly rule: string;
  /** ISO 8601, UTC. */
  readonly addedAt: string;
}

/** What a rule came to when it was last looked at. */
export interface RuleRun {
  readonly name: string;
  readonly ranAt: string;
  /** `prepared`, `waiting`, or `failed`. */
  readonly outcome: 'prepared' | 'waiting' | 'failed';
  /** Reasons, or the code of the error; separated by blanks. */
  readonly details: string;
}

/** An unsigned transaction that a rule prepared; its PSBT is the plan's in the ledger. */
export interface PreparedPlan {
  readonly name: string;
  readonly planId: string;
  readonly preparedAt: string;
  /** The name of its file, the same each time that it is written. */
  readonly fileName: string;
}

/** Schedules as they are stored in the ledger's file; fails as the ledger does. */
export interface ScheduleStore {
  /** By name. */
  rules(): readonly KeptRule[];
  rule(name: string): KeptRule | null;
  /** Writes or replaces. */
  saveRule(rule: KeptRule): void;
  /** With all that is known of it. @returns whether it was there */
  removeRule(name: string): boolean;
  saveRun(run: RuleRun): void;
  lastRun(name: string): RuleRun | null;
  savePrepared(plan: PreparedPlan): void;
  /** The latest first. */
  prepared(name: string): readonly PreparedPlan[];
}
