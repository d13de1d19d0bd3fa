import type { WireError } from '../../../src/host/contract.ts';
import type { Answer, CompanionHost } from '../../host/client.ts';
import type { Entry } from './entry-words.ts';

/** Notes of one transaction, and who changed them. */
export type Notes = Pick<Answer<'ledger.annotate', CompanionHost>, 'notes' | 'changes'>;

export interface EntryFilter {
  readonly text: string;
  readonly walletId: string;
  readonly kind: '' | Entry['kind'];
  readonly state: '' | Entry['state'];
}

/** The entries that are looked at: a page at a time, so that books of a million lines open at once. */
export interface LedgerPage {
  readonly filter: EntryFilter;
  readonly entries: readonly Entry[];
  /** Where the list goes on; `null` where this is all. */
  readonly next: string | null;
  readonly isBusy: boolean;
  readonly error: WireError | null;
  /** The entry that a note is written to. */
  readonly noting: { readonly txid: string; readonly reference: string; readonly costCode: string; readonly changes: Notes['changes'] } | null;
}

export type LedgerPageEvent =
  | { readonly type: 'filtered'; readonly filter: Partial<EntryFilter> }
  | { readonly type: 'reading' }
  | { readonly type: 'read'; readonly entries: readonly Entry[]; readonly next: string | null; readonly isMore: boolean }
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'noting'; readonly txid: string; readonly notes: Notes }
  | { readonly type: 'typed'; readonly reference?: string; readonly costCode?: string }
  | { readonly type: 'noted' };

export const firstPage: LedgerPage = { filter: { text: '', walletId: '', kind: '', state: '' }, entries: [], next: null, isBusy: false, error: null, noting: null };

export function ledgerPageTransition(page: LedgerPage, event: LedgerPageEvent): LedgerPage {
  switch (event.type) {
    case 'filtered':
      return { ...page, filter: { ...page.filter, ...event.filter } };
    case 'reading':
      return { ...page, isBusy: true, error: null };
    case 'read':
      return { ...page, entries: event.isMore ? [...page.entries, ...event.entries] : event.entries, next: event.next, isBusy: false };
    case 'failed':
      return { ...page, isBusy: false, error: event.error };
    case 'noting':
      return { ...page, error: null, noting: { txid: event.txid, reference: notedText(event.notes, 'reference'), costCode: notedText(event.notes, 'cost-code'), changes: event.notes.changes } };
    case 'typed':
      return page.noting === null ? page : { ...page, noting: { ...page.noting, reference: event.reference ?? page.noting.reference, costCode: event.costCode ?? page.noting.costCode } };
    case 'noted':
      return { ...page, error: null, noting: null };
  }
}

/** What was noted of a transaction as a whole. What its payments were booked for is no note, and stays beside it. */
const notedText = ({ notes }: Notes, field: Notes['notes'][number]['field']): string => notes.find((note) => note.vout === null && note.field === field)?.text ?? '';

/** What is asked of the books. */
export function questionOf({ filter, next }: Pick<LedgerPage, 'filter' | 'next'>, isMore: boolean) {
  const { text, walletId, kind, state } = filter;
  return {
    walletId: walletId === '' ? null : walletId, text: text.trim() === '' ? null : text.trim(), kind: kind === '' ? null : kind, state: state === '' ? null : state,
    newestFirst: true, limit: PAGE_ENTRIES, after: isMore ? next : null,
  };
}

/** As many as a person looks through before asking for more. */
export const PAGE_ENTRIES = 100;
