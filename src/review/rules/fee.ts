import { formatFeeRate, feeRateOf } from '../../domain/fee-rate.ts';
import { chainParameters } from '../../domain/network.ts';
import { isExcessiveFee } from '../../psbt/fee-limits.ts';
import type { ReviewFacts } from '../facts.ts';
import { finding, type Finding } from '../finding.ts';

const HIGH_BASIS_POINTS = 500n;
const HIGH_TIMES_PLAN = 3n;

/**
 * The fee in hundredths of a percent of the payments, or of the inputs when nothing leaves; `null` when both are zero.
 * Negative fees count as 0.
 */
export function feeBasisPoints(feeSats: bigint, paymentsSats: bigint, inputsSats: bigint): bigint | null {
  const base = paymentsSats > 0n ? paymentsSats : inputsSats;
  if (base <= 0n) return null;
  return feeSats <= 0n ? 0n : (feeSats * 10_000n) / base;
}

/**
 * A fee is what inputs and outputs leave over; nobody states it, so nobody notices it unless it is judged. Where proof of an
 * amount is missing the claimed amount is judged too: the missing proof refuses the transaction already, and must not hide
 * what else is wrong.
 * The limits are the chain's (`domain/chains`). @see Bitcoin Core, `-minrelaytxfee`, for the least that nodes relay
 */
export function feeFindings(facts: ReviewFacts): Finding[] {
  const { claimed, vsizeVb, feeBase } = facts.totals;
  const paymentsSats = feeBase === 'payments' ? facts.totals.paymentsSats : 0n;
  if (claimed === null || facts.inputs.length === 0) return [];
  const { feeSats, inputsSats } = claimed;
  const rate = feeRateOf(feeSats, vsizeVb);
  const { network, plannedFeeRate } = facts.context;
  const { highSatPerVb, minRelaySatPerVb } = chainParameters(network).fees;
  const evidence = { feeSats: String(feeSats), feeRateSatPerVb: formatFeeRate(rate), vsizeVb };
  if (feeSats < 0n) return [finding('fee.negative', 'global', 0, { feeSats: String(feeSats), inputsSats: String(inputsSats) })];
  const findings: Finding[] = [];
  if (isExcessiveFee(feeSats, inputsSats, vsizeVb, network)) findings.push(finding('fee.excessive', 'global', 0, evidence));
  const base = paymentsSats > 0n ? paymentsSats : inputsSats;
  const reasons = [
    ...(feeSats * 10_000n > base * HIGH_BASIS_POINTS ? [`over 5 % of the ${paymentsSats > 0n ? 'payments' : 'inputs'}`] : []),
    ...(plannedFeeRate !== undefined && rate > plannedFeeRate * HIGH_TIMES_PLAN ? ['over 3 times the planned rate'] : []),
    ...(feeSats > highSatPerVb * BigInt(vsizeVb) ? [`over ${highSatPerVb} sat/vB`] : []),
  ];
  if (reasons.length > 0) findings.push(finding('fee.high', 'global', 0, { ...evidence, reason: reasons.join('; ') }));
  if (feeSats < minRelaySatPerVb * BigInt(vsizeVb)) findings.push(finding('fee.below-relay', 'global', 0, evidence));
  return findings;
}
