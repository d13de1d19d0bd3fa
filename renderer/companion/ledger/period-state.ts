import type { Progress, WireError } from '../../../src/host/contract.ts';
import type { Answer, CompanionHost } from '../../host/client.ts';

export type Closed = Answer<'ledger.close', CompanionHost>;
export type Closes = Answer<'ledger.closes', CompanionHost>['periods'];
export type CloseCheck = Answer<'ledger.verify-close', CompanionHost>;

/** Closing periods, and proving closes. */
export interface PeriodState {
  readonly from: string;
  readonly to: string;
  readonly closes: Closes | null;
  readonly closed: Closed | null;
  readonly checked: CloseCheck | null;
  readonly progress: Progress | null;
  readonly error: WireError | null;
  readonly savedAs: readonly string[];
}

export type PeriodEvent =
  | { readonly type: 'typed'; readonly from?: string; readonly to?: string }
  | { readonly type: 'working'; readonly progress: Progress }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'found'; readonly found: Partial<Pick<PeriodState, 'closes' | 'closed' | 'checked'>> }
  | { readonly type: 'saved'; readonly savedAs: string };

export const noPeriod: PeriodState = { from: '', to: '', closes: null, closed: null, checked: null, progress: null, error: null, savedAs: [] };

export function periodTransition(state: PeriodState, event: PeriodEvent): PeriodState {
  switch (event.type) {
    case 'typed':
      return { ...state, from: event.from ?? state.from, to: event.to ?? state.to };
    case 'working':
      return { ...state, progress: event.progress, error: null };
    case 'stopped':
      return { ...state, progress: null };
    case 'failed':
      return { ...state, progress: null, error: event.error };
    case 'found':
      // What was saved belongs to the close that was made before.
      return { ...state, ...event.found, progress: null, savedAs: event.found.closed === undefined ? state.savedAs : [] };
    case 'saved':
      return { ...state, savedAs: [...state.savedAs, event.savedAs] };
  }
}
