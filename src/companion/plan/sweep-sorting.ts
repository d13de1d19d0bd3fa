import { feeForVsize, type FeeRate } from '../../domain/fee-rate.ts';
import { formatOutpoint } from '../../domain/outpoint.ts';
import type { CoinControl, CoinFacts } from '../coins/coin-control.ts';
import { isWorthSpending } from './coin-selection.ts';
import { skip, type Skipped, type SkipReason, type Spendable } from './plan.ts';
import { isWithin, type AgeFilter, type LongTermEconomics, type SweepPolicy } from './sweep-policy.ts';
import { inputVsizeVb, type SpendKind } from './vsize.ts';

/**
 * An output that a sweep may take; `kind` is `null` where its script is none that a plan can size, or the node would not spend it.
 * `leftBecause`: it cannot be spent now.
 */
export type HotCandidate = Omit<Spendable, 'kind'> & { readonly kind: Spendable['kind'] | null; readonly leftBecause?: SkipReason };

/** What a person's own marks say of an output: that it stays, or `null` where nothing speaks against it. */
export type CoinRule = (output: HotCandidate) => Extract<SkipReason, 'frozen' | 'label'> | null;

/** The rule of frozen outputs and tags. A frozen output stays whatever else is asked for. */
export function coinRuleOf(facts: Pick<CoinFacts, 'frozen' | 'tags'>, { tags, excludeTags }: Pick<CoinControl, 'tags' | 'excludeTags'>): CoinRule {
  return (output) => {
    const outpoint = formatOutpoint(output);
    if (facts.frozen.has(outpoint)) return 'frozen';
    const own = facts.tags.get(outpoint) ?? [];
    const isOut = (tags !== null && !own.some((tag) => tags.includes(tag))) || own.some((tag) => excludeTags.includes(tag));
    return isOut ? 'label' : null;
  };
}

export interface SortingTask {
  readonly candidates: readonly HotCandidate[];
  readonly feeRate: FeeRate;
  readonly policy: SweepPolicy;
  /** Of the chain: tells an output's block where a candidate does not. */
  readonly tipHeight: number | null;
  readonly coinRule: CoinRule;
}

/** The hot outputs by what a sweep may do with them. */
export interface SortedOutputs {
  /** May be swept. */
  readonly eligible: readonly Spendable[];
  /** Could be spent and stay by the policy; they count towards the floor. */
  readonly held: readonly { readonly output: Spendable; readonly reason: SkipReason }[];
  /** Cannot be spent, must not be, or are not worth it; the floor does not rely on them. */
  readonly skipped: readonly Skipped[];
  /** What of the wallet could be spent now: eligible and held. Satoshis; floor and ceiling are measured by it. */
  readonly usableSats: bigint;
}

/** Sorts every output into exactly one heap. */
export function sortOutputs({ candidates, feeRate, policy, tipHeight, coinRule }: SortingTask): SortedOutputs {
  const skipped: Skipped[] = [];
  const eligible: Spendable[] = [];
  const held: { output: Spendable; reason: SkipReason }[] = [];
  for (const candidate of candidates) {
    const { kind, leftBecause, ...rest } = candidate;
    const why = leftBecause ?? (rest.confirmations < 1 ? 'unconfirmed' : kind === null ? 'locked' : null);
    const mark = why === null ? coinRule(candidate) : null;
    const output = { ...rest, kind: kind as SpendKind };
    if (why !== null || mark === 'frozen') skipped.push(skip(rest, why ?? 'frozen'));
    else if (!isWorthSpending(output, feeRate)) skipped.push(skip(rest, 'dust'));
    else {
      const reason = mark ?? (isOfAge(output, policy.age, tipHeight) ? null : 'age') ?? (shouldWait(output, feeRate, policy.longTerm) ? 'wait' : null);
      if (reason === null) eligible.push(output);
      else held.push({ output, reason });
    }
  }
  const usableSats = [...eligible, ...held.map(({ output }) => output)].reduce((sum, { amountSats }) => sum + amountSats, 0n);
  return { eligible, held, skipped, usableSats };
}

function isOfAge(output: Spendable, age: AgeFilter, tipHeight: number | null): boolean {
  if (output.confirmations < age.leastConfirmations || (age.mostConfirmations !== null && output.confirmations > age.mostConfirmations)) return false;
  if (age.fromHeight === null && age.toHeight === null) return true;
  const height = output.height ?? (tipHeight === null ? null : tipHeight - output.confirmations + 1);
  return height !== null && height >= (age.fromHeight ?? 0) && height <= (age.toHeight ?? Number.MAX_SAFE_INTEGER);
}

/** What moving an output costs, in satoshis. */
export interface MoveCost {
  readonly nowSats: bigint;
  /** At the long-term rate. */
  readonly laterSats: bigint;
}

export function moveCost(kind: SpendKind, feeRate: FeeRate, longTerm: FeeRate): MoveCost {
  const vsizeVb = inputVsizeVb(kind);
  return { nowSats: feeForVsize(vsizeVb, feeRate), laterSats: feeForVsize(vsizeVb, longTerm) };
}

/**
 * Whether an output had better wait for a lower rate: moving it now costs so much more than at the long-term rate that the premium
 * is above the part of its amount that its safety is worth. A large output is moved at almost any rate, a small one waits.
 */
function shouldWait(output: Spendable, feeRate: FeeRate, longTerm: LongTermEconomics | null): boolean {
  if (longTerm === null || feeRate <= longTerm.feeRate) return false;
  const { nowSats, laterSats } = moveCost(output.kind, feeRate, longTerm.feeRate);
  return !isWithin(nowSats - laterSats, output.amountSats, longTerm.mostPremium);
}
