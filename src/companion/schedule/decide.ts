import type { FeeRate } from '../../domain/fee-rate.ts';
import { weekdays, type Rule, type RuleTimes } from './rule.ts';

/** Why a rule prepares nothing now. */
export type WaitReason =
  /** It is switched off. */
  | 'off'
  /** Not one of its days, or outside its hours. */
  | 'day' | 'time'
  /** Too soon after the last time. */
  | 'interval'
  /** What it prepared is still to be signed and sent. */
  | 'outstanding'
  /** The hot wallet holds no more than the ceiling, or, for a refill, no less than the floor. */
  | 'below-ceiling' | 'above-floor'
  /** The fee rate of now is above what the rule permits. */
  | 'fee-rate';

/** What the decision is made of. The clock is an argument, as everything else. */
export interface RuleState {
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** What the hot wallet holds; of a refill with what is on its way to it. */
  readonly hotSats: bigint;
  readonly feeRate: FeeRate;
  /** When the rule last prepared anything, milliseconds since 1970. */
  readonly lastPreparedMs: number | null;
  /** Prepared transactions whose inputs are all still unspent: when the youngest was prepared. */
  readonly outstandingSinceMs: number | null;
}

export type Decision = { readonly prepare: true } | { readonly prepare: false; readonly reasons: readonly WaitReason[] };

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * HOUR_MS;
/** 1 January 1970 was a Thursday. */
const DAY_OF_THE_FIRST = weekdays.indexOf('thu');

/** Whether a rule prepares something now; if not, every reason at once. */
export function decide(rule: Rule, state: RuleState): Decision {
  const reasons: WaitReason[] = [];
  if (!rule.isOn) reasons.push('off');
  reasons.push(...outsideTimes(rule.times, state.nowMs));
  const isOutstanding = state.outstandingSinceMs !== null && (rule.renewAfterHours === null || state.nowMs - state.outstandingSinceMs < rule.renewAfterHours * HOUR_MS);
  if (isOutstanding) reasons.push('outstanding');
  if (state.lastPreparedMs !== null && state.nowMs - state.lastPreparedMs < rule.times.leastHoursBetween * HOUR_MS) reasons.push('interval');
  if (rule.kind === 'sweep' && state.hotSats <= rule.ceilingSats) reasons.push('below-ceiling');
  if (rule.kind === 'refill' && state.hotSats >= rule.floorSats) reasons.push('above-floor');
  if (rule.mostFeeRate !== null && state.feeRate > rule.mostFeeRate) reasons.push('fee-rate');
  return reasons.length === 0 ? { prepare: true } : { prepare: false, reasons };
}

function outsideTimes({ days, window }: RuleTimes, nowMs: number): readonly WaitReason[] {
  const minute = Math.floor((nowMs % DAY_MS) / MINUTE_MS);
  const isPastMidnight = window !== null && window.toMinute <= window.fromMinute && minute < window.toMinute;
  // In the hours after midnight a window is still of the day on which it began.
  const day = (Math.floor(nowMs / DAY_MS) - (isPastMidnight ? 1 : 0) + DAY_OF_THE_FIRST) % 7;
  const isDay = days.length === 0 || days.includes(weekdays[day] as (typeof weekdays)[number]);
  const isTime = window === null || (window.fromMinute < window.toMinute ? minute >= window.fromMinute && minute < window.toMinute : minute >= window.fromMinute || minute < window.toMinute);
  return [...(isDay ? [] : ['day' as const]), ...(isTime ? [] : ['time' as const])];
}
