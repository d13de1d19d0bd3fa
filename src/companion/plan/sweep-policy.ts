import type { FeeRate } from '../../domain/fee-rate.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';

/** Hundredths of a percent: 5 % are 500. Whole numbers, so that no limit is ever rounded. */
export type BasisPoints = bigint;

/** The most that a sweep's fee may be. Both limits hold where both are given. */
export interface FeeBudget {
  /** Of all the sweep's transactions together, satoshis. */
  readonly mostSats: bigint | null;
  /** Of each transaction, as a part of what it moves out of the hot wallet: what arrives and the fee, without what comes back. */
  readonly mostOfMoved: BasisPoints | null;
}

/** What moving an output costs now against moving it later. */
export interface LongTermEconomics {
  /** The rate at which it could be moved some day. */
  readonly feeRate: FeeRate;
  /** How much more than at that rate the move may cost now, as a part of the output's amount; more than that, and it waits. */
  readonly mostPremium: BasisPoints;
}

/** Which outputs are old enough, and not too old. Both ends are included. */
export interface AgeFilter {
  readonly leastConfirmations: number;
  readonly mostConfirmations: number | null;
  readonly fromHeight: number | null;
  readonly toHeight: number | null;
}

/** When and how much a hot wallet is swept. */
export interface SweepPolicy {
  /** What must stay hot, in satoshis; `null` sweeps all. Only then may change go back to the hot wallet. */
  readonly floorSats: bigint | null;
  /** The hot wallet is swept only when it holds more than this, and then down to the floor. */
  readonly ceilingSats: bigint | null;
  readonly budget: FeeBudget;
  readonly longTerm: LongTermEconomics | null;
  readonly age: AgeFilter;
}

export const anyAge: AgeFilter = { leastConfirmations: 1, mostConfirmations: null, fromHeight: null, toHeight: null };
export const noBudget: FeeBudget = { mostSats: null, mostOfMoved: null };
/** Sweeps everything that is confirmed and worth it. */
export const openPolicy: SweepPolicy = { floorSats: null, ceilingSats: null, budget: noBudget, longTerm: null, age: anyAge };

/**
 * A policy whose parts agree with each other.
 * @throws StrongroomError `sweep.policy-malformed`
 */
export function requireSoundPolicy(policy: SweepPolicy): SweepPolicy {
  const { floorSats, ceilingSats, age } = policy;
  if (ceilingSats !== null && (floorSats ?? 0n) > ceilingSats) {
    throw malformed('floor-above-ceiling', 'The floor is above the ceiling.', 'Give a ceiling that is at least the floor.');
  }
  // SECURITY: what waits in the mempool may be replaced by whoever sent it, so it is never swept.
  if (age.leastConfirmations < 1) throw malformed('unconfirmed', 'Outputs are swept once they are confirmed.', 'Ask for at least one confirmation.');
  if (age.mostConfirmations !== null && age.mostConfirmations < age.leastConfirmations) throw malformed('confirmations', 'The most confirmations are fewer than the least.', 'Exchange the two.');
  if (age.fromHeight !== null && age.toHeight !== null && age.toHeight < age.fromHeight) throw malformed('heights', 'The last block is before the first.', 'Exchange the two.');
  return policy;
}

const malformed = (reason: string, sentence: string, hint: string): StrongroomError => new StrongroomError('sweep.policy-malformed', sentence, { reason }, hint);

/**
 * Percent with at most two decimals as basis points: `0.5` is 50.
 * @throws StrongroomError `sweep.policy-malformed`
 */
export function parsePercent(text: string): BasisPoints {
  const match = /^(0|[1-9][0-9]{0,2})(?:\.([0-9]{1,2}))?$/.exec(text);
  const points = match === null ? 10_001n : BigInt(match[1] as string) * 100n + BigInt((match[2] ?? '').padEnd(2, '0'));
  if (points > 10_000n) throw malformed('percent', 'A percentage is a number from 0 to 100 with at most two decimals.', 'Write for example 0.5.');
  return points;
}

/** Whether a fee is within a part of what is moved. */
export const isWithin = (feeSats: bigint, movedSats: bigint, most: BasisPoints): boolean => feeSats * 10_000n <= movedSats * most;
