/** Amounts as texts. They arrive from the host as decimal strings of satoshis and never pass through a float. */

const toBigInt = (amount: string | bigint): bigint => (typeof amount === 'bigint' ? amount : BigInt(amount));

/** Digits in groups of three: `18,400,000`. */
export const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ',');

/** Eight decimals, whole part grouped: `1,204.05000000`; a true minus sign for negative amounts. */
export function btcText(amount: string | bigint): string {
  const sats = toBigInt(amount);
  const digits = String(sats < 0n ? -sats : sats).padStart(9, '0');
  return `${sats < 0n ? '\u2212' : ''}${grouped(digits.slice(0, -8))}.${digits.slice(-8)}`;
}

/** Without trailing zeros, for sentences and buttons: `0.184`, `12`. */
export const shortBtcText = (amount: string | bigint): string => btcText(amount).replace(/\.?0+$/, '');

/** `18,400,000`. */
export function satsText(amount: string | bigint): string {
  const sats = toBigInt(amount);
  return `${sats < 0n ? '\u2212' : ''}${grouped(String(sats < 0n ? -sats : sats))}`;
}

/** With an explicit sign, for books: `+0.01000000`. */
export const signedBtcText = (amount: string | bigint): string => (toBigInt(amount) > 0n ? `+${btcText(amount)}` : btcText(amount));

/**
 * Satoshis as a decimal string from what a person typed in BTC, or `null` when it is no amount.
 * The host parses and bounds it again; this is only for filling in the form.
 */
export function satsFromBtc(typed: string): string | null {
  const match = /^(\d{1,8})(?:\.(\d{1,8}))?$/.exec(typed.trim());
  if (match === null) return null;
  return String(BigInt(match[1] as string) * 100_000_000n + BigInt((match[2] ?? '').padEnd(8, '0')));
}

/** `1 input`, `3 inputs`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;

/** A percentage as the host gives it; what rounds to nothing is still something. */
export function percentText(percent: string | null): string {
  if (percent === null) return 'nothing to compare with';
  return percent === '0.00' ? 'under 0.01 %' : `${percent} %`;
}
