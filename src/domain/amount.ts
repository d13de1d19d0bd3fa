import { StrongroomError } from '../errors/strongroom-error.ts';

/** An amount in satoshis, 0 to 21 million BTC. Made only by the functions of this file. */
export type Sats = bigint & { readonly __brand: 'Sats' };

/** 21 million BTC in satoshis: no valid amount or sum of amounts is larger (consensus `MAX_MONEY`). */
export const MAX_MONEY_SATS = 2_100_000_000_000_000n as Sats;

export const ZERO_SATS = 0n as Sats;

/** True for 0 to 21 million BTC. */
export const isMoney = (value: bigint): value is Sats => value >= 0n && value <= MAX_MONEY_SATS;

/**
 * A satoshi amount from an integer.
 * @throws StrongroomError `amount.out-of-range` below 0 or above 21 million BTC
 */
export function sats(value: bigint): Sats {
  if (!isMoney(value)) {
    throw new StrongroomError('amount.out-of-range', `${value} is not an amount from 0 to 21 million BTC.`, { value: String(value) }, 'Check the amount and its unit.');
  }
  return value;
}

/**
 * The sum of amounts.
 * @throws StrongroomError `amount.out-of-range` when the sum passes 21 million BTC
 */
export function sumSats(amounts: Iterable<bigint>): Sats {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return sats(total);
}

/**
 * Satoshis from a decimal string without sign, point or leading zeros: the form used in files and on the wire.
 * @throws StrongroomError `amount.malformed`, `amount.out-of-range`
 */
export function parseSats(text: string): Sats {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) {
    throw new StrongroomError('amount.malformed', 'A satoshi amount is a whole number without sign or separators.', {}, 'Write for example 150000.');
  }
  return sats(BigInt(text));
}

/**
 * Satoshis from a text in BTC with at most eight decimals; never through a floating-point number.
 * @throws StrongroomError `amount.malformed`, `amount.out-of-range`
 */
export function parseBtc(text: string): Sats {
  const match = /^(0|[1-9][0-9]{0,7})(?:\.([0-9]{1,8}))?$/.exec(text);
  if (match === null) {
    throw new StrongroomError('amount.malformed', 'A BTC amount has digits, a point and at most eight decimals.', {}, 'Write for example 0.00150000.');
  }
  return sats(BigInt(match[1] as string) * 100_000_000n + BigInt((match[2] ?? '').padEnd(8, '0')));
}

/** The amount in BTC with exactly eight decimals, without a unit. */
export function formatBtc(amount: bigint): string {
  const sign = amount < 0n ? '-' : '';
  const digits = String(amount < 0n ? -amount : amount).padStart(9, '0');
  return `${sign}${digits.slice(0, -8)}.${digits.slice(-8)}`;
}
