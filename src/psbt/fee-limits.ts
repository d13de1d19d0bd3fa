/** Refusal limit: a fee over this many sats that is also over a quarter of the inputs. */
const EXCESSIVE_FEE_SATS = 100_000n;
/** Refusal limit by rate, sat/vB. */
const EXCESSIVE_SAT_PER_VB = 5_000n;

/**
 * Whether a fee is above what is ever meant: over 25 % of the inputs and over 100,000 sats, or over 5,000 sat/vB. The review
 * refuses it before signing and the extractor again before broadcast.
 */
export function isExcessiveFee(feeSats: bigint, inputsSats: bigint, vsizeVb: number): boolean {
  return (feeSats * 4n > inputsSats && feeSats > EXCESSIVE_FEE_SATS) || feeSats > EXCESSIVE_SAT_PER_VB * BigInt(vsizeVb);
}
