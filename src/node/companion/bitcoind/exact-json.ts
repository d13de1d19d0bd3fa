import { WIDEST_MONEY_SATS } from '../../../domain/amount.ts';
import { StrongroomError } from '../../../errors/strongroom-error.ts';

/** A number as its digits stood in the JSON text. */
export class ExactNumber {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

/**
 * JSON with every number kept as its text, so that no amount passes through floating point on its way in. Reads the source
 * text that `JSON.parse` hands to its reviver.
 * @returns `undefined` where the text is not JSON
 * @see ECMA-262, `JSON.parse` with source text access
 */
export function parseExactJson(text: string): unknown {
  const keepNumbers = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === 'number' ? new ExactNumber(context?.source as string) : value;
  try {
    return JSON.parse(text, keepNumbers as (key: string, value: unknown) => unknown);
  } catch {
    return undefined;
  }
}

/** The most digits of a mantissa and the largest exponent that an amount can need; checked before any arithmetic. */
const MAX_DIGITS = 40;
const MAX_EXPONENT = 40;

/**
 * Satoshis of a JSON number in BTC, exactly: `0.1`, `20999999.9769`, `1e-8`. May be negative, as nodes write what leaves a
 * wallet.
 * @throws StrongroomError `node.malformed` for a fraction of a satoshi, or more than any chain has
 */
export function satsOfBtcNumber(number: ExactNumber): bigint {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number.source);
  const [, sign, whole = '', fraction = '', exponentText = '0'] = match ?? [];
  const exponent = Number(exponentText) + 8 - fraction.length;
  if (match === null || whole.length + fraction.length > MAX_DIGITS || Math.abs(exponent) > MAX_EXPONENT) throw notAnAmount();
  const digits = BigInt(whole + fraction);
  const scale = 10n ** BigInt(Math.abs(exponent));
  if (exponent < 0 && digits % scale !== 0n) throw notAnAmount();
  const amount = exponent < 0 ? digits / scale : digits * scale;
  if (amount > WIDEST_MONEY_SATS) throw notAnAmount();
  return sign === '-' ? -amount : amount;
}

const notAnAmount = (): StrongroomError =>
  new StrongroomError('node.malformed', 'The node stated an amount that is none.', {}, 'Check which node this is; it may be damaged.');
