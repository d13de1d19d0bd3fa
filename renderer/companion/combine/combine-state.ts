import type { WireError } from '../../../src/host/contract.ts';
import type { Answer, CompanionHost } from '../../host/client.ts';
import type { PlannedPsbt } from '../../review/from-plan.ts';
import type { Report } from '../../review/from-report.ts';
import { counted, shortBtcText } from '../../ui/amount-text.ts';
import type { FileContent } from '../../ui/file-content.ts';

export type Combined = Answer<'psbt.combine', CompanionHost>;
export type Final = Answer<'psbt.finalize', CompanionHost>;

/** The workspace where signed replies come together. Nothing is sent before the quorum is full and the review was seen. */
export type CombineState =
  | { readonly stage: 'empty'; readonly walletId: string | null; readonly isBusy: boolean; readonly error: WireError | null }
  | {
      readonly stage: 'combined';
      readonly walletId: string | null;
      /** The replies that went in, in the order in which they came. */
      readonly files: readonly FileContent[];
      /** `null` of a sweep of papers, whose one file is complete by itself. */
      readonly combined: Combined | null;
      readonly report: Report;
      /** The final transaction, once the quorum is full. */
      readonly final: Final | null;
      readonly acknowledged: ReadonlySet<string>;
      readonly savedAs: string | null;
      readonly isBusy: boolean;
      readonly error: WireError | null;
    }
  | { readonly stage: 'sent'; readonly walletId: string | null; readonly report: Report; readonly final: Final; readonly txid: string };

export type CombineEvent =
  | { readonly type: 'wallet-chosen'; readonly walletId: string }
  | { readonly type: 'working' }
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'combined'; readonly files: readonly FileContent[]; readonly combined: Combined | null; readonly report: Report; readonly final: Final | null }
  | { readonly type: 'acknowledged'; readonly code: string; readonly is: boolean }
  | { readonly type: 'saved'; readonly savedAs: string }
  | { readonly type: 'sent'; readonly txid: string }
  | { readonly type: 'put-away' };

export const nothingCombined: CombineState = { stage: 'empty', walletId: null, isBusy: false, error: null };

export function combineTransition(state: CombineState, event: CombineEvent): CombineState {
  if (event.type === 'put-away') return { ...nothingCombined, walletId: state.walletId };
  if (event.type === 'wallet-chosen') return { ...nothingCombined, walletId: event.walletId };
  if (state.stage === 'sent') return state;
  switch (event.type) {
    case 'working':
      return { ...state, isBusy: true, error: null };
    case 'failed':
      return { ...state, isBusy: false, error: event.error };
    case 'combined': {
      // Judgements belong to one set of findings; a new reply may bring others.
      const isSame = state.stage === 'combined' && JSON.stringify(state.report.findings) === JSON.stringify(event.report.findings);
      return {
        stage: 'combined', walletId: state.walletId, files: event.files, combined: event.combined, report: event.report, final: event.final,
        acknowledged: isSame ? state.acknowledged : new Set(), savedAs: null, isBusy: false, error: null,
      };
    }
    default:
      break;
  }
  if (state.stage !== 'combined') return state;
  switch (event.type) {
    case 'acknowledged': {
      const acknowledged = new Set(state.acknowledged);
      if (event.is) acknowledged.add(event.code);
      else acknowledged.delete(event.code);
      return { ...state, acknowledged };
    }
    case 'saved':
      return { ...state, savedAs: event.savedAs, error: null };
    case 'sent':
      return state.final === null ? state : { stage: 'sent', walletId: state.walletId, report: state.report, final: state.final, txid: event.txid };
    default:
      return state;
  }
}

/**
 * What each payment is for, by output index, from a plan of this session that pays exactly the same; empty where none does.
 * Plans are matched by what they pay, not by name: a file may have been renamed on its way.
 */
export function referencesFor(report: Report, plans: readonly PlannedPsbt[]): ReadonlyMap<number, string> {
  const paid = (payments: readonly { readonly address: string | null; readonly amountSats: string }[]): string => payments.map((payment) => `${payment.address}:${payment.amountSats}`).sort().join(' ');
  const plan = plans.findLast((candidate) => paid(candidate.plan.payments) === paid(report.payments));
  if (plan === undefined) return new Map();
  const left = [...plan.plan.payments];
  return new Map(report.payments.flatMap((payment) => {
    const at = left.findIndex((candidate) => candidate.address === payment.address && candidate.amountSats === payment.amountSats);
    const [found] = left.splice(at, 1);
    return found === undefined || found.reference === '' ? [] : [[payment.index, found.reference] as const];
  }));
}

/** "Broadcast 0.184 BTC to 12 recipients". */
export const broadcastWords = (paymentsSats: string, recipients: number, unit = 'BTC'): string => `Broadcast ${shortBtcText(paymentsSats)} ${unit} to ${counted(recipients, 'recipient')}`;
