import type { Progress, WireError } from '../../../src/host/contract.ts';
import type { Answer, CompanionHost } from '../../host/client.ts';
import type { PlannedPsbt } from '../../review/from-plan.ts';
import { emptySweepForm, type SweepForm } from './sweep-form.ts';

export type HotBalance = Answer<'hot.balance', CompanionHost>;
export type SweepPreview = Answer<'sweep.preview', CompanionHost>;
export type PreparedSweep = Answer<'sweep.prepare', CompanionHost>;
export type Refill = Answer<'refill.plan', CompanionHost>;

/** One transaction of a plan, and how far it has come in this window. */
export interface Move {
  readonly planned: PlannedPsbt;
  readonly savedAs: string | null;
  /** The final PSBT, once the node signed. */
  readonly signed: { readonly psbtBase64: string; readonly txid: string } | null;
  readonly sentTxid: string | null;
}

/** What was planned: a sweep in one or several transactions, or a refill. */
export type Prepared = { readonly kind: 'sweep'; readonly sweep: PreparedSweep } | { readonly kind: 'refill'; readonly refill: Refill };

interface Common {
  readonly form: SweepForm;
  readonly balance: HotBalance | null;
  /** What is being done, with how much of it is done. */
  readonly work: Progress | null;
  readonly error: WireError | null;
}

/** The workspace that moves money between hot and cold. */
export type SweepState =
  | (Common & { readonly stage: 'form'; readonly preview: SweepPreview | null })
  | (Common & { readonly stage: 'planned'; readonly prepared: Prepared; readonly moves: readonly Move[]; /** Position of the transaction that is shown. */ readonly chosen: number })
  | { readonly stage: 'sent'; readonly form: SweepForm; readonly moves: readonly Move[] };

export type PlannedState = Extract<SweepState, { stage: 'planned' }>;

export type SweepEvent =
  | { readonly type: 'form-changed'; readonly form: Partial<SweepForm> }
  | { readonly type: 'balance-read'; readonly balance: HotBalance }
  | { readonly type: 'working'; readonly progress: Progress }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'previewed'; readonly preview: SweepPreview }
  | { readonly type: 'planned'; readonly prepared: Prepared }
  | { readonly type: 'chosen'; readonly position: number }
  | { readonly type: 'saved'; readonly position: number; readonly savedAs: string }
  | { readonly type: 'signed'; readonly position: number; readonly psbtBase64: string; readonly txid: string }
  | { readonly type: 'sent'; readonly position: number; readonly txid: string }
  | { readonly type: 'put-away' };

export const newSweep: SweepState = { stage: 'form', form: emptySweepForm, balance: null, preview: null, work: null, error: null };

const plansOf = (prepared: Prepared): readonly PlannedPsbt[] => (prepared.kind === 'sweep' ? prepared.sweep.plans : [prepared.refill]);
const withMove = (state: PlannedState, position: number, change: Partial<Move>): PlannedState => ({ ...state, moves: state.moves.map((move, at) => (at === position ? { ...move, ...change } : move)) });

export function sweepTransition(state: SweepState, event: SweepEvent): SweepState {
  if (event.type === 'put-away') return { ...newSweep, form: state.form };
  if (state.stage === 'sent') return state;
  switch (event.type) {
    case 'working':
      return { ...state, work: event.progress, error: null };
    case 'stopped':
      return { ...state, work: null };
    case 'failed':
      return { ...state, work: null, error: event.error };
  }
  return state.stage === 'form' ? formTransition(state, event) : plannedTransition(state, event);
}

function formTransition(state: Extract<SweepState, { stage: 'form' }>, event: SweepEvent): SweepState {
  switch (event.type) {
    case 'form-changed': {
      const isOtherHot = event.form.hot !== undefined || event.form.hotWalletId !== undefined;
      // A preview of other conditions than those that stand there would mislead.
      return { ...state, form: { ...state.form, ...event.form }, balance: isOtherHot ? null : state.balance, preview: null, error: null };
    }
    case 'balance-read':
      return { ...state, balance: event.balance };
    case 'previewed':
      return { ...state, preview: event.preview, work: null };
    case 'planned': {
      const moves = plansOf(event.prepared).map((planned): Move => ({ planned, savedAs: null, signed: null, sentTxid: null }));
      return { stage: 'planned', form: state.form, balance: state.balance, prepared: event.prepared, moves, chosen: 0, work: null, error: null };
    }
    default:
      return state;
  }
}

function plannedTransition(state: PlannedState, event: SweepEvent): SweepState {
  switch (event.type) {
    case 'chosen':
      return event.position in state.moves ? { ...state, chosen: event.position } : state;
    case 'saved':
      return withMove(state, event.position, { savedAs: event.savedAs });
    case 'signed':
      return withMove(state, event.position, { signed: { psbtBase64: event.psbtBase64, txid: event.txid } });
    case 'sent': {
      const sent = withMove(state, event.position, { sentTxid: event.txid });
      return sent.moves.every(({ sentTxid }) => sentTxid !== null) ? { stage: 'sent', form: sent.form, moves: sent.moves } : sent;
    }
    default:
      return state;
  }
}

/** Whether the node can sign: it keeps the hot wallet. */
export const isSignedByNode = (prepared: Prepared): boolean => prepared.kind === 'sweep' && prepared.sweep.signers.kind === 'node-wallet';

/** What arrives with all transactions together, and what they cost. */
export const arrivingSats = (moves: readonly Move[]): bigint => moves.reduce((sum, { planned }) => sum + BigInt(planned.plan.paymentsSats), 0n);
export const feesSats = (moves: readonly Move[]): bigint => moves.reduce((sum, { planned }) => sum + BigInt(planned.plan.feeSats), 0n);

/** How far one transaction is, in words, with the look that goes with it. */
export function moveTag({ sentTxid, signed, savedAs }: Move): { readonly words: string; readonly look: string } {
  if (sentTxid !== null) return { words: 'Sent', look: 'tag-verified' };
  if (signed !== null) return { words: 'Signed', look: 'tag-accent' };
  return savedAs === null ? { words: 'Unsigned', look: 'tag-plain' } : { words: 'Saved', look: 'tag-plain' };
}

const refusals: Readonly<Record<string, string>> = {
  'plan.nothing-to-sweep': 'nothing would be left to move', 'plan.below-ceiling': 'the hot wallet holds no more than the ceiling', 'plan.over-budget': 'over the fee budget',
  'plan.fee-excessive': 'the fee would be too large a part', 'plan.too-large': 'too large for one transaction: split it',
};
/** Why nothing would be swept at a rate. */
export const refusalWords = (code: string): string => refusals[code] ?? code;

/** Lengths of the hot wallet's picture, out of 1,000: what leaves (payments and fee) and what stays. */
export function hotPicture(balanceSats: bigint, stays: bigint): { readonly leaves: number; readonly stays: number } {
  if (balanceSats <= 0n) return { leaves: 0, stays: 0 };
  const bounded = stays > balanceSats ? balanceSats : stays;
  const width = Number((bounded * 1000n) / balanceSats);
  return { leaves: 1000 - width, stays: width };
}
