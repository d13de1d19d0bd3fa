import type { WireError } from '../../../src/host/contract.ts';

interface Form {
  readonly url: string;
  readonly hotWallet: string;
}

/** The workspace where the organisation's own node is named and asked. What it answered stands in the session. */
export type NodeState =
  | (Form & { readonly stage: 'editing' })
  | (Form & { readonly stage: 'checking' })
  | (Form & { readonly stage: 'answered' })
  | (Form & { readonly stage: 'failed'; readonly error: WireError });

export type NodeEvent =
  | { readonly type: 'typed'; readonly url: string; readonly hotWallet: string }
  | { readonly type: 'checking' }
  | { readonly type: 'answered' }
  | { readonly type: 'failed'; readonly error: WireError };

export const noNode: NodeState = { stage: 'editing', url: '', hotWallet: '' };

export function nodeTransition(state: NodeState, event: NodeEvent): NodeState {
  const { url, hotWallet } = state;
  switch (event.type) {
    case 'typed':
      return { stage: 'editing', url: event.url, hotWallet: event.hotWallet };
    case 'checking':
      return { stage: 'checking', url, hotWallet };
    // Only an answer to the address that still stands there counts.
    case 'answered':
      return state.stage === 'checking' ? { stage: 'answered', url, hotWallet } : state;
    case 'failed':
      return state.stage === 'checking' ? { stage: 'failed', url, hotWallet, error: event.error } : state;
  }
}
