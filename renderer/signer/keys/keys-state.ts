import type { WireError } from '../../../src/host/contract.ts';
import type { Answer, SignerHost } from '../../host/client.ts';
import type { NetworkName } from '../../frame/networks.ts';
import { ceremonyTransition, newCeremony, passphraseProblem, type Ceremony, type CeremonyEvent } from './ceremony-state.ts';

export type KeyRecord = Answer<'key.export', SignerHost>;

export interface RestoreForm {
  readonly network: NetworkName;
  readonly label: string;
  readonly mnemonic: string;
  readonly bip39Passphrase: string;
  readonly first: string;
  readonly second: string;
}

/** The workspace where keys are made, opened and closed. */
export type KeysState =
  | {
      readonly stage: 'shelf';
      /** File name of the key that is looked at. */
      readonly selected: string | null;
      readonly passphrase: string;
      readonly isBusy: boolean;
      readonly error: WireError | null;
      /** The public record of the selected key, once it was asked for. */
      readonly record: KeyRecord | null;
      readonly savedAs: string | null;
    }
  | { readonly stage: 'creating'; readonly ceremony: Ceremony }
  | { readonly stage: 'restoring'; readonly form: RestoreForm; readonly isBusy: boolean; readonly error: WireError | null };

export type KeysEvent =
  | { readonly type: 'selected'; readonly fileName: string }
  | { readonly type: 'passphrase-typed'; readonly passphrase: string }
  | { readonly type: 'working' }
  | { readonly type: 'failed'; readonly error: WireError }
  /** The work is done; whatever was typed for it is dropped. */
  | { readonly type: 'done'; readonly fileName: string }
  | { readonly type: 'record-shown'; readonly record: KeyRecord }
  | { readonly type: 'record-saved'; readonly savedAs: string }
  | { readonly type: 'create-begun'; readonly network: NetworkName }
  | { readonly type: 'ceremony'; readonly event: CeremonyEvent }
  | { readonly type: 'restore-begun'; readonly network: NetworkName }
  | { readonly type: 'restore-changed'; readonly form: RestoreForm }
  | { readonly type: 'left' };

export const shelfStage = (selected: string | null): KeysState => ({ stage: 'shelf', selected, passphrase: '', isBusy: false, error: null, record: null, savedAs: null });

export function keysTransition(state: KeysState, event: KeysEvent): KeysState {
  switch (event.type) {
    case 'create-begun':
      return { stage: 'creating', ceremony: newCeremony(event.network) };
    case 'restore-begun':
      return { stage: 'restoring', form: { network: event.network, label: '', mnemonic: '', bip39Passphrase: '', first: '', second: '' }, isBusy: false, error: null };
    case 'left':
      return shelfStage(state.stage === 'shelf' ? state.selected : null);
    case 'done':
      return shelfStage(event.fileName);
    default:
      break;
  }
  switch (state.stage) {
    case 'creating':
      return event.type === 'ceremony' ? { ...state, ceremony: ceremonyTransition(state.ceremony, event.event) } : state;
    case 'restoring':
      if (event.type === 'restore-changed') return { ...state, form: event.form, error: null };
      if (event.type === 'working') return { ...state, isBusy: true, error: null };
      if (event.type === 'failed') return { ...state, isBusy: false, error: event.error };
      return state;
    case 'shelf':
      if (event.type === 'selected') return shelfStage(event.fileName);
      if (event.type === 'passphrase-typed') return { ...state, passphrase: event.passphrase, error: null };
      if (event.type === 'working') return { ...state, isBusy: true, error: null };
      if (event.type === 'failed') return { ...state, isBusy: false, passphrase: '', error: event.error };
      if (event.type === 'record-shown') return { ...state, isBusy: false, record: event.record, savedAs: null, error: null };
      if (event.type === 'record-saved') return { ...state, savedAs: event.savedAs };
      return state;
  }
}

/** Why the form cannot be used yet, or `null`. */
export function restoreProblem(form: RestoreForm): string | null {
  if (form.label.trim() === '') return 'Give the key a label.';
  const words = form.mnemonic.trim().split(/\s+/).filter((word) => word !== '').length;
  if (words !== 12 && words !== 24) return `${words} words typed; a sheet has 12 or 24.`;
  return passphraseProblem(form.first, form.second);
}
