import type { Progress, WireError } from '../../../src/host/contract.ts';

/** The workspace of the books. Entries, balances and audits stand in the session: other workspaces look at them too. */
export type LedgerState =
  | { readonly stage: 'reading'; readonly progress: Progress }
  | { readonly stage: 'auditing'; readonly walletId: string; readonly progress: Progress; /** More addresses are watched first. */ readonly isWidening?: boolean }
  | { readonly stage: 'ready'; readonly unsent: readonly string[] }
  | { readonly stage: 'failed'; readonly error: WireError };

export type LedgerEvent =
  | { readonly type: 'reading'; readonly progress: Progress }
  | { readonly type: 'read'; readonly unsent: readonly string[] }
  | { readonly type: 'audit-moved'; readonly walletId: string; readonly progress: Progress; readonly isWidening?: boolean }
  | { readonly type: 'audit-ended' }
  | { readonly type: 'failed'; readonly error: WireError };

export const openBooks: LedgerState = { stage: 'ready', unsent: [] };

export function ledgerTransition(state: LedgerState, event: LedgerEvent): LedgerState {
  switch (event.type) {
    case 'reading':
      return { stage: 'reading', progress: event.progress };
    case 'read':
      return { stage: 'ready', unsent: event.unsent };
    case 'audit-moved':
      return { stage: 'auditing', walletId: event.walletId, progress: event.progress, ...(event.isWidening === true ? { isWidening: true } : {}) };
    case 'audit-ended':
      return state.stage === 'auditing' ? openBooks : state;
    case 'failed':
      return { stage: 'failed', error: event.error };
  }
}
