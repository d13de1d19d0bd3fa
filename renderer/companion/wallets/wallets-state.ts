import type { Progress, WireError } from '../../../src/host/contract.ts';
import type { ListedAddress } from '../../wallet/address-table.tsx';
import type { NetworkName } from '../../frame/networks.ts';

export interface CosignerDraft {
  readonly label: string;
  readonly record: string;
  /** From the record's text, to be compared with the signer's screen. */
  readonly fingerprint: string;
}

export interface WalletDraft {
  readonly name: string;
  readonly network: NetworkName;
  readonly required: number;
  readonly cosigners: readonly CosignerDraft[];
}

/** The workspace of watch-only wallets. */
export type WalletsState =
  | {
      readonly stage: 'shelf';
      /** Wallet id of the wallet that is looked at. */
      readonly selected: string | null;
      /** `null` unless a sync is under way. */
      readonly syncing: Progress | null;
      readonly addresses: readonly ListedAddress[];
      readonly error: WireError | null;
      readonly savedAs: string | null;
    }
  | { readonly stage: 'creating'; readonly draft: WalletDraft; readonly problems: readonly string[]; readonly isBusy: boolean; readonly error: WireError | null };

export type WalletsEvent =
  | { readonly type: 'selected'; readonly walletId: string }
  | { readonly type: 'sync-moved'; readonly progress: Progress }
  | { readonly type: 'sync-ended' }
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'addresses-derived'; readonly addresses: readonly ListedAddress[] }
  | { readonly type: 'copy-saved'; readonly savedAs: string }
  | { readonly type: 'create-begun'; readonly network: NetworkName }
  | { readonly type: 'draft-changed'; readonly draft: WalletDraft }
  | { readonly type: 'records-read'; readonly cosigners: readonly CosignerDraft[]; readonly problems: readonly string[] }
  | { readonly type: 'creating' }
  | { readonly type: 'left' };

export const walletShelf = (selected: string | null): WalletsState => ({ stage: 'shelf', selected, syncing: null, addresses: [], error: null, savedAs: null });

export function walletsTransition(state: WalletsState, event: WalletsEvent): WalletsState {
  if (event.type === 'create-begun') return { stage: 'creating', draft: { name: '', network: event.network, required: 2, cosigners: [] }, problems: [], isBusy: false, error: null };
  if (event.type === 'left') return walletShelf(null);
  if (event.type === 'selected') return state.stage === 'shelf' && state.selected === event.walletId ? state : walletShelf(event.walletId);
  if (state.stage === 'creating') {
    switch (event.type) {
      case 'draft-changed':
        return { ...state, draft: event.draft, error: null };
      case 'records-read': {
        const { draft } = state;
        const fresh = event.cosigners.filter((cosigner) => !draft.cosigners.some((known) => known.record === cosigner.record));
        return { ...state, draft: { ...draft, cosigners: [...draft.cosigners, ...fresh] }, problems: event.problems, error: null };
      }
      case 'creating':
        return { ...state, isBusy: true, error: null };
      case 'failed':
        return { ...state, isBusy: false, error: event.error };
      default:
        return state;
    }
  }
  switch (event.type) {
    case 'sync-moved':
      return { ...state, syncing: event.progress, error: null, savedAs: null };
    case 'sync-ended':
      return { ...state, syncing: null };
    case 'failed':
      return { ...state, syncing: null, error: event.error };
    case 'addresses-derived':
      return { ...state, addresses: event.addresses, error: null };
    case 'copy-saved':
      return { ...state, savedAs: event.savedAs, error: null };
    default:
      return state;
  }
}

/** A key record's text in a file: `[fingerprint/path]xpub`, or `null`. The host parses and checks it. */
export function draftOfRecord(fileName: string, text: string): CosignerDraft | null {
  const match = /\[([0-9a-fA-F]{8})(?:\/[0-9]+[hH']?)*\][1-9A-HJ-NP-Za-km-z]{100,120}/.exec(text);
  if (match === null) return null;
  const label = fileName.replace(/\.[^.]*$/, '').replace(/[.-]key-record$/, '').replace(/-[0-9a-f]{8}$/i, '');
  return { label: label === '' ? 'Cosigner' : `${label.charAt(0).toUpperCase()}${label.slice(1)}`, record: match[0], fingerprint: (match[1] as string).toLowerCase() };
}

/** Why the wallet cannot be made yet, or `null`. */
export function draftProblem(draft: WalletDraft): string | null {
  if (draft.cosigners.length === 0) return 'Add the key records of the cosigners first.';
  if (draft.name.trim() === '') return 'Give the wallet a name.';
  if (draft.cosigners.some((cosigner) => cosigner.label.trim() === '')) return 'Give every cosigner a label.';
  if (draft.required < 1 || draft.required > draft.cosigners.length) return `A quorum of ${draft.required} needs at least ${draft.required} cosigners; there are ${draft.cosigners.length}.`;
  return null;
}
