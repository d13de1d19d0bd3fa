import { StrongroomError } from '../errors/strongroom-error.ts';
import { chainParameters, networkNames, type NetworkName } from './network.ts';

/**
 * An amount in satoshis (a hundred-millionth of the coin, whatever the coin calls it), from 0 to the most that the chain knows. Made
 * only by the functions of this file.
 */
export type Sats = bigint & { readonly __brand: 'Sats' };

/** 21 million BTC in satoshis: no valid amount or sum of amounts is larger (consensus `MAX_MONEY`). */
export const MAX_MONEY_SATS = 2_100_000_000_000_000n as Sats;
/** What no amount of any chain passes: where the chain is not known yet. */
export const WIDEST_MONEY_SATS = networkNames.reduce((widest, name) => (chainParameters(name).maxMoneySats > widest ? chainParameters(name).maxMoneySats : widest), 0n) as Sats;

export const ZERO_SATS = 0n as Sats;

/** The most of a chain; of any chain where none is named. Satoshis. */
export const maxMoneySats = (network?: NetworkName): bigint => (network === undefined ? WIDEST_MONEY_SATS : chainParameters(network).maxMoneySats);

/** True for 0 to the most that there can be: on this network, or on any where none is named. */
export const isMoney = (value: bigint, network?: NetworkName): value is Sats => value >= 0n && value <= maxMoneySats(network);

/**
 * A satoshi amount from an integer.
 * @param network whose bound counts; the widest of all where it is not known
 * @throws StrongroomError `amount.out-of-range` below 0 or above the bound
 */
export function sats(value: bigint, network?: NetworkName): Sats {
  if (!isMoney(value, network)) {
    const most = `${formatBtc(maxMoneySats(network)).replace(/\.0+$/, '')}${network === undefined ? '' : ` ${chainParameters(network).unit}`}`;
    throw new StrongroomError('amount.out-of-range', `${value} is not an amount from 0 to ${most}.`, { value: String(value) }, 'Check the amount and its unit.');
  }
  return value;
}

/**
 * The sum of amounts.
 * @throws StrongroomError `amount.out-of-range` when the sum passes the bound
 */
export function sumSats(amounts: Iterable<bigint>, network?: NetworkName): Sats {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return sats(total, network);
}

/**
 * Satoshis from a decimal string without sign, point or leading zeros: the form used in files and on the wire.
 * @throws StrongroomError `amount.malformed`, `amount.out-of-range`
 */
export function parseSats(text: string, network?: NetworkName): Sats {
  if (!/^(0|[1-9][0-9]{0,18})$/.test(text)) {
    throw new StrongroomError('amount.malformed', 'A satoshi amount is a whole number without sign or separators.', {}, 'Write for example 150000.');
  }
  return sats(BigInt(text), network);
}

/**
 * Satoshis from a text in whole coins (BTC, LTC, DOGE) with at most eight decimals; never through a floating-point number.
 * @throws StrongroomError `amount.malformed`, `amount.out-of-range`
 */
export function parseBtc(text: string, network?: NetworkName): Sats {
  const match = /^(0|[1-9][0-9]{0,10})(?:\.([0-9]{1,8}))?$/.exec(text);
  if (match === null) {
    throw new StrongroomError('amount.malformed', `${network === undefined ? 'A' : `A ${chainParameters(network).unit}`} amount has digits, a point and at most eight decimals.`, {}, 'Write for example 0.00150000.');
  }
  return sats(BigInt(match[1] as string) * 100_000_000n + BigInt((match[2] ?? '').padEnd(8, '0')), network);
}

/** The amount in whole coins with exactly eight decimals, without a unit. */
export function formatBtc(amount: bigint): string {
  const sign = amount < 0n ? '-' : '';
  const digits = String(amount < 0n ? -amount : amount).padStart(9, '0');
  return `${sign}${digits.slice(0, -8)}.${digits.slice(-8)}`;
}
