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

/** `2026-11-22T19:50:02.000Z` -> `2026-11-22 19:50`, UTC. */
export const bookedText = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)}`;
