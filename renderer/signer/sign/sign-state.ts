import type { WireError } from '../../../src/host/contract.ts';
import type { NetworkName } from '../../frame/networks.ts';
import type { Answer, SignerHost } from '../../host/client.ts';
import type { Report } from '../../review/from-report.ts';
import { codesToJudge } from '../../review/judgement.ts';
import type { FileContent } from '../../ui/file-content.ts';
import { noSweep, sweepTransition, type SweepEvent, type SweepState } from './sweep-state.ts';

export type Signed = Answer<'psbt.sign', SignerHost>;

interface Reviewed {
  readonly file: FileContent;
  readonly keyHandle: string;
  readonly report: Report;
}

/** The workspace where a transaction is reviewed and signed. The window never edits a PSBT; it passes files through. */
export type SignState =
  | { readonly stage: 'empty'; readonly isBusy: boolean; readonly error: WireError | null }
  | (Reviewed & {
      readonly stage: 'reviewed';
      /** Codes that the person has judged; forgotten with every new review. */
      readonly acknowledged: ReadonlySet<string>;
      readonly isBusy: boolean;
      readonly error: WireError | null;
    })
  | (Reviewed & { readonly stage: 'signed'; readonly signed: Signed; readonly savedAs: string | null; readonly error: WireError | null })
  /** Paper wallets are swept. `visit` tells one sweep from the next: an answer of the host belongs to one of them. */
  | { readonly stage: 'sweep'; readonly visit: number; readonly sweep: SweepState };

export type SignEvent =
  | { readonly type: 'reading' }
  /** The person stopped it: nothing went wrong, and nothing was signed. */
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'reviewed'; readonly file: FileContent; readonly keyHandle: string; readonly report: Report }
  | { readonly type: 'acknowledged'; readonly code: string; readonly is: boolean }
  | { readonly type: 'signing' }
  | { readonly type: 'signed'; readonly reviewId: string; readonly signed: Signed }
  | { readonly type: 'saved'; readonly savedAs: string }
  | { readonly type: 'put-away' }
  | { readonly type: 'sweep-begun'; readonly visit: number; readonly network: NetworkName }
  | { readonly type: 'sweep'; readonly event: SweepEvent };

export const nothingToSign: SignState = { stage: 'empty', isBusy: false, error: null };

export function signTransition(state: SignState, event: SignEvent): SignState {
  switch (event.type) {
    case 'put-away':
      return nothingToSign;
    case 'sweep-begun':
      // A signature that waits to be saved is not thrown away for a sweep.
      return state.stage === 'empty' ? { stage: 'sweep', visit: event.visit, sweep: noSweep(event.network) } : state;
    case 'sweep':
      return state.stage === 'sweep' ? { ...state, sweep: sweepTransition(state.sweep, event.event) } : state;
    default:
      break;
  }
  // An answer to what was asked before the sweep began does not end the sweep.
  if (state.stage === 'sweep') return state;
  switch (event.type) {
    case 'reading':
      return { stage: 'empty', isBusy: true, error: null };
    case 'stopped':
      return state.stage === 'signed' ? state : { ...state, isBusy: false };
    case 'reviewed':
      return { stage: 'reviewed', file: event.file, keyHandle: event.keyHandle, report: event.report, acknowledged: new Set(), isBusy: false, error: null };
    case 'failed':
      return state.stage === 'signed' ? { ...state, error: event.error } : { ...state, isBusy: false, error: event.error };
    case 'acknowledged': {
      if (state.stage !== 'reviewed' || state.isBusy) return state;
      const acknowledged = new Set(state.acknowledged);
      if (event.is) acknowledged.add(event.code);
      else acknowledged.delete(event.code);
      return { ...state, acknowledged };
    }
    case 'signing':
      return state.stage === 'reviewed' ? { ...state, isBusy: true, error: null } : state;
    case 'signed':
      // A signature belongs to the review that was on the screen; for another one it is not shown as given.
      if (state.stage !== 'reviewed' || state.report.reviewId !== event.reviewId) return state;
      return { stage: 'signed', file: state.file, keyHandle: state.keyHandle, report: state.report, signed: event.signed, savedAs: null, error: null };
    case 'saved':
      return state.stage === 'signed' ? { ...state, savedAs: event.savedAs, error: null } : state;
  }
}

/** Why the reviewed transaction cannot be signed now, in words, or `null`. */
export function signProblem(state: Extract<SignState, { stage: 'reviewed' }>): string | null {
  const { report, acknowledged, isBusy } = state;
  if (isBusy) return 'Signing. Two implementations sign and must agree.';
  if (report.verdict === 'refused') return 'Refused: this transaction cannot be signed. The findings say why.';
  if (report.quorum.thisKey !== null && report.quorum.signed.includes(report.quorum.thisKey)) return 'This key has signed already. Hand the file to the next cosigner.';
  const open = codesToJudge(report.findings).filter((code) => !acknowledged.has(code)).length;
  return open === 0 ? null : `${open} ${open === 1 ? 'finding needs' : 'findings need'} your judgement first: tick each after checking it.`;
}

/** `pay.cold.unsigned.psbt` -> `pay.cold.signed-73c5da0a.psbt`: the step of the file is replaced, as the command line does it. */
export function signedFileName(fileName: string, fingerprint: string): string {
  const base = fileName.replace(/\.(psbt|txt|base64|hex|tx)$/i, '').replace(/\.(unsigned|combined|final|signed-[0-9a-f]{8})$/i, '');
  return `${base}.signed-${fingerprint}.psbt`;
}
