import { counted } from '../../ui/amount-text.ts';
import { DAYS, type Day, type Rule, type RuleOutcome } from './schedules-state.ts';

const dayNames: Readonly<Record<Day, string>> = { mon: 'Monday', tue: 'Tuesday', wed: 'Wednesday', thu: 'Thursday', fri: 'Friday', sat: 'Saturday', sun: 'Sunday' };
export const dayName = (day: Day): string => dayNames[day];

const reasons: Readonly<Record<Extract<RuleOutcome, { outcome: 'waiting' }>['reasons'][number], string>> = {
  off: 'it is switched off', day: 'today is none of its days', time: 'it is not its time of the day', interval: 'too little time has passed since the last one', outstanding: 'what it prepared before still waits to be signed or sent',
  'below-ceiling': 'the hot wallet holds no more than the ceiling', 'above-floor': 'the hot wallet holds at least the floor', 'fee-rate': 'the fee rate is above its limit',
};
/** Why a rule prepared nothing; several reasons are all said. */
export const waitWords = (codes: readonly string[]): string => codes.map((code) => (reasons as Readonly<Record<string, string>>)[code] ?? code).join('; ');

/** What a rule's last run came to. */
export function lastRunWords(run: NonNullable<Rule['lastRun']>): { readonly words: string; readonly look: string } {
  switch (run.outcome) {
    case 'prepared': {
      const plans = Number(run.details[0] ?? '1');
      return { words: `Prepared ${counted(plans, 'transaction')}`, look: 'tag-verified' };
    }
    case 'waiting':
      return { words: `Prepared nothing: ${waitWords(run.details)}`, look: 'tag-plain' };
    case 'failed':
      return { words: `Could not be looked at: ${run.details.join(' ')}`, look: 'tag-danger' };
  }
}

/** "Every day, 22:00 to 04:00 UTC, at most 15 sat/vB". */
export function whenWords({ days, window, mostFeeRate, leastHoursBetween, renewAfterHours }: Pick<Rule, 'days' | 'window' | 'mostFeeRate' | 'leastHoursBetween' | 'renewAfterHours'>): string {
  const named = DAYS.filter((day) => days.includes(day));
  return [
    named.length === 0 || named.length === DAYS.length ? 'Every day' : named.map(dayName).join(', '),
    ...(window === null ? [] : [`${window.from} to ${window.to} UTC`]),
    ...(mostFeeRate === null ? [] : [`at most ${mostFeeRate} sat/vB`]),
    ...(leastHoursBetween === 0 ? [] : [`at least ${counted(leastHoursBetween, 'hour')} apart`]),
    ...(renewAfterHours === null ? [] : [`anew after ${counted(renewAfterHours, 'hour')} if not sent`]),
  ].join(', ');
}

/** What is hot, by its names. */
export function hotNames({ kind, names }: Rule['hot']): string {
  if (kind === 'node-wallet') return `"${names[0] ?? ''}" on the node`;
  return names.length === 0 ? 'addresses' : names.join(', ');
}
