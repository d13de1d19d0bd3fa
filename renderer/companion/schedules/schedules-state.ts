import type { Progress, WireError } from '../../../src/host/contract.ts';
import type { Answer, CompanionHost } from '../../host/client.ts';
import { satsFromBtc } from '../../ui/amount-text.ts';
import type { NodeUrl, StoredWallet } from '../session.ts';
import { feeRateProblem, floorProblem, percentProblem, type HotKind, type HotSide } from '../sweep/sweep-form.ts';

export type Rule = Answer<'schedule.list', CompanionHost>['rules'][number];
export type RuleOutcome = Answer<'schedule.run', CompanionHost>['outcomes'][number];
type RuleInput = Parameters<CompanionHost['schedule.add']>[0]['rule'];

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Day = (typeof DAYS)[number];

export interface RuleForm {
  readonly name: string;
  readonly kind: 'sweep' | 'refill';
  /** Wallet id of the cold wallet; `null` for the first. */
  readonly walletId: string | null;
  readonly hot: HotKind | null;
  readonly hotWalletId: string | null;
  /** Stays hot; of a refill: below this it is made. In BTC as typed. */
  readonly floorBtc: string;
  /** Swept above this; of a refill: up to this. */
  readonly ceilingBtc: string;
  readonly mostFeeRate: string;
  readonly budgetPercent: string;
  /** None: every day. */
  readonly days: readonly Day[];
  /** Hours of the day, UTC; both empty for the whole day. */
  readonly from: string;
  readonly to: string;
  readonly hoursBetween: string;
  readonly renewAfterHours: string;
}

export const emptyRule: RuleForm = { name: '', kind: 'sweep', walletId: null, hot: null, hotWalletId: null, floorBtc: '', ceilingBtc: '', mostFeeRate: '', budgetPercent: '', days: [], from: '', to: '', hoursBetween: '', renewAfterHours: '' };

/** Standing rules, and what became of them. */
export interface SchedulesState {
  /** `null` before they were read. */
  readonly rules: readonly Rule[] | null;
  /** The rule that is being written; `null` where none is. */
  readonly form: RuleForm | null;
  /** The rule that a person is asked about before it is removed. */
  readonly removing: string | null;
  readonly outcomes: readonly RuleOutcome[];
  readonly work: Progress | null;
  readonly error: WireError | null;
}

export type SchedulesEvent =
  | { readonly type: 'read'; readonly rules: readonly Rule[] }
  | { readonly type: 'begun' }
  | { readonly type: 'left' }
  | { readonly type: 'typed'; readonly form: Partial<RuleForm> }
  | { readonly type: 'removing'; readonly name: string | null }
  | { readonly type: 'working'; readonly progress: Progress }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'ran'; readonly outcomes: readonly RuleOutcome[] };

export const noSchedules: SchedulesState = { rules: null, form: null, removing: null, outcomes: [], work: null, error: null };

export function schedulesTransition(state: SchedulesState, event: SchedulesEvent): SchedulesState {
  switch (event.type) {
    case 'read':
      return { ...state, rules: event.rules, removing: event.rules.some(({ name }) => name === state.removing) ? state.removing : null, work: null };
    case 'begun':
      return { ...state, form: emptyRule, outcomes: [], removing: null, error: null };
    case 'left':
      return { ...state, form: null, error: null };
    case 'typed':
      return state.form === null ? state : { ...state, form: { ...state.form, ...event.form }, error: null };
    case 'removing':
      return { ...state, removing: event.name };
    case 'working':
      return { ...state, work: event.progress, outcomes: [], error: null };
    case 'stopped':
      return { ...state, work: null };
    case 'failed':
      return { ...state, work: null, error: event.error };
    case 'ran':
      return { ...state, outcomes: event.outcomes, work: null };
  }
}

const clock = /^([01][0-9]|2[0-3]):[0-5][0-9]$/;
const hours = (typed: string, least: number): string | null => (typed.trim() === '' || (/^\d{1,4}$/.test(typed.trim()) && Number(typed) >= least && Number(typed) <= 24 * 366) ? null : `A whole number of hours from ${least} to ${24 * 366}.`);
export const hoursBetweenProblem = (typed: string): string | null => hours(typed, 0);
export const renewProblem = (typed: string): string | null => hours(typed, 1);
export const clockProblem = (typed: string): string | null => (typed.trim() === '' || clock.test(typed.trim()) ? null : 'A time such as 22:00, UTC.');
export const nameProblem = (typed: string): string | null => (typed === '' || /^[a-z0-9][a-z0-9-]{0,39}$/.test(typed) ? null : 'Small letters, digits and dashes, such as nightly.');

/** The first thing that is wrong with a rule, in words, or `null`. */
export function ruleProblem(form: RuleForm, hot: HotSide): string | null {
  if (form.name === '') return 'Name the rule first.';
  const typed = nameProblem(form.name) ?? floorProblem(form.floorBtc) ?? floorProblem(form.ceilingBtc) ?? feeRateProblem(form.mostFeeRate) ?? percentProblem(form.budgetPercent)
    ?? clockProblem(form.from) ?? clockProblem(form.to) ?? hoursBetweenProblem(form.hoursBetween) ?? renewProblem(form.renewAfterHours);
  if (typed !== null) return typed;
  if (hot.kind === 'addresses') return 'Name a hot wallet in Node first.';
  if (form.ceilingBtc.trim() === '') return form.kind === 'sweep' ? 'Say above what it is swept; 0 sweeps whatever there is.' : 'Say up to what it is refilled.';
  if (form.kind === 'refill' && form.floorBtc.trim() === '') return 'Say below what it is refilled.';
  return (form.from.trim() === '') === (form.to.trim() === '') ? null : 'Give both times of the day, or none.';
}

const satsOf = (typed: string): string => satsFromBtc(typed) ?? '0';
const orNull = (typed: string): string | null => (typed.trim() === '' ? null : typed.trim());
const hoursOf = (typed: string): number | null => (typed.trim() === '' ? null : Number(typed.trim()));

/** The rule as it is asked for. @param hot a wallet: see `ruleProblem` */
export function ruleOf(form: RuleForm, node: NodeUrl, hot: HotSide, cold: StoredWallet): RuleInput | null {
  if (hot.kind === 'addresses') return null;
  const times = {
    name: form.name, isOn: true, node, feeRate: null, mostFeeRate: orNull(form.mostFeeRate), days: [...form.days],
    window: form.from.trim() === '' ? null : { from: form.from.trim(), to: form.to.trim() },
    leastHoursBetween: hoursOf(form.hoursBetween) ?? 0, renewAfterHours: hoursOf(form.renewAfterHours),
  };
  return form.kind === 'sweep'
    ? {
        kind: 'sweep', ...times, to: cold.wallet, source: hot.kind === 'node' ? { kind: 'node-wallet', name: hot.name } : { kind: 'wallets', wallets: [hot.wallet.wallet] },
        policy: { floorSats: satsOf(form.floorBtc), ceilingSats: satsOf(form.ceilingBtc), budgetPercent: orNull(form.budgetPercent) },
      }
    : { kind: 'refill', ...times, from: cold.wallet, target: hot.kind === 'node' ? { kind: 'node-wallet', name: hot.name } : { kind: 'wallet', wallet: hot.wallet.wallet }, floorSats: satsOf(form.floorBtc), targetSats: satsOf(form.ceilingBtc) };
}
