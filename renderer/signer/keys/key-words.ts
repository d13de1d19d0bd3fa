import type { KeyFacts } from '../session.ts';
import type { KeyCopies } from './keys-state.ts';
import { languageNames } from './restore-form.ts';

/** What the key file holds, in words. */
export function keptAs({ secret, words, language }: Pick<KeyFacts, 'secret' | 'words' | 'language'>): string {
  if (secret === 'mnemonic') return `${words ?? ''} words${language === null ? '' : `, ${languageNames[language]}`}`;
  return secret === 'seed' ? 'a seed that came as shares; no words lead to it' : 'a master key; no words lead to it';
}

type CopyState = KeyCopies['copies'][number]['state'];

/** How a copy was when it was last looked at, with the weight of it. */
export const copyStates: Readonly<Record<CopyState, { readonly words: string; readonly look: 'verified' | 'caution' | 'danger' }>> = {
  intact: { words: 'intact', look: 'verified' },
  absent: { words: 'not there now', look: 'caution' },
  changed: { words: 'differs from this file', look: 'caution' },
  unreadable: { words: 'cannot be read', look: 'danger' },
};

/** What a person must know of the copies before anything else. */
export function copiesSentence(copies: KeyCopies['copies']): { readonly isSafe: boolean; readonly words: string } {
  const intact = copies.filter(({ state }) => state === 'intact').length;
  if (copies.length === 0) return { isSafe: false, words: 'This file is the only copy. If this laptop is lost, the key comes back from paper or not at all.' };
  if (intact === 0) return { isSafe: false, words: `No copy is known to be the same as this file.${copies.some(({ state }) => state === 'changed') ? ' One that differs is from before the passphrase was changed, or damaged.' : ''} Copy it again.` };
  return { isSafe: true, words: intact === 1 ? 'One copy besides this file.' : `${intact} copies besides this file.` };
}
