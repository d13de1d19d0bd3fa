import type { WireError } from '../../../src/host/contract.ts';
import type { Answer, SignerHost } from '../../host/client.ts';
import type { ForeignDraft, ReadWallet } from '../../wallet/foreign-wallet.ts';
import type { ListedAddress } from '../../wallet/address-table.tsx';

export type Registered = Answer<'wallet.register', SignerHost>;

/** The workspace where a wallet is bound to a key, after a person compared its policy id. */
export type WalletsState =
  | {
      readonly stage: 'shelf';
      /** File name of the registration that is looked at. */
      readonly selected: string | null;
      readonly addresses: readonly ListedAddress[];
      readonly branch: 'receive' | 'change';
      readonly isBusy: boolean;
      readonly error: WireError | null;
      readonly savedAs: string | null;
    }
  /** A file that leaves something open, or cannot be read. */
  | { readonly stage: 'reading'; readonly draft: ForeignDraft; readonly isBusy: boolean; readonly error: WireError | null }
  | {
      readonly stage: 'comparing';
      readonly draft: ForeignDraft;
      readonly read: ReadWallet;
      readonly keyHandle: string | null;
      /** What was typed of the eight words. */
      readonly typed: string;
      readonly isBusy: boolean;
      readonly error: WireError | null;
    };

export type WalletsEvent =
  | { readonly type: 'selected'; readonly name: string }
  | { readonly type: 'reading'; readonly draft: ForeignDraft }
  | { readonly type: 'draft-changed'; readonly part: Partial<ForeignDraft> }
  | { readonly type: 'opened'; readonly draft: ForeignDraft; readonly read: ReadWallet; readonly keyHandle: string | null }
  | { readonly type: 'key-chosen'; readonly keyHandle: string }
  | { readonly type: 'words-typed'; readonly typed: string }
  | { readonly type: 'working' }
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'registered'; readonly name: string }
  | { readonly type: 'branch-chosen'; readonly branch: 'receive' | 'change' }
  | { readonly type: 'addresses-derived'; readonly addresses: readonly ListedAddress[] }
  | { readonly type: 'copy-saved'; readonly savedAs: string }
  | { readonly type: 'left' };

export const registrationsStage = (selected: string | null): WalletsState => ({ stage: 'shelf', selected, addresses: [], branch: 'receive', isBusy: false, error: null, savedAs: null });

/** Words typed so far, of eight. */
export const wordsTyped = (typed: string): number => typed.trim().split(/[\s-]+/).filter((word) => word !== '').length;

export function walletsTransition(state: WalletsState, event: WalletsEvent): WalletsState {
  switch (event.type) {
    case 'selected':
    case 'registered':
      return registrationsStage(event.name);
    case 'reading':
      return { stage: 'reading', draft: event.draft, isBusy: true, error: null };
    case 'opened':
      return { stage: 'comparing', draft: event.draft, read: event.read, keyHandle: event.keyHandle, typed: '', isBusy: false, error: null };
    case 'working':
      return { ...state, isBusy: true, error: null };
    case 'failed':
      return { ...state, isBusy: false, error: event.error };
    case 'left':
      return registrationsStage(state.stage === 'shelf' ? state.selected : null);
    default:
      break;
  }
  if (state.stage === 'reading') return event.type === 'draft-changed' ? { ...state, draft: { ...state.draft, ...event.part } } : state;
  if (state.stage === 'comparing') {
    if (event.type === 'words-typed') return { ...state, typed: event.typed, error: null };
    if (event.type === 'key-chosen') return { ...state, keyHandle: event.keyHandle, error: null };
    return state;
  }
  if (event.type === 'branch-chosen') return { ...state, branch: event.branch, addresses: [] };
  // An answer for the other branch came too late.
  if (event.type === 'addresses-derived') return event.addresses.every((address) => address.branch === state.branch) ? { ...state, addresses: event.addresses, isBusy: false, error: null } : state;
  if (event.type === 'copy-saved') return { ...state, savedAs: event.savedAs };
  return state;
}

/** Why the wallet cannot be registered yet, or `null`. */
export function registerProblem(state: Extract<WalletsState, { stage: 'comparing' }>): string | null {
  if (state.keyHandle === null) return 'None of the unlocked keys is a cosigner of this wallet. Unlock one of them first.';
  const typed = wordsTyped(state.typed);
  return typed === 8 ? null : `${typed} of 8 words typed.`;
}
