import type { WireError } from '../../../src/host/contract.ts';
import type { NetworkName } from '../../frame/networks.ts';
import type { Answer, SignerHost } from '../../host/client.ts';
import type { Report } from '../../review/from-report.ts';
import { codesToJudge } from '../../review/judgement.ts';
import type { FileContent } from '../../ui/file-content.ts';

export type PaperKey = Answer<'paper-key.open', SignerHost>;
export type SignedSweep = Answer<'sweep.sign', SignerHost>;

/**
 * A sweep of paper wallets: their keys are opened one by one, the transaction is reviewed, signed, and the keys are closed.
 * What was typed stands here only until its key is open; a reviewed sweep has nothing secret in it.
 */
export type SweepState =
  | {
      readonly stage: 'gathering';
      readonly network: NetworkName;
      readonly keys: readonly PaperKey[];
      readonly secret: string;
      readonly passphrase: string;
      /** Name of the registration that the money goes to; `null`: compared by eye alone. */
      readonly destination: string | null;
      /** The key that was just given is open already. */
      readonly isAgain: boolean;
      /** A key that the camera showed was taken, and is still before it: it is not taken again. */
      readonly isInView: boolean;
      readonly isBusy: boolean;
      readonly error: WireError | null;
    }
  | (ReviewedSweep & { readonly stage: 'reviewed'; readonly acknowledged: ReadonlySet<string>; readonly isBusy: boolean; readonly error: WireError | null })
  | (ReviewedSweep & { readonly stage: 'signed'; readonly signed: SignedSweep; readonly savedAs: string | null; readonly error: WireError | null });

interface ReviewedSweep {
  readonly network: NetworkName;
  readonly keys: readonly PaperKey[];
  readonly destination: string | null;
  readonly file: FileContent;
  readonly report: Report;
}

export type SweepEvent =
  | { readonly type: 'network-chosen'; readonly network: NetworkName }
  | { readonly type: 'typed'; readonly secret: string; readonly passphrase: string }
  | { readonly type: 'destination-chosen'; readonly destination: string | null }
  | { readonly type: 'key-opened'; readonly key: PaperKey }
  | { readonly type: 'key-again' }
  /** Whether a key is before the camera. */
  | { readonly type: 'in-view'; readonly is: boolean }
  | { readonly type: 'key-closed'; readonly paperKeyHandle: string }
  | { readonly type: 'working' }
  /** Nothing is under way any more, and nothing went wrong. */
  | { readonly type: 'idle' }
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'reviewed'; readonly file: FileContent; readonly report: Report }
  | { readonly type: 'back' }
  | { readonly type: 'acknowledged'; readonly code: string; readonly is: boolean }
  | { readonly type: 'signed'; readonly reviewId: string; readonly signed: SignedSweep }
  | { readonly type: 'saved'; readonly savedAs: string };

export const noSweep = (network: NetworkName): SweepState => ({ stage: 'gathering', network, keys: [], secret: '', passphrase: '', destination: null, isAgain: false, isInView: false, isBusy: false, error: null });

/** Whether that key is open already: twice the same key would be no second one. */
export const isOpenAlready = (keys: readonly PaperKey[], key: PaperKey): boolean => keys.some((each) => each.fingerprint === key.fingerprint && each.compressed === key.compressed);

export function sweepTransition(state: SweepState, event: SweepEvent): SweepState {
  switch (state.stage) {
    case 'gathering':
      return gather(state, event);
    case 'reviewed':
      switch (event.type) {
        case 'acknowledged': {
          if (state.isBusy) return state;
          const acknowledged = new Set(state.acknowledged);
          if (event.is) acknowledged.add(event.code);
          else acknowledged.delete(event.code);
          return { ...state, acknowledged };
        }
        case 'back':
          return state.isBusy ? state : { ...noSweep(state.network), keys: state.keys, destination: state.destination };
        case 'working':
          return { ...state, isBusy: true, error: null };
        case 'idle':
          return { ...state, isBusy: false };
        case 'failed':
          return { ...state, isBusy: false, error: event.error };
        case 'signed': {
          // A signature belongs to the review that was on the screen; for another one it is not shown as given.
          if (state.report.reviewId !== event.reviewId) return state;
          const { network, keys, destination, file, report } = state;
          return { stage: 'signed', network, keys, destination, file, report, signed: event.signed, savedAs: null, error: null };
        }
        default:
          return state;
      }
    case 'signed':
      if (event.type === 'saved') return { ...state, savedAs: event.savedAs, error: null };
      return event.type === 'failed' ? { ...state, error: event.error } : state;
  }
}

function gather(state: Extract<SweepState, { stage: 'gathering' }>, event: SweepEvent): SweepState {
  switch (event.type) {
    case 'network-chosen':
      // Keys of one network say nothing on another; the actions close those that were open.
      return state.isBusy || state.keys.length > 0 ? state : { ...state, network: event.network, destination: null, error: null };
    case 'typed':
      return state.isBusy ? state : { ...state, secret: event.secret, passphrase: event.passphrase, isAgain: false, error: null };
    case 'in-view':
      return state.isInView === event.is ? state : { ...state, isInView: event.is };
    case 'key-again':
      return { ...state, secret: '', isAgain: true, isBusy: false, error: null };
    case 'destination-chosen':
      return { ...state, destination: event.destination };
    case 'key-opened':
      return { ...state, keys: [...state.keys, event.key], secret: '', isAgain: false, isBusy: false, error: null };
    case 'key-closed':
      return { ...state, keys: state.keys.filter((key) => key.paperKeyHandle !== event.paperKeyHandle) };
    case 'working':
      return { ...state, isBusy: true, error: null };
    case 'idle':
      return { ...state, isBusy: false };
    case 'failed':
      return { ...state, isBusy: false, error: event.error };
    case 'reviewed': {
      const { network, keys, destination } = state;
      return { stage: 'reviewed', network, keys, destination, file: event.file, report: event.report, acknowledged: new Set(), isBusy: false, error: null };
    }
    default:
      return state;
  }
}

/** Why the reviewed sweep cannot be signed now, in words, or `null`. */
export function sweepProblem(state: Extract<SweepState, { stage: 'reviewed' }>): string | null {
  if (state.isBusy) return 'Signing. Two implementations sign and must agree.';
  if (state.report.verdict === 'refused') return 'Refused: this transaction cannot be signed. The findings say why.';
  const open = codesToJudge(state.report.findings).filter((code) => !state.acknowledged.has(code)).length;
  return open === 0 ? null : `${open} ${open === 1 ? 'finding needs' : 'findings need'} your judgement first: tick each after checking it.`;
}

/** Keys of BIP38 begin with 6P; only they have a passphrase. */
export const asksPassphrase = (secret: string): boolean => secret.trim().startsWith('6P');
