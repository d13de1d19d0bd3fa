import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { ledgerFault } from './ledger-database.ts';

export type Row = Readonly<Record<string, unknown>>;

/** Prepared statements of one open ledger; what SQLite reports becomes a named error. */
export interface SqliteStatements {
  readonly all: (sql: string, ...values: SQLInputValue[]) => readonly Row[];
  readonly get: (sql: string, ...values: SQLInputValue[]) => Row | undefined;
  /** Row by row, for what is too much to hold. */
  readonly each: (sql: string, ...values: SQLInputValue[]) => Iterable<Row>;
  readonly run: (sql: string, ...values: SQLInputValue[]) => void;
  /** Runs the work as the only writer; an exception undoes it. Does not nest. */
  readonly atomically: <T>(work: () => T) => T;
  /** One write of several rows is whole, inside a larger unit or alone. */
  readonly together: (work: () => void) => void;
}

/** A text column; STRICT tables hold nothing else there. */
export const text = (value: unknown): string => value as string;

/** Integers are read as `bigint`, so that no amount is ever rounded. @throws StrongroomError as `ledgerFault` names it */
export function sqliteStatements(database: DatabaseSync, path: string): SqliteStatements {
  const prepared = new Map<string, StatementSync>();
  const statement = (sql: string): StatementSync => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const made = database.prepare(sql);
    made.setReadBigInts(true);
    prepared.set(sql, made);
    return made;
  };
  const named = <T>(work: () => T): T => {
    try {
      return work();
    } catch (fault) {
      throw ledgerFault(path, fault);
    }
  };
  const atomically = <T>(work: () => T): T => {
    named(() => database.exec('BEGIN IMMEDIATE'));
    try {
      const result = work();
      named(() => database.exec('COMMIT'));
      return result;
    } catch (fault) {
      // SQLite has undone the work already where the disk was full.
      if (database.isTransaction) database.exec('ROLLBACK');
      throw fault;
    }
  };
  return {
    all: (sql, ...values) => named(() => statement(sql).all(...values)),
    get: (sql, ...values) => named(() => statement(sql).get(...values)),
    *each(sql, ...values) {
      // A statement of its own: one that is being read from cannot be asked something else meanwhile.
      const made = named(() => database.prepare(sql));
      made.setReadBigInts(true);
      const rows = named(() => made.iterate(...values));
      for (;;) {
        const { done, value } = named(() => rows.next());
        if (done === true) return;
        yield value;
      }
    },
    run: (sql, ...values) => void named(() => statement(sql).run(...values)),
    atomically,
    together: (work) => (named(() => database.isTransaction) ? work() : atomically(work)),
  };
}
