import type { Progress, WireError } from '../../../src/host/contract.ts';
import { isQuorumScript, maxCosigners, scriptWords, usualScriptOf, type WalletScript } from '../../../src/host/wallet-scripts.ts';
import type { ListedAddress } from '../../wallet/address-table.tsx';
import type { NetworkName } from '../../frame/networks.ts';

export interface CosignerDraft {
  readonly label: string;
  readonly record: string;
  /** From the record's text, to be compared with the signer's screen. */
  readonly fingerprint: string;
  /** As the record states it, without its first slash: what the key was exported for, by habit. */
  readonly path: string;
}

export interface WalletDraft {
  readonly name: string;
  readonly network: NetworkName;
  readonly script: WalletScript;
  /** Whether a person chose the script type; until then it follows the key records. */
  readonly isScriptChosen: boolean;
  /** Of a quorum. */
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
  if (event.type === 'create-begun') return { stage: 'creating', draft: { name: '', network: event.network, script: 'p2wsh', isScriptChosen: false, required: 2, cosigners: [] }, problems: [], isBusy: false, error: null };
  if (event.type === 'left') return walletShelf(null);
  if (event.type === 'selected') return state.stage === 'shelf' && state.selected === event.walletId ? state : walletShelf(event.walletId);
  if (state.stage === 'creating') {
    switch (event.type) {
      case 'draft-changed':
        return { ...state, draft: event.draft, error: null };
      case 'records-read': {
        const { draft } = state;
        const fresh = event.cosigners.filter((cosigner) => !draft.cosigners.some((known) => known.record === cosigner.record));
        return { ...state, draft: withUsualScript({ ...draft, cosigners: [...draft.cosigners, ...fresh] }), problems: event.problems, error: null };
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
  const match = /\[([0-9a-fA-F]{8})((?:\/[0-9]+[hH']?)*)\][1-9A-HJ-NP-Za-km-z]{100,120}/.exec(text);
  if (match === null) return null;
  const label = fileName.replace(/\.[^.]*$/, '').replace(/[.-]key-record$/, '').replace(/-p2[a-z0-9-]+$/, '').replace(/-[0-9a-f]{8}$/i, '');
  return { label: label === '' ? 'Cosigner' : `${label.charAt(0).toUpperCase()}${label.slice(1)}`, record: match[0], fingerprint: (match[1] as string).toLowerCase(), path: (match[2] as string).slice(1) };
}

/** Takes the script type that all key records are for, where they agree and nobody chose another. */
function withUsualScript(draft: WalletDraft): WalletDraft {
  const [usual, ...others] = new Set(draft.cosigners.map(({ path }) => usualScriptOf(path)));
  return draft.isScriptChosen || usual === undefined || usual === null || others.length > 0 ? draft : { ...draft, script: usual };
}

/** Cosigners whose key was exported for another script type, by its path. */
export const otherAccounts = ({ cosigners, script }: WalletDraft): readonly { readonly label: string; readonly path: string; readonly usual: WalletScript }[] =>
  cosigners.flatMap(({ label, path }) => {
    const usual = usualScriptOf(path);
    return usual === null || usual === script ? [] : [{ label, path, usual }];
  });

/** How many must sign. */
export const requiredOf = ({ script, required }: WalletDraft): number => (isQuorumScript(script) ? required : 1);

/** Why the wallet cannot be made yet, or `null`. */
export function draftProblem(draft: WalletDraft): string | null {
  if (draft.cosigners.length === 0) return 'Add the key records of the cosigners first.';
  if (draft.name.trim() === '') return 'Give the wallet a name.';
  if (draft.cosigners.some((cosigner) => cosigner.label.trim() === '')) return 'Give every cosigner a label.';
  const { name } = scriptWords[draft.script];
  const most = maxCosigners(draft.script);
  if (draft.cosigners.length > most) return most === 1 ? `A ${name} wallet has one key; there are ${draft.cosigners.length} key records. Remove the others, or choose a quorum.` : `A ${name} wallet has at most ${most} keys; there are ${draft.cosigners.length}.`;
  if (!isQuorumScript(draft.script)) return null;
  if (draft.required < 1 || draft.required > draft.cosigners.length) return `A quorum of ${draft.required} needs at least ${draft.required} cosigners; there are ${draft.cosigners.length}.`;
  return null;
}
