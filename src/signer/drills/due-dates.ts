import type { Fingerprint } from '../../domain/fingerprint.ts';
import type { NetworkName } from '../../domain/network.ts';
import type { DrillRecord } from './drill-record.ts';

/** Days before a drill is due from which on it is announced, so that somebody can be found for it. */
const NOTICE_DAYS = 30;

/** A key that ought to be drilled. `network: null` where only its fingerprint is known. */
export interface DrillableKey {
  readonly fingerprint: Fingerprint;
  readonly network: NetworkName | null;
  readonly label: string;
}

/**
 * `never`: no answer was ever given. `failed`: the last one did not bring the key back; act now. `overdue`: its
 * day has passed. `due`: within the next 30 days, or today. `later`: passed, and not due yet.
 */
export type DueState = 'never' | 'failed' | 'overdue' | 'due' | 'later';

export interface DrillDue extends DrillableKey {
  readonly state: DueState;
  /** The last drill in which an answer was given. */
  readonly last: DrillRecord | null;
  /** ISO 8601 date; `null` where there is no last drill. */
  readonly nextDue: string | null;
}

/**
 * The date so many calendar months later. Where the later month is shorter, its last day: 31 August and six months is
 * the last day of February.
 * @param date ISO 8601, `2026-11-22`
 */
export function monthsLater(date: string, months: number): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const lastDay = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, lastDay))).toISOString().slice(0, 10);
}

/**
 * How each key stands, the most pressing first. A drill that was given up without an answer proved nothing, for better or
 * worse, and moves no date. One that was given up after wrong answers did not bring the key back: it counts as failed, or
 * giving up would be the way to a clean calendar.
 * @param today ISO 8601 date
 */
export function dueDrills(records: readonly DrillRecord[], keys: readonly DrillableKey[], today: string): readonly DrillDue[] {
  const urgency: readonly DueState[] = ['failed', 'overdue', 'never', 'due', 'later'];
  const rank = (due: DrillDue): number => urgency.indexOf(due.state);
  return keys
    .map((key) => dueOf(key, lastOf(records, key), today))
    .sort((a, b) => rank(a) - rank(b) || (a.nextDue ?? '').localeCompare(b.nextDue ?? '') || a.fingerprint.localeCompare(b.fingerprint));
}

/** Every key that the records speak of, under the label of its latest record. */
export function keysInRecords(records: readonly DrillRecord[]): readonly DrillableKey[] {
  const latest = [...records].sort((a, b) => a.startedAt.localeCompare(b.startedAt));
  return [...new Map(latest.map(({ fingerprint, network, label }) => [`${network}/${fingerprint}`, { fingerprint, network, label }])).values()];
}

function lastOf(records: readonly DrillRecord[], key: DrillableKey): DrillRecord | null {
  const own = records.filter((record) => record.fingerprint === key.fingerprint && (key.network === null || record.network === key.network) && countsAsEnded(record));
  return own.reduce<DrillRecord | null>((last, record) => (last === null || endOf(record) > endOf(last) ? record : last), null);
}

const countsAsEnded = ({ outcome, attempts }: DrillRecord): boolean => outcome !== 'abandoned' || attempts > 0;

const endOf = (record: DrillRecord): number => Date.parse(record.startedAt) + record.seconds * 1000;

function dueOf(key: DrillableKey, last: DrillRecord | null, today: string): DrillDue {
  if (last === null) return { ...key, state: 'never', last, nextDue: null };
  return { ...key, state: last.outcome === 'passed' ? stateAt(last.nextDue, today) : 'failed', last, nextDue: last.nextDue };
}

function stateAt(nextDue: string, today: string): DueState {
  if (nextDue < today) return 'overdue';
  return nextDue <= daysLater(today, NOTICE_DAYS) ? 'due' : 'later';
}

const daysLater = (date: string, days: number): string => new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
