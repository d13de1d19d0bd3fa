import { feeRateFromSatPerKvb, type FeeRate } from '../../domain/fee-rate.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { ErrorCode } from '../../errors/catalog.ts';
import { movedSats } from './plan.ts';
import { isWithin, noBudget, openPolicy, type FeeBudget } from './sweep-policy.ts';
import { planSweeps, type SweepDrafts, type SweepTask } from './sweep-plan.ts';

/** What the sweep would come to at one fee rate. Amounts in satoshis. */
export type SweepPreview =
  | {
    readonly feeRate: FeeRate;
    readonly transactions: number;
    readonly inputs: number;
    readonly movedSats: bigint;
    readonly feeSats: bigint;
    /** Outputs that stay hot. */
    readonly outputsLeft: number;
    readonly leftHotSats: bigint;
    /** Whether the policy's fee budget would pay for all of it. */
    readonly withinBudget: boolean;
  }
  | { readonly feeRate: FeeRate; /** Why nothing would be swept. */ readonly code: ErrorCode };

/** The rates that people think in, sat/vB. */
const USUAL_RATES = [1, 2, 3, 5, 10, 20, 50, 100, 200, 500].map((rate) => feeRateFromSatPerKvb(BigInt(rate) * 1000n));

/** The chosen rate and the usual ones below it, down to the least that the node relays; highest first. */
export const previewRates = (chosen: FeeRate, least: FeeRate): readonly FeeRate[] =>
  [...new Set([chosen, ...USUAL_RATES.filter((rate) => rate < chosen && rate >= least)])].sort((a, b) => (a > b ? -1 : a < b ? 1 : 0));

/** The same sweep at other fee rates. Its budget limits nothing here: it is said where it would. */
export function previewSweeps(task: SweepTask, rates: readonly FeeRate[]): readonly SweepPreview[] {
  const policy = task.policy ?? openPolicy;
  return rates.map((feeRate): SweepPreview => {
    try {
      const planned = planSweeps({ ...task, feeRate, policy: { ...policy, budget: noBudget } });
      return { feeRate, ...totalsOf(planned), withinBudget: isAllWithin(planned, policy.budget) };
    } catch (error) {
      if (error instanceof StrongroomError && error.code.startsWith('plan.')) return { feeRate, code: error.code };
      throw error;
    }
  });
}

/** What all transactions of a sweep come to together. */
export function totalsOf({ drafts, skipped, leftHotSats }: SweepDrafts) {
  const sum = (each: (draft: SweepDrafts['drafts'][number]) => bigint): bigint => drafts.reduce((total, draft) => total + each(draft), 0n);
  return {
    transactions: drafts.length,
    inputs: drafts.reduce((total, draft) => total + draft.inputs.length, 0),
    movedSats: sum(movedSats),
    feeSats: sum((draft) => draft.feeSats),
    outputsLeft: skipped.length,
    leftHotSats,
  };
}

function isAllWithin({ drafts }: SweepDrafts, { mostSats, mostOfMoved }: FeeBudget): boolean {
  const feeSats = drafts.reduce((total, draft) => total + draft.feeSats, 0n);
  return (mostSats === null || feeSats <= mostSats) && (mostOfMoved === null || drafts.every((draft) => isWithin(draft.feeSats, movedSats(draft), mostOfMoved)));
}
