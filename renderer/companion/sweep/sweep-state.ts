import type { WireError } from '../../../src/host/contract.ts';
import type { Answer, CompanionHost } from '../../host/client.ts';
import type { PlannedPsbt } from '../../review/from-plan.ts';
import { satsFromBtc } from '../../ui/amount-text.ts';

export type HotBalance = Answer<'hot.balance', CompanionHost>;

export interface SweepForm {
  /** Wallet id of the cold wallet; `null` for the only one. */
  readonly walletId: string | null;
  /** What stays hot, in BTC as typed; empty for nothing. */
  readonly floorBtc: string;
  /** sat/vB as typed; empty for the node's estimate. */
  readonly feeRate: string;
}

/** The workspace that moves money from hot to cold. */
export type SweepState =
  | { readonly stage: 'form'; readonly form: SweepForm; readonly balance: HotBalance | null; readonly isBusy: boolean; readonly error: WireError | null }
  | {
      readonly stage: 'planned';
      readonly form: SweepForm;
      readonly balance: HotBalance | null;
      readonly planned: PlannedPsbt;
      readonly savedAs: string | null;
      /** The final PSBT, once the node signed. */
      readonly signed: { readonly psbtBase64: string; readonly txid: string } | null;
      readonly isBusy: boolean;
      readonly error: WireError | null;
    }
  | { readonly stage: 'sent'; readonly form: SweepForm; readonly planned: PlannedPsbt; readonly txid: string };

export type SweepEvent =
  | { readonly type: 'form-changed'; readonly form: SweepForm }
  | { readonly type: 'balance-read'; readonly balance: HotBalance }
  | { readonly type: 'working' }
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'planned'; readonly planned: PlannedPsbt }
  | { readonly type: 'saved'; readonly savedAs: string }
  | { readonly type: 'signed'; readonly psbtBase64: string; readonly txid: string }
  | { readonly type: 'sent'; readonly txid: string }
  | { readonly type: 'put-away' };

export const newSweep: SweepState = { stage: 'form', form: { walletId: null, floorBtc: '', feeRate: '' }, balance: null, isBusy: false, error: null };

export function sweepTransition(state: SweepState, event: SweepEvent): SweepState {
  if (event.type === 'put-away') return { stage: 'form', form: state.form, balance: null, isBusy: false, error: null };
  switch (state.stage) {
    case 'form':
      if (event.type === 'form-changed') return { ...state, form: event.form, error: null };
      if (event.type === 'balance-read') return { ...state, balance: event.balance };
      if (event.type === 'working') return { ...state, isBusy: true, error: null };
      if (event.type === 'failed') return { ...state, isBusy: false, error: event.error };
      if (event.type === 'planned') return { stage: 'planned', form: state.form, balance: state.balance, planned: event.planned, savedAs: null, signed: null, isBusy: false, error: null };
      return state;
    case 'planned':
      if (event.type === 'working') return { ...state, isBusy: true, error: null };
      if (event.type === 'failed') return { ...state, isBusy: false, error: event.error };
      if (event.type === 'saved') return { ...state, savedAs: event.savedAs };
      if (event.type === 'signed') return { ...state, isBusy: false, signed: { psbtBase64: event.psbtBase64, txid: event.txid } };
      if (event.type === 'sent') return { stage: 'sent', form: state.form, planned: state.planned, txid: event.txid };
      return state;
    case 'sent':
      return state;
  }
}

/** sat/vB with at most three decimals, or empty for the node's estimate. */
export const feeRateProblem = (typed: string): string | null =>
  typed.trim() === '' || /^(0|[1-9]\d{0,6})(\.\d{1,3})?$/.test(typed.trim()) ? null : 'A number in sat/vB with at most three decimals, such as 4.5.';

export const floorProblem = (typed: string): string | null =>
  typed.trim() === '' || satsFromBtc(typed) !== null ? null : 'An amount in BTC with at most eight decimals, such as 0.5.';

/** Lengths of the hot wallet's picture, out of 1,000: what leaves (payments and fee) and what stays. */
export function hotPicture(balanceSats: bigint, stays: bigint): { readonly leaves: number; readonly stays: number } {
  if (balanceSats <= 0n) return { leaves: 0, stays: 0 };
  const bounded = stays > balanceSats ? balanceSats : stays;
  const width = Number((bounded * 1000n) / balanceSats);
  return { leaves: 1000 - width, stays: width };
}
