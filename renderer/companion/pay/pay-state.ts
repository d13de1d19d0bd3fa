import type { WireError } from '../../../src/host/contract.ts';
import type { PlannedPsbt } from '../../review/from-plan.ts';

export interface PayForm {
  /** Wallet id; `null` for the only one. */
  readonly walletId: string | null;
  readonly csv: string;
  /** Name of the file that the payments came from; `null` when they were typed. */
  readonly csvName: string | null;
  readonly feeRate: string;
}

/** The workspace that plans one batched payment out of cold. */
export type PayState =
  | { readonly stage: 'form'; readonly form: PayForm; readonly isBusy: boolean; readonly error: WireError | null }
  | { readonly stage: 'planned'; readonly form: PayForm; readonly planned: PlannedPsbt; readonly savedAs: string | null; readonly error: WireError | null };

export type PayEvent =
  | { readonly type: 'form-changed'; readonly form: PayForm }
  | { readonly type: 'working' }
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'planned'; readonly planned: PlannedPsbt }
  | { readonly type: 'saved'; readonly savedAs: string }
  | { readonly type: 'back' }
  | { readonly type: 'put-away' };

const emptyForm: PayForm = { walletId: null, csv: '', csvName: null, feeRate: '' };
export const newPayment: PayState = { stage: 'form', form: emptyForm, isBusy: false, error: null };

export function payTransition(state: PayState, event: PayEvent): PayState {
  if (event.type === 'put-away') return newPayment;
  if (event.type === 'back') return { stage: 'form', form: state.form, isBusy: false, error: null };
  if (event.type === 'failed') return state.stage === 'form' ? { ...state, isBusy: false, error: event.error } : { ...state, error: event.error };
  if (state.stage === 'form') {
    if (event.type === 'form-changed') return { ...state, form: event.form, error: null };
    if (event.type === 'working') return { ...state, isBusy: true, error: null };
    if (event.type === 'planned') return { stage: 'planned', form: state.form, planned: event.planned, savedAs: null, error: null };
    return state;
  }
  return event.type === 'saved' ? { ...state, savedAs: event.savedAs, error: null } : state;
}

/** A fault of one line of the payments file. */
export interface LineFault {
  readonly line: number;
  readonly reason: string;
}

const reasons: Readonly<Record<string, string>> = {
  header: 'The header must be address,amount_sats,reference or address,amount_btc,reference.',
  'no-payments': 'No payment follows the header.',
  'too-many': 'More payments than one transaction can hold.',
  'stray-quote': 'A quotation mark stands inside an unquoted field.',
  'open-quote': 'A quotation mark is never closed.',
  'column-count': 'The line has more or fewer fields than the header.',
  address: 'Not an address of the wallet\'s network, or a character of it is wrong.',
  amount: 'Not an amount in the unit that the header names.',
  'amount-zero': 'The amount is zero.',
  reference: 'The reference is longer than 200 characters or holds hidden characters.',
};

/** Every fault of a refused payments file, from the error's `faults` ("3:address 7:amount"); empty for other errors. */
export function lineFaults(error: WireError): readonly LineFault[] {
  const { faults } = error.details;
  if (error.code !== 'payments.malformed' || typeof faults !== 'string') return [];
  return faults.split(' ').flatMap((fault) => {
    const match = /^(\d+):([a-z-]+)$/.exec(fault);
    return match === null ? [] : [{ line: Number(match[1]), reason: reasons[match[2] as string] ?? (match[2] as string) }];
  });
}

/** Lines after the header that hold something. For the form only; the host reads the file itself. */
export const paymentLines = (csv: string): number => Math.max(0, csv.split(/\r?\n/).filter((line) => line.trim() !== '').length - 1);
