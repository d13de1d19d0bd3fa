import { StrongroomError, type ErrorDetails } from '../../errors/strongroom-error.ts';

/** Why a proof does not hold, in closed words. */
export type FalseProof = 'work' | 'difficulty' | 'link' | 'tip' | 'time' | 'genesis' | 'merkle' | 'merkle-depth' | 'merkle-position' | 'inner-node' | 'header-size';

const proofWords: Readonly<Record<FalseProof, string>> = {
  work: 'a block header has not the work that it states',
  difficulty: 'a block header states less work than the chain demands at its height',
  link: 'a block header does not follow the one before it',
  tip: 'the newest block header is not the end of the headers it gave',
  time: 'a block header is older than the ones before it allow',
  genesis: 'its first block is that of no chain whose headers can be checked here',
  merkle: 'a transaction is not in the block that was named',
  'merkle-depth': 'a merkle proof is deeper than any block',
  'merkle-position': 'a merkle proof is of a place that its block does not have',
  'inner-node': 'a merkle proof leads through something that is a transaction itself',
  'header-size': 'a block header is not 80 bytes',
};

/** What a server gave as a proof and is none. @see docs/chain-sources.md */
export const falseProof = (reason: FalseProof, details: ErrorDetails = {}): StrongroomError =>
  new StrongroomError('node.proof', `The node's proof does not hold: ${proofWords[reason]}.`, { reason, ...details }, 'Do not use this node until you know why; ask another one.');

/** Why a history cannot be true, in closed words. */
export type FalseHistory = 'invented' | 'missing' | 'double-spend' | 'order' | 'height' | 'repeated' | 'amount';

const historyWords: Readonly<Record<FalseHistory, string>> = {
  invented: 'it lists a transaction that has nothing to do with the address',
  missing: 'it leaves out a transaction that a later one spends from',
  'double-spend': 'two transactions in it spend the same output',
  order: 'a transaction in it is in a block and what it spends from is not',
  height: 'it states two heights for one transaction',
  repeated: 'it lists one transaction twice',
  amount: 'a transaction in it creates more money than can exist',
};

/** What a server said of a wallet's past and cannot be true. */
export const falseHistory = (reason: FalseHistory, details: ErrorDetails = {}): StrongroomError =>
  new StrongroomError('node.history', `The node's history of the wallet cannot be true: ${historyWords[reason]}.`, { reason, ...details }, 'Do not use this node until you know why; ask another one.');

/** A source that is behind: the others, itself a moment ago, or the clock. */
export const laggingNode = (nodes: string, details: ErrorDetails = {}): StrongroomError =>
  new StrongroomError('node.lagging', nodes === '' ? 'The node is behind what it showed before.' : `${nodes}: behind the others.`, { ...(nodes === '' ? {} : { node: nodes }), ...details }, 'Wait until it has caught up, or leave it out.');

/** The same error, which says whose it is. Where it says so already, it stays as it is. */
export function ofNode(error: unknown, node: string): unknown {
  if (!(error instanceof StrongroomError) || !error.code.startsWith('node.') || 'node' in error.details) return error;
  return new StrongroomError(error.code, error.message, { ...error.details, node }, error.hint);
}
