import { parseBtc, parseSats, ZERO_SATS, type Sats } from '../../domain/amount.ts';
import { toHex } from '../../domain/bytes.ts';
import type { NetworkName } from '../../domain/network.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { scriptOfAddress } from '../../wallet/address.ts';
import { parseCsv } from './csv.ts';

/** One payment that somebody ordered. */
export interface Payment {
  /** Line of the payments file, counted from 1, its header included. */
  readonly line: number;
  readonly address: string;
  readonly scriptPubKey: Uint8Array;
  readonly amountSats: Sats;
  /** What the books say of it: an invoice number, a name. May be empty. */
  readonly reference: string;
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

/** Why a line of a payments file cannot be used. */
export type PaymentFault =
  | 'header' | 'no-payments' | 'too-many' | 'stray-quote' | 'open-quote' | 'column-count' | 'address' | 'amount' | 'amount-zero' | 'reference';

/** The most payments of one file: more would not fit a transaction that nodes relay. */
const MAX_PAYMENTS = 2_500;
const MAX_REFERENCE_LENGTH = 200;
/** How many faults an error lists by line; the count is always complete. */
const LISTED_FAULTS = 50;

type Unit = 'sats' | 'btc';
interface Columns {
  readonly address: number;
  readonly amount: number;
  readonly reference: number | null;
  readonly count: number;
  readonly unit: Unit;
}

/**
 * The payments of a CSV file. Its header names the columns, in any order: `address`, `amount_sats` or `amount_btc`, and
 * `reference` (optional). The unit stands in the header and nowhere else, so that no line can be read in another one.
 * @throws StrongroomError `payments.malformed` with every fault: `count`, and `faults` as `line:reason` parted by blanks
 */
export function parsePayments(text: string, network: NetworkName): Payments {
  const { records, faults: csvFaults } = parseCsv(text);
  const faults: { line: number; reason: PaymentFault }[] = [...csvFaults];
  const [header, ...rows] = records;
  const columns = header === undefined ? null : columnsOf(header.fields);
  if (columns === null) throw malformed([{ line: header?.line ?? 1, reason: 'header' }]);
  if (rows.length === 0 && faults.length === 0) throw malformed([{ line: (header?.line ?? 1) + 1, reason: 'no-payments' }]);
  if (rows.length > MAX_PAYMENTS) throw malformed([{ line: rows[MAX_PAYMENTS]?.line ?? 1, reason: 'too-many' }]);

  const payments: Payment[] = [];
  for (const { line, fields } of rows) {
    const lineFaults: PaymentFault[] = [];
    if (fields.length !== columns.count) {
      faults.push({ line, reason: 'column-count' });
      continue;
    }
    const address = (fields[columns.address] as string).trim();
    const scriptPubKey = attempt(() => scriptOfAddress(address, network));
    if (scriptPubKey === null) lineFaults.push('address');
    const amountText = (fields[columns.amount] as string).trim();
    const amountSats = attempt(() => (columns.unit === 'sats' ? parseSats(amountText) : parseBtc(amountText)));
    if (amountSats === null) lineFaults.push('amount');
    else if (amountSats === ZERO_SATS) lineFaults.push('amount-zero');
    const reference = columns.reference === null ? '' : (fields[columns.reference] as string).trim();
    // Control and format characters could make the books show something else than they hold.
    if (reference.length > MAX_REFERENCE_LENGTH || /\p{C}/u.test(reference)) lineFaults.push('reference');
    if (lineFaults.length === 0 && scriptPubKey !== null && amountSats !== null) payments.push({ line, address, scriptPubKey, amountSats, reference });
    faults.push(...lineFaults.map((reason) => ({ line, reason })));
  }
  if (faults.length > 0) throw malformed(faults);
  return { payments, notes: notesOf(payments) };
}

function columnsOf(header: readonly string[]): Columns | null {
  const names = header.map((name) => name.trim().toLowerCase());
  const known = new Set(['address', 'amount_sats', 'amount_btc', 'reference']);
  const isClear = names.every((name) => known.has(name)) && new Set(names).size === names.length;
  const hasOneUnit = names.includes('amount_sats') !== names.includes('amount_btc');
  if (!isClear || !hasOneUnit || !names.includes('address')) return null;
  const unit: Unit = names.includes('amount_sats') ? 'sats' : 'btc';
  const reference = names.indexOf('reference');
  return { address: names.indexOf('address'), amount: names.indexOf(`amount_${unit}`), reference: reference < 0 ? null : reference, count: names.length, unit };
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
    const identical = [...Map.groupBy(sameScript, (payment) => `${payment.amountSats} ${payment.reference}`).values()].filter((group) => group.length > 1);
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
    'Correct every line named. The header is address,amount_sats,reference or address,amount_btc,reference.',
  );
}
