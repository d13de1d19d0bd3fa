import { ZERO_SATS, type Sats } from '../../domain/amount.ts';
import { toHex } from '../../domain/bytes.ts';
import { chainParameters, type NetworkName } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { scriptOfAddress } from '../../wallet/address.ts';
import { parseAmount, parseAmountWithUnit, type AmountFault } from './amount-text.ts';
import { parseCsv } from './csv.ts';
import { isPaymentUri, parsePaymentUri, type UriFault } from './payment-uri.ts';

/** One payment that somebody ordered. */
export interface Payment {
  /** Line of the payments file, counted from 1, its header included. */
  readonly line: number;
  readonly address: string;
  readonly scriptPubKey: Uint8Array;
  readonly amountSats: Sats;
  /** What the books say of it: an invoice number, a name. May be empty. */
  readonly reference: string;
  /** Whom the books charge with it; left out where the file names none. */
  readonly costCode?: string;
}

/** What a person should look at before paying: not wrong by itself. */
export interface PaymentNote {
  /** `payments.duplicate`: the same address, amount and reference twice; `payments.same-address`: only the address. */
  readonly code: 'payments.duplicate' | 'payments.same-address';
  readonly lines: readonly number[];
}

export interface Payments {
  readonly payments: readonly Payment[];
  readonly notes: readonly PaymentNote[];
}

/**
 * Why a line of a payments file cannot be used. `amount-missing`: neither the column nor the URI has one; `amount-conflict`: both do,
 * and they differ.
 */
export type PaymentFault =
  | 'header' | 'no-payments' | 'too-many' | 'stray-quote' | 'open-quote' | 'column-count' | 'address' | 'amount-zero' | 'amount-missing' | 'amount-conflict'
  | 'reference' | 'cost-code' | AmountFault | UriFault;

/** The most payments of one file: more would not fit a transaction that nodes relay. */
const MAX_PAYMENTS = 2_500;
const MAX_REFERENCE_LENGTH = 200;
const MAX_COST_CODE_LENGTH = 60;
/** How many faults an error lists by line; the count is always complete. */
const LISTED_FAULTS = 50;

/** `sats` and `coin`: the header names the unit; `line`: each line does; `uri`: there is no column, the URIs have the amounts. */
type AmountForm = 'sats' | 'coin' | 'line' | 'uri';
interface Columns {
  readonly address: number;
  readonly amount: number | null;
  readonly unit: number | null;
  readonly reference: number | null;
  readonly costCode: number | null;
  readonly count: number;
  readonly form: AmountForm;
}

/**
 * The payments of a CSV file. Its header names the columns, in any order: `address`, which takes payment URIs (BIP21) too; one of
 * `amount_sats`, `amount_btc` (the coin's own ticker) or `amount`, or none where every URI has its amount; `unit` beside `amount`;
 * `reference` and `cost_code` (optional). Every amount has its unit in the header, in its column or behind the number, so that no line
 * can be read in another one.
 * @throws StrongroomError `payments.malformed` with every fault: `count`, and `faults` as `line:reason` parted by blanks
 */
export function parsePayments(text: string, network: NetworkName): Payments {
  const { records, faults: csvFaults } = parseCsv(text);
  const faults: { line: number; reason: PaymentFault }[] = [...csvFaults];
  const [header, ...rows] = records;
  const columns = header === undefined ? null : columnsOf(header.fields, network);
  if (columns === null) throw malformed([{ line: header?.line ?? 1, reason: 'header' }]);
  if (rows.length === 0 && faults.length === 0) throw malformed([{ line: (header?.line ?? 1) + 1, reason: 'no-payments' }]);
  if (rows.length > MAX_PAYMENTS) throw malformed([{ line: rows[MAX_PAYMENTS]?.line ?? 1, reason: 'too-many' }]);

  const payments: Payment[] = [];
  for (const { line, fields } of rows) {
    const read = fields.length === columns.count ? readLine(line, fields.map((field) => field.trim()), columns, network) : (['column-count'] as const);
    if ('address' in read) payments.push(read);
    else faults.push(...read.map((reason) => ({ line, reason })));
  }
  if (faults.length > 0) throw malformed(faults);
  return { payments, notes: notesOf(payments) };
}

/** The payment of a line, or everything that is wrong with it. */
function readLine(line: number, fields: readonly string[], columns: Columns, network: NetworkName): Payment | readonly PaymentFault[] {
  const faults: PaymentFault[] = [];
  const at = (column: number | null): string => (column === null ? '' : (fields[column] as string));
  const payee = payeeOf(at(columns.address), network);
  if (typeof payee === 'string') faults.push(payee);
  const scriptPubKey = typeof payee === 'string' ? null : attempt(() => scriptOfAddress(payee.address, network));
  if (typeof payee !== 'string' && scriptPubKey === null) faults.push('address');

  const stated = statedAmount(at(columns.amount), columns.unit === null ? null : at(columns.unit), columns.form, network);
  const asked = typeof payee === 'string' ? null : payee.amountSats;
  const amountSats = typeof stated === 'string' ? null : (stated ?? asked);
  if (typeof stated === 'string') faults.push(stated);
  else if (stated !== null && asked !== null && stated !== asked) faults.push('amount-conflict');
  // A URI that cannot be read may have held the amount.
  else if (amountSats === null && typeof payee !== 'string') faults.push(columns.form === 'uri' || asked !== null || isPaymentUri(at(columns.address)) ? 'amount-missing' : 'amount');
  else if (amountSats === ZERO_SATS) faults.push('amount-zero');

  const reference = at(columns.reference);
  const costCode = at(columns.costCode);
  // Control and format characters could make the books show something else than they hold.
  if (reference.length > MAX_REFERENCE_LENGTH || /\p{C}/u.test(reference)) faults.push('reference');
  if (costCode.length > MAX_COST_CODE_LENGTH || /\p{C}/u.test(costCode)) faults.push('cost-code');
  if (faults.length > 0 || typeof payee === 'string' || scriptPubKey === null || amountSats === null) return faults;
  return { line, address: payee.address, scriptPubKey, amountSats, reference, ...(costCode === '' ? {} : { costCode }) };
}

const payeeOf = (text: string, network: NetworkName) => (isPaymentUri(text) ? parsePaymentUri(text, network) : { address: text, amountSats: null });

/** The amount of the columns; `null` where they leave it to the URI. */
function statedAmount(text: string, unitText: string | null, form: AmountForm, network: NetworkName): Sats | AmountFault | null {
  if (text === '' || form === 'uri') return null;
  return form === 'line' ? parseAmountWithUnit(text, unitText, network) : (parseAmount(text, form, network) ?? 'amount');
}

function columnsOf(header: readonly string[], network: NetworkName): Columns | null {
  const names = header.map((name) => name.trim().toLowerCase());
  const amountIn: Readonly<Record<string, AmountForm>> = { amount_sats: 'sats', [`amount_${chainParameters(network).unit.toLowerCase()}`]: 'coin', amount: 'line' };
  const known = new Set(['address', 'unit', 'reference', 'cost_code', ...Object.keys(amountIn)]);
  const isClear = names.every((name) => known.has(name)) && new Set(names).size === names.length;
  const [amount, second] = names.filter((name) => name in amountIn);
  const form = amount === undefined ? 'uri' : (amountIn[amount] as AmountForm);
  if (!isClear || second !== undefined || !names.includes('address') || (names.includes('unit') && form !== 'line')) return null;
  const at = (name: string): number | null => (names.includes(name) ? names.indexOf(name) : null);
  return { address: names.indexOf('address'), amount: amount === undefined ? null : at(amount), unit: at('unit'), reference: at('reference'), costCode: at('cost_code'), count: names.length, form };
}

/** The value, or `null` where making it is refused by name. */
function attempt<T>(make: () => T): T | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof StrongroomError) return null;
    throw error;
  }
}

function notesOf(payments: readonly Payment[]): readonly PaymentNote[] {
  const byScript = Map.groupBy(payments, (payment) => toHex(payment.scriptPubKey));
  const notes: PaymentNote[] = [];
  for (const sameScript of byScript.values()) {
    if (sameScript.length < 2) continue;
    const identical = [...Map.groupBy(sameScript, (payment) => `${payment.amountSats} ${payment.reference} ${payment.costCode ?? ''}`).values()].filter((group) => group.length > 1);
    for (const group of identical) notes.push({ code: 'payments.duplicate', lines: group.map((payment) => payment.line) });
    const isAllOneOrder = identical[0]?.length === sameScript.length;
    if (!isAllOneOrder) notes.push({ code: 'payments.same-address', lines: sameScript.map((payment) => payment.line) });
  }
  return notes;
}

function malformed(faults: readonly { readonly line: number; readonly reason: PaymentFault }[]): StrongroomError {
  const ordered = [...faults].sort((a, b) => a.line - b.line);
  const listed = ordered.slice(0, LISTED_FAULTS).map((fault) => `${fault.line}:${fault.reason}`).join(' ');
  const [first] = ordered as [{ line: number; reason: PaymentFault }];
  return new StrongroomError(
    'payments.malformed',
    `The payments file has ${ordered.length === 1 ? 'a fault' : `${ordered.length} faults`}; the first is on line ${first.line}.`,
    { count: ordered.length, firstLine: first.line, firstReason: first.reason, faults: listed },
    'Correct every line named. The header is address,amount_sats,reference or address,amount,unit,reference; cost_code may be added, and addresses may be payment URIs.',
  );
}
