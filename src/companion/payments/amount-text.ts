import { parseBtc, parseSats, type Sats } from '../../domain/amount.ts';
import { chainParameters, type NetworkName } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';

/** In what an amount is written: `sats` the smallest unit, `coin` the whole one (BTC, LTC, DOGE). */
export type AmountUnit = 'sats' | 'coin';

/** Why an amount cannot be read. `unit`: none is named, an unknown one, or two that differ. */
export type AmountFault = 'amount' | 'unit';

/** The unit of a word: `sats`, `sat`, `BTC` in any case. `mBTC`, `bits` and the like are not guessed at. */
export function unitOf(word: string, network: NetworkName): AmountUnit | null {
  const plain = word.trim().toLowerCase();
  if (plain === 'sat' || plain === 'sats') return 'sats';
  return plain === chainParameters(network).unit.toLowerCase() ? 'coin' : null;
}

/**
 * An amount with its unit: behind the number (`0.1 BTC`, `1000 sats`) or in a column of its own. Where both name one they must name the
 * same; where neither does, no unit is assumed.
 * @param unitText the unit's column; `null` where the file has none
 */
export function parseAmountWithUnit(text: string, unitText: string | null, network: NetworkName): Sats | AmountFault {
  const match = /^([0-9.]+)(?:\s*([A-Za-z]+))?$/.exec(text.trim());
  if (match === null) return 'amount';
  const words = [match[2], unitText?.trim()].filter((word): word is string => word !== undefined && word !== '');
  const units = new Set(words.map((word) => unitOf(word, network)));
  const [unit] = units;
  if (units.size !== 1 || unit === undefined || unit === null) return 'unit';
  return parseAmount(match[1] as string, unit, network) ?? 'amount';
}

/** The amount of digits in a unit; `null` where they are none. */
export function parseAmount(digits: string, unit: AmountUnit, network: NetworkName): Sats | null {
  try {
    return unit === 'sats' ? parseSats(digits, network) : parseBtc(digits, network);
  } catch (error) {
    if (error instanceof StrongroomError) return null;
    throw error;
  }
}
