import type { WireError } from '../../../src/host/contract.ts';
import type { WalletScript } from '../../../src/host/wallet-scripts.ts';
import type { Answer, SignerHost } from '../../host/client.ts';
import type { NetworkName } from '../../frame/networks.ts';
import { ceremonyTransition, newCeremony, type Ceremony, type CeremonyEvent } from './ceremony-state.ts';
import { newRestore, restoreTransition, type Restore, type RestoreEvent } from './restore-state.ts';
import { taskTransition, type KeyTask, type TaskEvent } from './task-state.ts';

export type KeyRecord = Answer<'key.export', SignerHost>;
/** Who reads a public record: most programs the first, some their own. */
export const recordFormats = [
  { value: 'descriptor', name: 'Key record ([fingerprint/path]xpub)' }, { value: 'coldcard', name: 'Coldcard export (JSON)' }, { value: 'bsms', name: 'BSMS record, signed (BIP129)' }, { value: 'ur', name: 'UR (crypto-hdkey)' },
] as const;
export type RecordFormat = (typeof recordFormats)[number]['value'];
export type KeyCopies = Answer<'copies.check', SignerHost>['copies'];

/** The words of an open key: asked for, or uncovered. */
export type UncoveredWords = { readonly step: 'asked' } | { readonly step: 'uncovered'; readonly words: readonly string[] };

/** The workspace where keys are made, opened, copied and closed. */
export type KeysState =
  | {
      readonly stage: 'shelf';
      /** File name of the key that is looked at. */
      readonly selected: string | null;
      readonly passphrase: string;
      readonly isBusy: boolean;
      readonly error: WireError | null;
      /** Of which wallets the public record is to be. */
      readonly script: WalletScript;
      /** How the public record is written. */
      readonly format: RecordFormat;
      /** The public record of the selected key, once it was asked for. */
      readonly record: KeyRecord | null;
      readonly savedAs: string | null;
      readonly words: UncoveredWords | null;
      /** A new passphrase or a child key, in its dialog. */
      readonly task: KeyTask | null;
      /** Where the copies of every key file lie; `null` before it was read. */
      readonly copies: readonly KeyCopies[] | null;
    }
  | { readonly stage: 'creating'; readonly ceremony: Ceremony }
  | { readonly stage: 'restoring'; readonly restore: Restore };

export type KeysEvent =
  | { readonly type: 'selected'; readonly fileName: string }
  | { readonly type: 'passphrase-typed'; readonly passphrase: string }
  | { readonly type: 'working' }
  | { readonly type: 'failed'; readonly error: WireError }
  /** The work is done; whatever was typed for it is dropped. */
  | { readonly type: 'done'; readonly fileName: string }
  | { readonly type: 'script-chosen'; readonly script: WalletScript }
  | { readonly type: 'format-chosen'; readonly format: RecordFormat }
  | { readonly type: 'record-shown'; readonly record: KeyRecord; readonly script: WalletScript; readonly format: RecordFormat }
  | { readonly type: 'record-saved'; readonly savedAs: string }
  | { readonly type: 'copies-read'; readonly copies: readonly KeyCopies[] }
  /** `null`: the dialog was closed without a choice. */
  | { readonly type: 'copies-changed'; readonly copies: KeyCopies | null }
  | { readonly type: 'words-asked' }
  | { readonly type: 'words-uncovered'; readonly words: readonly string[] }
  | { readonly type: 'words-covered' }
  | { readonly type: 'task-begun'; readonly task: KeyTask }
  | { readonly type: 'task'; readonly event: TaskEvent }
  | { readonly type: 'task-closed' }
  | { readonly type: 'create-begun'; readonly network: NetworkName }
  | { readonly type: 'ceremony'; readonly event: CeremonyEvent }
  | { readonly type: 'restore-begun'; readonly network: NetworkName }
  | { readonly type: 'restore'; readonly event: RestoreEvent }
  | { readonly type: 'left' }
  /** The workspace went out of sight: whatever is secret in it is dropped. */
  | { readonly type: 'hidden' };

type Shelf = Extract<KeysState, { stage: 'shelf' }>;

export const shelfStage = (selected: string | null, copies: readonly KeyCopies[] | null = null): Shelf => ({
  stage: 'shelf', selected, passphrase: '', isBusy: false, error: null, script: 'p2wsh', format: 'descriptor', record: null, savedAs: null, words: null, task: null, copies,
});

export function keysTransition(state: KeysState, event: KeysEvent): KeysState {
  switch (event.type) {
    case 'create-begun':
      return { stage: 'creating', ceremony: newCeremony(event.network) };
    case 'restore-begun':
      return { stage: 'restoring', restore: newRestore(event.network) };
    case 'left':
      return shelfStage(state.stage === 'shelf' ? state.selected : null, copiesOf(state));
    case 'done':
      return shelfStage(event.fileName, copiesOf(state));
    default:
      break;
  }
  switch (state.stage) {
    case 'creating':
      if (event.type === 'hidden') return { ...state, ceremony: ceremonyTransition(state.ceremony, { type: 'hidden' }) };
      return event.type === 'ceremony' ? { ...state, ceremony: ceremonyTransition(state.ceremony, event.event) } : state;
    case 'restoring':
      if (event.type === 'hidden') return { ...state, restore: restoreTransition(state.restore, { type: 'hidden' }) };
      return event.type === 'restore' ? { ...state, restore: restoreTransition(state.restore, event.event) } : state;
    case 'shelf':
      return shelfTransition(state, event);
  }
}

const copiesOf = (state: KeysState): readonly KeyCopies[] | null => (state.stage === 'shelf' ? state.copies : null);

function shelfTransition(state: Shelf, event: KeysEvent): KeysState {
  switch (event.type) {
    case 'selected':
      return shelfStage(event.fileName, state.copies);
    case 'passphrase-typed':
      return { ...state, passphrase: event.passphrase, error: null };
    case 'working':
      return { ...state, isBusy: true, error: null };
    case 'failed':
      return { ...state, isBusy: false, passphrase: '', words: null, error: event.error };
    case 'script-chosen':
      // A record of another type must not stand under this one's name.
      return { ...state, script: event.script, record: null, savedAs: null, error: null };
    case 'format-chosen':
      return { ...state, format: event.format, record: null, savedAs: null, error: null };
    case 'record-shown':
      return event.script === state.script && event.format === state.format ? { ...state, isBusy: false, record: event.record, savedAs: null, error: null } : { ...state, isBusy: false };
    case 'record-saved':
      return { ...state, savedAs: event.savedAs };
    case 'copies-read':
      return { ...state, copies: event.copies };
    case 'copies-changed': {
      const { copies } = event;
      if (copies === null) return { ...state, isBusy: false };
      return { ...state, isBusy: false, copies: [...(state.copies ?? []).filter(({ name }) => name !== copies.name), copies] };
    }
    case 'words-asked':
      return { ...state, words: { step: 'asked' }, error: null };
    case 'words-uncovered':
      // An answer that comes after the page was left shows nothing.
      return state.words?.step === 'asked' ? { ...state, words: { step: 'uncovered', words: event.words } } : state;
    case 'words-covered':
      return { ...state, words: null };
    case 'task-begun':
      return { ...state, task: event.task, words: null, error: null };
    case 'task':
      return state.task === null ? state : { ...state, task: taskTransition(state.task, event.event) };
    case 'task-closed':
      return { ...state, task: null };
    case 'hidden':
      return { ...state, passphrase: '', words: null, task: state.task === null ? null : taskTransition(state.task, { type: 'hidden' }) };
    default:
      return state;
  }
}

/** What is known of a key file's copies. */
export const copiesOfKey = (state: Shelf, fileName: string): KeyCopies | null => state.copies?.find(({ name }) => name === fileName) ?? null;
