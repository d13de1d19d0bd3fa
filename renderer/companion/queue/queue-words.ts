import { counted } from '../../ui/amount-text.ts';
import type { QueueEntry, ReplyOutcome } from './queue-state.ts';

/** How far a plan has come, in words, with the look that goes with it. */
export function stateTag(entry: Pick<QueueEntry, 'state' | 'confirmations' | 'quorum'>): { readonly words: string; readonly look: string } {
  switch (entry.state) {
    case 'unsigned':
      return { words: 'Unsigned', look: 'tag-plain' };
    case 'partly-signed':
      return { words: entry.quorum === null ? 'Partly signed' : `${counted(entry.quorum.stillNeeded, 'signature')} missing`, look: 'tag-caution' };
    case 'complete':
      return { words: 'Quorum complete', look: 'tag-accent' };
    case 'finalized':
      return { words: 'Ready to send', look: 'tag-accent' };
    case 'broadcast':
      return { words: 'Sent, not in a block', look: 'tag-caution' };
    case 'confirmed':
      return { words: counted(entry.confirmations, 'confirmation'), look: 'tag-verified' };
    case 'expired':
      return { words: 'Expired', look: 'tag-danger' };
    case 'spent-otherwise':
      return { words: 'Its coins were spent otherwise', look: 'tag-danger' };
    case 'discarded':
      return { words: 'Discarded', look: 'tag-plain' };
    case 'superseded':
      return { words: 'Superseded', look: 'tag-danger' };
  }
}

const reasons: Readonly<Record<QueueEntry['reason'], string>> = { planned: 'planned', 'planned-again': 'planned again', bumped: 'higher fee', cancelled: 'taken back', child: 'child that pays for its parent' };

/** "Payment, version 2 (higher fee)". */
export const versionWords = (entry: Pick<QueueEntry, 'kind' | 'version' | 'reason'>): string =>
  `${entry.kind === 'pay' ? 'Payment' : 'Sweep'}, version ${entry.version} (${reasons[entry.reason]})`;

/** Whether signatures or sending are still to come. */
export const isOpen = (entry: Pick<QueueEntry, 'state'>): boolean => ['unsigned', 'partly-signed', 'complete', 'finalized'].includes(entry.state);

/** A version with a higher fee can take its place: until it stands in a block or was given up. */
export const isReplaceable = (entry: Pick<QueueEntry, 'state' | 'kind'>): boolean => entry.kind === 'pay' && (isOpen(entry) || entry.state === 'broadcast');

/** Who signs a plan that no cosigners sign, and where; `null` where cosigners do. */
export function signedElsewhere(entry: Pick<QueueEntry, 'quorum' | 'signers' | 'state'>): string | null {
  if (entry.quorum !== null) return null;
  if (entry.signers === 'hot') return 'The node signs this with a wallet of its own, under Sweep, and it is sent from there.';
  return isOpen(entry) && entry.state !== 'finalized' ? 'The Signer signs this with the keys of the papers. Drop the one file that it gives back.' : 'Signed with the keys of the papers.';
}

export function outcomeWords(outcome: ReplyOutcome): string {
  switch (outcome.outcome) {
    case 'taken':
      if (outcome.signedBy.length === 0 && outcome.finalized) return 'Taken. It is completely signed; the transaction was made and checked.';
      return `Taken: ${outcome.signedBy.map(({ label }) => label).join(', ') || 'no new signature'}${outcome.finalized ? '. The quorum is complete; the transaction was made and checked.' : outcome.stillNeeded === null ? '.' : `. ${counted(outcome.stillNeeded, 'signature')} still missing.`}`;
    case 'duplicate':
      return 'Nothing new: it was here already.';
    case 'refused':
      return outcome.error === null ? 'Not taken.' : `Not taken: ${outcome.error.message} ${outcome.error.hint}`;
  }
}
