import type { Progress, WireError } from '../../../src/host/contract.ts';
import type { Answer, CompanionHost } from '../../host/client.ts';

export type Health = Answer<'node.health', CompanionHost>;
export type Backup = Answer<'node.backups', CompanionHost>['backups'][number];
export type BackupTest = Answer<'node.backup-test', CompanionHost>;
export type NodeConfig = Answer<'node.config', CompanionHost>;
export type Repair = Answer<'node.repair', CompanionHost>;
export type StandbyCheck = Answer<'standby.verify', CompanionHost>;

export type CareView = 'health' | 'backups' | 'repair' | 'configuration' | 'standby';

export interface CareForm {
  /** Which of several nodes is looked after; `null` for the first. */
  readonly node: string | null;
  readonly wallet: string;
  /** Public keys of age, one a line; where it is empty the passphrase counts. */
  readonly recipients: string;
  readonly passphrase: string;
  readonly program: string;
  readonly use: 'hot' | 'watch' | 'audit';
  readonly network: string;
}

/** The workspace that looks after the node and after this machine's own books. */
export interface CareState {
  readonly view: CareView;
  readonly form: CareForm;
  readonly health: Health | null;
  readonly backups: readonly Backup[] | null;
  readonly tested: BackupTest | null;
  readonly config: NodeConfig | null;
  readonly repair: Repair | null;
  readonly verified: StandbyCheck | null;
  readonly progress: Progress | null;
  readonly error: WireError | null;
  readonly done: { readonly title: string; readonly text: string } | null;
}

export type CareEvent =
  | { readonly type: 'viewed'; readonly view: CareView }
  | { readonly type: 'typed'; readonly form: Partial<CareForm> }
  | { readonly type: 'working'; readonly progress: Progress }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'found'; readonly found: Partial<Pick<CareState, 'health' | 'backups' | 'tested' | 'config' | 'repair' | 'verified'>> }
  | { readonly type: 'done'; readonly title: string; readonly text: string };

export const noCare: CareState = {
  view: 'health', form: { node: null, wallet: '', recipients: '', passphrase: '', program: 'bitcoind', use: 'watch', network: 'mainnet' },
  health: null, backups: null, tested: null, config: null, repair: null, verified: null, progress: null, error: null, done: null,
};

export function careTransition(state: CareState, event: CareEvent): CareState {
  switch (event.type) {
    case 'viewed':
      // A passphrase does not wait in a page that is not looked at.
      return { ...state, view: event.view, error: null, done: null, form: { ...state.form, passphrase: '' } };
    case 'typed':
      // What was read from one node says nothing about another.
      return event.form.node !== undefined && event.form.node !== state.form.node
        ? { ...state, form: { ...state.form, ...event.form }, health: null, tested: null, repair: null, verified: null, error: null, done: null }
        : { ...state, form: { ...state.form, ...event.form } };
    case 'working':
      return { ...state, progress: event.progress, error: null, done: null };
    case 'stopped':
      return { ...state, progress: null };
    case 'failed':
      return { ...state, progress: null, error: event.error };
    case 'found':
      return { ...state, ...event.found, progress: null };
    case 'done':
      return { ...state, progress: null, done: { title: event.title, text: event.text }, form: { ...state.form, passphrase: '' } };
  }
}

/** For whom a file is encrypted, from what was typed; `null` where nothing was. */
export function lockOf({ recipients, passphrase }: Pick<CareForm, 'recipients' | 'passphrase'>) {
  const keys = recipients.split(/\s+/).filter((key) => key !== '');
  if (keys.length > 0) return { kind: 'recipients' as const, recipients: keys };
  return passphrase === '' ? null : { kind: 'passphrase' as const, passphrase };
}

/** What opens a file: the passphrase that was typed. */
export const keyOf = ({ passphrase }: Pick<CareForm, 'passphrase'>) => (passphrase === '' ? null : { kind: 'passphrase' as const, passphrase });

/** The node that is looked after: the one chosen while it is still set, else the first; `null` where none is set. */
export const caredFor = (nodes: readonly string[], chosen: string | null): string | null => (chosen !== null && nodes.includes(chosen) ? chosen : (nodes[0] ?? null));
