import * as v from 'valibot';
import { parseSats } from '../../domain/amount.ts';
import { parseFeeRate, type FeeRate } from '../../domain/fee-rate.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';

/** Days of the week, Sunday first, as clocks count them. */
export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof weekdays)[number];

/** When a rule may prepare anything. All times are UTC, so that a rule means the same on every machine and in every season. */
export interface RuleTimes {
  /** Empty: every day. A window that runs past midnight belongs to the day on which it begins. */
  readonly days: readonly Weekday[];
  /** Minutes since midnight; `null`: the whole day. From the first, up to and without the second; past midnight where it is the smaller. */
  readonly window: { readonly fromMinute: number; readonly toMinute: number } | null;
  /** Hours that must lie between two preparations. */
  readonly leastHoursBetween: number;
}

/** A standing rule that prepares unsigned transactions. It never sends anything: nobody here could sign. */
export interface Rule {
  readonly name: string;
  /** Sweeps what a hot wallet holds above its ceiling, or refills it when it is below its floor. */
  readonly kind: 'sweep' | 'refill';
  readonly isOn: boolean;
  readonly floorSats: bigint;
  /** Of a sweep: swept only above this. Of a refill: the target to which it is filled. */
  readonly ceilingSats: bigint;
  /** Nothing is prepared at a higher rate; `null` at any. */
  readonly mostFeeRate: FeeRate | null;
  readonly times: RuleTimes;
  /** After so many hours a prepared transaction that was not sent is prepared anew, at the rate of then; `null` never. */
  readonly renewAfterHours: number | null;
}

const Sats = v.pipe(v.string(), v.regex(/^(0|[1-9][0-9]{0,15})$/));
const Minute = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1439));
const Hours = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(24 * 366));

/** The parts of a rule's text that decide. What the plan itself needs (wallets, node, policy) stands beside them and is its caller's. */
const StoredRule = v.looseObject({
  version: v.literal(1),
  name: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,39}$/)),
  kind: v.picklist(['sweep', 'refill']),
  isOn: v.boolean(),
  floorSats: Sats,
  ceilingSats: Sats,
  mostFeeRate: v.nullable(v.string()),
  days: v.pipe(v.array(v.picklist(weekdays)), v.maxLength(7)),
  window: v.nullable(v.strictObject({ fromMinute: Minute, toMinute: Minute })),
  leastHoursBetween: Hours,
  renewAfterHours: v.nullable(v.pipe(Hours, v.minValue(1))),
});

/**
 * The deciding part of a rule, from the object that its text holds.
 * @throws StrongroomError `schedule.malformed`, `amount.*`, `fee-rate.*`
 */
export function parseRule(stored: unknown): Rule {
  const parsed = v.safeParse(StoredRule, stored);
  if (!parsed.success) throw malformed('form', 'The rule is of a form that this version does not know.');
  const { name, kind, isOn, days, window, leastHoursBetween, renewAfterHours } = parsed.output;
  const floorSats = parseSats(parsed.output.floorSats);
  const ceilingSats = parseSats(parsed.output.ceilingSats);
  if (ceilingSats < floorSats) throw malformed('floor-above-ceiling', kind === 'sweep' ? 'The floor is above the ceiling.' : 'The floor is above the target.');
  if (kind === 'refill' && ceilingSats === floorSats) throw malformed('nothing-to-fill', 'The target is the floor: every refill would be of nothing.');
  if (window !== null && window.fromMinute === window.toMinute) throw malformed('window', 'The time window has no length.');
  return {
    name, kind, isOn, floorSats, ceilingSats,
    mostFeeRate: parsed.output.mostFeeRate === null ? null : parseFeeRate(parsed.output.mostFeeRate),
    times: { days: [...new Set(days)], window, leastHoursBetween },
    renewAfterHours,
  };
}

const malformed = (reason: string, sentence: string): StrongroomError =>
  new StrongroomError('schedule.malformed', sentence, { reason }, 'Remove the rule and add it again as it should be.');

/**
 * Minutes since midnight of `22:30`.
 * @throws StrongroomError `schedule.malformed`
 */
export function parseClock(text: string): number {
  const match = /^([01][0-9]|2[0-3]):([0-5][0-9])$/.exec(text);
  if (match === null) throw malformed('clock', 'A time of day is written as hours and minutes, UTC.');
  return Number(match[1]) * 60 + Number(match[2]);
}

export const formatClock = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
