import type { Progress, WireError } from '../../../src/host/contract.ts';
import { isQuorumScript, maxCosigners, scriptWords, usualScriptOf, type WalletScript } from '../../../src/host/wallet-scripts.ts';
import type { Answer, CompanionHost } from '../../host/client.ts';
import type { ListedAddress } from '../../wallet/address-table.tsx';
import type { ForeignDraft, ReadWallet } from '../../wallet/foreign-wallet.ts';
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

/** The formats that are offered, the most usual first. */
export const exportFormats = ['descriptor', 'coldcard', 'bsms', 'sparrow', 'specter', 'caravan', 'electrum', 'core', 'bip388', 'ur', 'strongroom'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** A wallet in another format: being written, written, or refused by that format's limits. */
export interface Exporting {
  readonly format: ExportFormat;
  readonly written: Answer<'wallet.export', CompanionHost> | null;
  readonly error: WireError | null;
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
      readonly exporting: Exporting | null;
    }
  | { readonly stage: 'importing'; readonly draft: ForeignDraft; readonly read: ReadWallet | null; readonly isBusy: boolean; readonly error: WireError | null }
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
  /** A file is read, for the first time or again with what a person said. */
  | { readonly type: 'import-begun'; readonly draft: ForeignDraft }
  | { readonly type: 'import-changed'; readonly part: Partial<ForeignDraft> }
  | { readonly type: 'import-read'; readonly read: ReadWallet }
  | { readonly type: 'export-chosen'; readonly format: ExportFormat }
  | { readonly type: 'export-written'; readonly written: NonNullable<Exporting['written']> }
  | { readonly type: 'export-refused'; readonly error: WireError }
  | { readonly type: 'left' };

export const walletShelf = (selected: string | null): WalletsState => ({ stage: 'shelf', selected, syncing: null, addresses: [], error: null, savedAs: null, exporting: null });

export function walletsTransition(state: WalletsState, event: WalletsEvent): WalletsState {
  if (event.type === 'create-begun') return { stage: 'creating', draft: { name: '', network: event.network, script: 'p2wsh', isScriptChosen: false, required: 2, cosigners: [] }, problems: [], isBusy: false, error: null };
  if (event.type === 'import-begun') return { stage: 'importing', draft: event.draft, read: state.stage === 'importing' ? state.read : null, isBusy: true, error: null };
  if (event.type === 'left') return walletShelf(null);
  if (event.type === 'selected') return state.stage === 'shelf' && state.selected === event.walletId ? state : walletShelf(event.walletId);
  if (state.stage === 'importing') return importTransition(state, event);
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
    case 'export-chosen':
      return { ...state, exporting: { format: event.format, written: null, error: null }, savedAs: null };
    case 'export-written':
      // An answer for a format that is not asked for any more.
      return state.exporting?.format === event.written.format ? { ...state, exporting: { ...state.exporting, written: event.written } } : state;
    case 'export-refused':
      return state.exporting === null ? state : { ...state, exporting: { ...state.exporting, written: null, error: event.error } };
    default:
      return state;
  }
}

function importTransition(state: Extract<WalletsState, { stage: 'importing' }>, event: WalletsEvent): WalletsState {
  switch (event.type) {
    case 'import-changed':
      return { ...state, draft: { ...state.draft, ...event.part } };
    case 'import-read':
      return { ...state, read: event.read, isBusy: false, error: null };
    case 'failed':
      // What was read before with other choices is not this file's wallet any more; where only keeping it failed, it still is.
      return { ...state, read: event.error.code === 'file.exists' ? state.read : null, isBusy: false, error: event.error };
    default:
      return state;
  }
}

/**
 * The cosigner that a file of keys stands for. Of an export with a key for each script type, the one for the type that is made, or
 * the only one.
 * @returns `null` where the file has several keys and none is for that type
 */
export function draftOfKeys(fileName: string, keys: Answer<'key.read', CompanionHost>['keys'], script: WalletScript): CosignerDraft | null {
  const key = keys.length === 1 ? keys[0] : keys.find((each) => each.script === script) ?? keys.find((each) => each.script === null && usualScriptOf(each.path) === script);
  if (key === undefined) return null;
  const name = key.label ?? fileName.replace(/\.(ur\.)?[^.]*$/, '').replace(/[.-]key-record$/, '').replace(/-p2[a-z0-9-]+$/, '').replace(/-[0-9a-f]{8}$/i, '');
  return { label: name === '' ? 'Cosigner' : `${name.charAt(0).toUpperCase()}${name.slice(1)}`, record: key.record, fingerprint: key.fingerprint, path: key.path };
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
