import { counted } from '../../ui/amount-text.ts';
import type { Books } from '../session.ts';

export type Entry = Books['entries'][number];

/** How far an entry has come, in words. */
export function stateWords(entry: Pick<Entry, 'state' | 'confirmations' | 'height'>): { readonly words: string; readonly look: string } {
  switch (entry.state) {
    case 'broadcast':
      return { words: 'Sent, not in a block', look: 'tag-caution' };
    case 'confirmed':
      return { words: `Block ${entry.height?.toLocaleString('en-GB') ?? ''} · ${counted(entry.confirmations, 'confirmation')}`, look: 'tag-verified' };
    case 'replaced':
      return { words: 'Replaced by another transaction', look: 'tag-danger' };
    case 'reorganised':
      return { words: 'Its block left the chain', look: 'tag-danger' };
  }
}

const exceptions: Readonly<Record<string, string>> = {
  'previous-left-chain': 'The last block of the period before left the chain', 'changed-after-close': 'Something in an earlier close has changed since', 'note-changed-after-close': 'A note of an earlier close was changed since',
  'opening-differs': 'It does not open with what the last close ended with', 'unplanned-payment': 'Money left without a plan that is known here', 'fee-unknown': 'The fee of a transaction is not known',
  waiting: 'A transaction still waits for a block', shallow: 'The last block has few confirmations and could still leave the chain',
};
/** What a close asks a person to look at; by its code where it is not known here. */
export const exceptionWords = (code: string): string => exceptions[code] ?? code;

/** `2026-11-22T19:50:02.000Z` -> `2026-11-22 19:50`, UTC. */
export const bookedText = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)}`;
