import { equalBytes } from '../../domain/bytes.ts';
import type { ReviewFacts } from '../facts.ts';
import { finding, type Finding } from '../finding.ts';

/** Keys that are named of those that a sweep leaves out. */
const MAX_NAMED = 20;

/**
 * A sweep hands over all that its papers hold, to an address that an online computer chose. So the destination is proven to be
 * a registered wallet's, or a person compares it; and who opened a key that the transaction forgets is told.
 */
export function sweepFindings(facts: ReviewFacts): Finding[] {
  const { singleKeys = [] } = facts.context;
  if (singleKeys.length === 0) return [];
  const unproven = facts.outputs
    // What carries data is judged as such.
    .filter(({ to, isChange, type }) => to === null && !isChange && type !== 'op-return')
    .map(({ index, address, amountSats }) => finding('sweep.unproven-destination', 'output', index, { amountSats: String(amountSats), ...(address === null ? {} : { address }) }));
  const unused = singleKeys.filter((key) => !facts.inputs.some(({ singleKey }) => singleKey !== null && equalBytes(singleKey.key.publicKey, key.publicKey)));
  const forgotten = unused.length === 0 ? [] : [finding('sweep.key-unused', 'global', 0, { count: unused.length, fingerprints: unused.slice(0, MAX_NAMED).map((key) => key.fingerprint).join(' ') })];
  return [...unproven, ...forgotten];
}
