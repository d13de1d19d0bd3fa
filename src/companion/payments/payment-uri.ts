import { parseBtc, type Sats } from '../../domain/amount.ts';
import { chainParameters, type NetworkName } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';

/** What a payment URI asks for. Its words for people (label, message) are the payee's and are not booked. */
export interface PaymentUri {
  readonly address: string;
  /** `null` where the URI leaves the amount open. */
  readonly amountSats: Sats | null;
}

/**
 * Why a URI cannot be used. `uri`: it is none of this chain, or breaks the form. `uri-amount`: its amount is none. `uri-required`: it
 * demands (`req-`) what is not known here, and by BIP21 must not be paid then.
 */
export type UriFault = 'uri' | 'uri-amount' | 'uri-required';

/** What stands before the address, in any case: `bitcoin:`. */
export const isPaymentUri = (text: string): boolean => /^[a-z][a-z0-9+.-]*:/i.test(text);

/**
 * A payment URI: `bitcoin:ADDRESS?amount=0.1&label=...`. The amount is in whole coins. Parameters that are not known are passed over
 * unless they begin with `req-`; an amount that stands twice is refused, since readers differ in which they take.
 * @see BIP21
 */
export function parsePaymentUri(text: string, network: NetworkName): PaymentUri | UriFault {
  const scheme = `${chainParameters(network).uriScheme}:`;
  if (text.slice(0, scheme.length).toLowerCase() !== scheme) return 'uri';
  const [address = '', query, ...rest] = text.slice(scheme.length).split('?');
  // Letters and digits alone: an address needs no escape, and one that uses them means to be misread.
  if (rest.length > 0 || !/^[A-Za-z0-9]+$/.test(address) || /[#\s\p{C}]/u.test(text)) return 'uri';
  let amountSats: Sats | null = null;
  for (const pair of query === undefined || query === '' ? [] : query.split('&')) {
    const [name = '', value] = pair.split('=', 2);
    const key = name.toLowerCase();
    if (key.startsWith('req-')) return 'uri-required';
    if (key !== 'amount') continue;
    if (value === undefined || amountSats !== null || pair.split('=').length !== 2) return 'uri-amount';
    amountSats = amountOrNull(value, network);
    if (amountSats === null) return 'uri-amount';
  }
  return { address, amountSats };
}

function amountOrNull(text: string, network: NetworkName): Sats | null {
  try {
    return parseBtc(text, network);
  } catch (error) {
    if (error instanceof StrongroomError) return null;
    throw error;
  }
}
