import type { WireError } from '../../../src/host/contract.ts';
import type { Answer, CompanionHost } from '../../host/client.ts';

export type QueueEntry = Answer<'queue.list', CompanionHost>['entries'][number];
export type QueueDetails = Answer<'queue.details', CompanionHost>;
export type ReplyOutcome = Answer<'queue.add', CompanionHost>['outcomes'][number];

/** The board of plans: what waits for whom, from draft to confirmed. */
export interface QueueState {
  /** `null` before they were read. */
  readonly entries: readonly QueueEntry[] | null;
  /** Whether those are shown too that are settled, discarded or superseded. */
  readonly all: boolean;
  readonly chosen: string | null;
  readonly details: QueueDetails | null;
  /** What became of the replies that came last. */
  readonly outcomes: readonly ReplyOutcome[];
  /** What was done last, in words: a file's name, a transaction's id. */
  readonly done: { readonly title: string; readonly text: string } | null;
  readonly feeRate: string;
  readonly reason: string;
  readonly isBusy: boolean;
  readonly error: WireError | null;
}

export type QueueEvent =
  | { readonly type: 'read'; readonly entries: readonly QueueEntry[] }
  | { readonly type: 'followed'; readonly entries: readonly QueueEntry[] }
  | { readonly type: 'all-asked'; readonly all: boolean }
  | { readonly type: 'chosen'; readonly planId: string }
  | { readonly type: 'details'; readonly details: QueueDetails }
  | { readonly type: 'typed'; readonly feeRate?: string; readonly reason?: string }
  | { readonly type: 'working' }
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'taken'; readonly outcomes: readonly ReplyOutcome[] }
  | { readonly type: 'done'; readonly title: string; readonly text: string };

export const unreadQueue: QueueState = { entries: null, all: false, chosen: null, details: null, outcomes: [], done: null, feeRate: '', reason: '', isBusy: false, error: null };

/** What stands on the screen about one plan or one act; it goes when another begins. */
const cleared = { outcomes: [], done: null, error: null } as const;

export function queueTransition(state: QueueState, event: QueueEvent): QueueState {
  switch (event.type) {
    case 'read': {
      const isThere = event.entries.some(({ planId }) => planId === state.chosen);
      const chosen = isThere ? state.chosen : (event.entries[0]?.planId ?? null);
      return { ...state, entries: event.entries, chosen, details: chosen === state.chosen ? state.details : null, isBusy: false };
    }
    case 'followed':
      // What is under way reads the list when it is done.
      return state.isBusy ? state : queueTransition(state, { type: 'read', entries: event.entries });
    case 'all-asked':
      return { ...state, all: event.all };
    case 'chosen':
      return event.planId === state.chosen ? state : { ...state, ...cleared, chosen: event.planId, details: null, feeRate: '', reason: '' };
    case 'details':
      return event.details.entry.planId === state.chosen ? { ...state, details: event.details } : state;
    case 'typed':
      return { ...state, feeRate: event.feeRate ?? state.feeRate, reason: event.reason ?? state.reason };
    case 'working':
      return { ...state, ...cleared, isBusy: true };
    case 'failed':
      return { ...state, isBusy: false, error: event.error };
    case 'taken': {
      // The plan that a reply went to is what a person wants to see next.
      const planId = event.outcomes.find((outcome) => outcome.outcome === 'taken')?.planId ?? null;
      const moved = planId === null || planId === state.chosen ? {} : { chosen: planId, details: null };
      return { ...state, ...moved, isBusy: false, outcomes: event.outcomes };
    }
    case 'done':
      return { ...state, isBusy: false, done: { title: event.title, text: event.text }, feeRate: '', reason: '' };
  }
}
