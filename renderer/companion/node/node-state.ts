import type { WireError } from '../../../src/host/contract.ts';
import type { NodeStatus, NodeUrl } from '../session.ts';

interface Form {
  /** One address a line. */
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

/** The most that commands take. */
const MOST_NODES = 10;

/** The addresses that were typed, without empty lines. */
export const typedNodes = (typed: string): readonly string[] => typed.split('\n').map((line) => line.trim()).filter((line) => line !== '');

/** As commands take them; `null` where nothing was typed. */
export function nodeUrlOf(typed: string): NodeUrl | null {
  const [first, ...more] = typedNodes(typed);
  if (first === undefined) return null;
  return more.length === 0 ? first : [first, ...more];
}

/** What is wrong with the addresses before any node is asked, or `null`. */
export function nodesProblem(typed: string): string | null {
  const nodes = typedNodes(typed);
  if (nodes.length > MOST_NODES) return `At most ${MOST_NODES} nodes; there are ${nodes.length}.`;
  return new Set(nodes).size === nodes.length ? null : 'The same address stands there twice: a node cannot confirm itself.';
}

export type SourceState = NonNullable<NodeStatus['sources']>[number]['state'];

/** How each of several nodes stands, in words, with the look that goes with it. */
export const sourceWords: Readonly<Record<SourceState, { readonly words: string; readonly look: string }>> = {
  agrees: { words: 'Agrees', look: 'tag-verified' },
  asked: { words: 'Answers; nothing to compare with', look: 'tag-plain' },
  lagging: { words: 'Lags behind the others', look: 'tag-caution' },
  disagrees: { words: 'Disagrees', look: 'tag-danger' },
  unreachable: { words: 'Cannot be reached', look: 'tag-caution' },
  unasked: { words: 'Was not needed', look: 'tag-plain' },
};
