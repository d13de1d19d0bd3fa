import type { WireError } from '../../../src/host/contract.ts';
import type { NodeStatus, NodeUrl } from '../session.ts';

export interface NodeForm {
  readonly url: string;
  /** Those that must agree with it, one address a line. */
  readonly more: string;
  readonly hotWallet: string;
}

/** The workspace where the organisation's own nodes are named and asked. What they answered stands in the session. */
export type NodeState =
  | (NodeForm & { readonly stage: 'editing' })
  | (NodeForm & { readonly stage: 'checking' })
  | (NodeForm & { readonly stage: 'answered' })
  | (NodeForm & { readonly stage: 'failed'; readonly error: WireError });

export type NodeEvent =
  | { readonly type: 'typed'; readonly form: Partial<NodeForm> }
  | { readonly type: 'checking' }
  | { readonly type: 'answered' }
  | { readonly type: 'failed'; readonly error: WireError };

export const noNode: NodeState = { stage: 'editing', url: '', more: '', hotWallet: '' };

export function nodeTransition(state: NodeState, event: NodeEvent): NodeState {
  const { url, more, hotWallet } = state;
  switch (event.type) {
    case 'typed':
      return { url, more, hotWallet, ...event.form, stage: 'editing' };
    case 'checking':
      return { stage: 'checking', url, more, hotWallet };
    // Only an answer to the address that still stands there counts.
    case 'answered':
      return state.stage === 'checking' ? { stage: 'answered', url, more, hotWallet } : state;
    case 'failed':
      return state.stage === 'checking' ? { stage: 'failed', url, more, hotWallet, error: event.error } : state;
  }
}

/** The most that commands take. */
const MOST_NODES = 10;

/** The addresses that were typed, without empty lines. */
export const typedNodes = ({ url, more }: Pick<NodeForm, 'url' | 'more'>): readonly string[] => [url, ...more.split('\n')].map((line) => line.trim()).filter((line) => line !== '');

/** As commands take them; `null` where nothing was typed. */
export function nodeUrlOf(form: Pick<NodeForm, 'url' | 'more'>): NodeUrl | null {
  const [first, ...more] = typedNodes(form);
  if (first === undefined) return null;
  return more.length === 0 ? first : [first, ...more];
}

/** What is wrong with the addresses before any node is asked, or `null`. */
export function nodesProblem(form: Pick<NodeForm, 'url' | 'more'>): string | null {
  const nodes = typedNodes(form);
  if (nodes.length > MOST_NODES) return `At most ${MOST_NODES} nodes; there are ${nodes.length}.`;
  return new Set(nodes).size === nodes.length ? null : 'One address stands there twice: a node cannot confirm itself.';
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
