const CONSONANTS = 'bdfghjklmnprstvz';
const VOWELS = 'aiou';

/**
 * 16 bits as a word of five letters, consonant and vowel in turn: pronounceable in most languages, and no word list needed.
 * @see Wilkerson, "A Proposal for Proquints: Identifiers that are Readable, Spellable, and Pronounceable"
 */
export function proquint(value: number): string {
  const consonant = (shift: number): string => CONSONANTS[(value >> shift) & 15] as string;
  const vowel = (shift: number): string => VOWELS[(value >> shift) & 3] as string;
  return consonant(12) + vowel(10) + consonant(6) + vowel(4) + consonant(0);
}

/** True when a person typed these words; case, and blanks or hyphens between them, do not matter. */
export const isTyped = (typed: string, words: string): boolean => typed.trim().toLowerCase().split(/[\s-]+/).join(' ') === words;
