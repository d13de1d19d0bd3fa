import type { QueueEntry, QueueEvidence } from './queue.ts';

export const queueStates = ['unsigned', 'partly-signed', 'complete', 'finalized', 'broadcast', 'confirmed', 'expired', 'spent-otherwise', 'discarded', 'superseded'] as const;

/**
 * Where a plan stands. `complete`: the quorum has signed, the transaction is not made yet. `expired`: its time is over and it was not
 * sent. `spent-otherwise`: a transaction that is none of its versions spends one of its inputs. `superseded`: another version of the
 * payment took its place; `by` names that one's plan.
 */
export type QueueState =
  | { readonly state: 'unsigned' | 'partly-signed' | 'complete' | 'finalized' | 'broadcast' | 'expired' | 'discarded' }
  | { readonly state: 'confirmed'; readonly confirmations: number }
  | { readonly state: 'superseded'; readonly by: string }
  | { readonly state: 'spent-otherwise'; readonly by: string };

/** A version with what the books know of it. */
export interface VersionEvidence {
  readonly entry: QueueEntry;
  readonly evidence: QueueEvidence;
}

/**
 * The state of a version, from what is known of it and of its siblings. Nothing of it is stored: a reorganisation or a refusal by the
 * node changes it by itself.
 * @param versions all of the payment, this one among them
 * @param tipHeight of the books; `null` where they were never refreshed
 * @param now ISO 8601, UTC
 */
export function queueState({ entry, evidence }: VersionEvidence, versions: readonly VersionEvidence[], tipHeight: number | null, now: string): QueueState {
  const { booked, spentBy } = evidence;
  if (booked?.confirmed === true) {
    return { state: 'confirmed', confirmations: booked.height === null || tipHeight === null ? 1 : Math.max(1, tipHeight - booked.height + 1) };
  }
  const others = versions.filter((other) => other.entry.planId !== entry.planId);
  for (const { txid, planId, confirmed } of spentBy) {
    const version = others.find((other) => other.entry.final?.txid === txid || other.entry.planId === txid || other.entry.planId === planId);
    if (version === undefined) return { state: 'spent-otherwise', by: txid };
    // A version that only waits is what this one may be about to replace.
    if (confirmed) return { state: 'superseded', by: version.entry.planId };
  }
  const later = others.filter((other) => other.entry.version > entry.version);
  const sentLater = later.findLast((other) => other.evidence.sent === 'sent');
  if (sentLater !== undefined) return { state: 'superseded', by: sentLater.entry.planId };
  if (evidence.sent === 'sent') return { state: 'broadcast' };
  const successor = later.findLast((other) => other.entry.discarded === null);
  if (successor !== undefined) return { state: 'superseded', by: successor.entry.planId };
  if (entry.discarded !== null) return { state: 'discarded' };
  if (entry.expiresAt <= now) return { state: 'expired' };
  if (entry.final !== null) return { state: 'finalized' };
  if (entry.stillNeeded === 0) return { state: 'complete' };
  return { state: entry.signatures.length > 0 || entry.signingWallets.some(({ required, stillNeeded }) => stillNeeded < required) ? 'partly-signed' : 'unsigned' };
}

/** Whether a plan still waits to be signed or sent. Only then are its outputs kept for it. */
export const isWaiting = ({ state }: QueueState): boolean => state === 'unsigned' || state === 'partly-signed' || state === 'complete' || state === 'finalized';
