import { StrongroomError } from '../errors/strongroom-error.ts';

/**
 * A fee rate held in thousandths of a satoshi per virtual byte (= sat/kvB, the unit in which nodes compute), so that it
 * is exact without floating point. Text and JSON carry sat/vB with at most three decimals.
 */
export type FeeRate = bigint & { readonly __brand: 'FeeRate' };

/** The highest rate that can be asked for: 100,000 sat/vB. Higher is a slip of the hand. */
const MAX_FEE_RATE_SAT_PER_KVB = 100_000_000n;

/**
 * A fee rate from satoshis per 1,000 virtual bytes.
 * @throws StrongroomError `fee-rate.out-of-range`
 */
export function feeRateFromSatPerKvb(satPerKvb: bigint): FeeRate {
  if (satPerKvb < 0n || satPerKvb > MAX_FEE_RATE_SAT_PER_KVB) {
    throw new StrongroomError('fee-rate.out-of-range', 'The fee rate is not between 0 and 100,000 sat/vB.', { satPerKvb: String(satPerKvb) }, 'Give the rate in satoshis per virtual byte.');
  }
  return satPerKvb as FeeRate;
}

/**
 * A fee rate from a text in sat/vB, at most three decimals.
 * @throws StrongroomError `fee-rate.malformed`, `fee-rate.out-of-range`
 */
export function parseFeeRate(text: string): FeeRate {
  const match = /^(0|[1-9][0-9]{0,6})(?:\.([0-9]{1,3}))?$/.exec(text);
  if (match === null) {
    throw new StrongroomError('fee-rate.malformed', 'A fee rate is a number in sat/vB with at most three decimals.', {}, 'Write for example 4.5.');
  }
  return feeRateFromSatPerKvb(BigInt(match[1] as string) * 1000n + BigInt((match[2] ?? '').padEnd(3, '0')));
}

/** The rate in sat/vB, without trailing zeros: `4.5`, `12`, `0.101`. */
export function formatFeeRate(rate: bigint): string {
  const whole = rate / 1000n;
  const fraction = String(rate % 1000n).padStart(3, '0').replace(/0+$/, '');
  return fraction === '' ? String(whole) : `${whole}.${fraction}`;
}

/** The rate that a fee over a size comes to, rounded down to a thousandth of a sat/vB. */
export function feeRateOf(feeSats: bigint, vsizeVb: number): FeeRate {
  if (vsizeVb <= 0 || feeSats < 0n) return 0n as FeeRate;
  return ((feeSats * 1000n) / BigInt(vsizeVb)) as FeeRate;
}

/** The fee for a size at a rate, rounded up so that the transaction is never below the rate. Satoshis. */
export function feeForVsize(vsizeVb: number, rate: FeeRate): bigint {
  return (BigInt(vsizeVb) * rate + 999n) / 1000n;
}
