import { formatFeeRate, type FeeRate } from '../../domain/fee-rate.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { isExcessiveFee } from '../../psbt/fee-limits.ts';
import type { NodeStatus } from '../chain-source.ts';
import type { Plan } from './plan.ts';

/** Confirmation is aimed at within this many blocks where no rate is given: about an hour. */
export const DEFAULT_TARGET_BLOCKS = 6;

/**
 * The rate to plan with: the one asked for, else the node's estimate, which is never taken below what the node relays.
 * @param estimate the node's answer, `null` where it cannot say
 * @throws StrongroomError `node.no-fee-estimate`, `plan.fee-too-low`
 */
export function chooseFeeRate(asked: FeeRate | null, estimate: FeeRate | null, status: Pick<NodeStatus, 'minimumFeeRate'>): FeeRate {
  const minimum = status.minimumFeeRate;
  if (asked !== null) {
    if (asked < minimum || asked === 0n) {
      throw new StrongroomError('plan.fee-too-low', `The node relays nothing below ${formatFeeRate(minimum)} sat/vB.`, { minimumSatPerVb: formatFeeRate(minimum), askedSatPerVb: formatFeeRate(asked) }, 'Give a higher fee rate.');
    }
    return asked;
  }
  if (estimate === null || estimate === 0n) {
    throw new StrongroomError('node.no-fee-estimate', 'The node cannot estimate a fee rate now.', {}, 'Give a fee rate in sat/vB.');
  }
  return estimate < minimum ? minimum : estimate;
}

/**
 * Refuses a plan whose fee the Signer would refuse (`fee.excessive`): it would only be found out offline.
 * @throws StrongroomError `plan.fee-excessive`
 */
export function requireSaneFee(plan: Pick<Plan, 'network' | 'feeSats' | 'inputsSats' | 'feeRate' | 'vsizeVb'>): void {
  if (isExcessiveFee(plan.feeSats, plan.inputsSats, plan.vsizeVb, plan.network)) {
    throw new StrongroomError('plan.fee-excessive', `A fee of ${plan.feeSats} sats at ${formatFeeRate(plan.feeRate)} sat/vB is beyond what the Signer signs.`, { feeSats: String(plan.feeSats), feeRateSatPerVb: formatFeeRate(plan.feeRate) }, 'Check the fee rate: it is in satoshis per virtual byte.');
  }
}
