import { utf8 } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { MnemonicLength } from '../mnemonic.ts';
import { requireIrregular } from './regularity.ts';
import { wholeBits } from './user-entropy.ts';
import { keyBits, leastCount, MOST_BITS_PER_KEY, type UserEntropy } from './user-source.ts';

/**
 * Keys hit at random. Blanks and line breaks are ignored; capitals make no difference to the judgement.
 *
 * Hands on a keyboard are poor dice, so each character counts for half of the min-entropy that the best of several guesses
 * leaves it (the commonest character, what followed last time, the line of the keyboard, a fixed distance), and for one bit
 * at most. That is what a letter of English is worth (Shannon, Prediction and entropy of printed English, 1951): who types
 * prose in spite of all advice is credited with no more than prose holds, though a sentence that stands in a book holds
 * nothing. So 12 words take 128 characters and 24 take 256, and more from a hand that repeats itself.
 * @throws StrongroomError `entropy.malformed` for a character that no key types, `entropy.weak`
 */
export function parseTyped(text: string, words: MnemonicLength): UserEntropy {
  const characters = [...text.normalize('NFC').replace(/\s/g, '')];
  const odd = characters.findIndex((character) => /[\p{C}\p{Z}]/u.test(character));
  if (odd >= 0) {
    // The position only: the characters around it are part of a secret.
    throw new StrongroomError('entropy.malformed', `Character ${odd + 1} is none that a key types.`, { source: 'typed', position: odd + 1 }, 'Type letters, digits and signs.');
  }
  const given = { source: 'typed' as const, count: characters.length, content: utf8(characters.join('')) };
  if (characters.length < leastCount('typed', words)) return { ...given, bits: 0, reachesFloor: false, health: [] };
  const keys = characters.map((character) => character.toLowerCase().codePointAt(0) as number);
  const { minEntropyBits, health } = requireIrregular('typed', keys);
  const bits = characters.length * Math.min(MOST_BITS_PER_KEY, minEntropyBits / 2);
  return { ...given, bits: wholeBits(bits), reachesFloor: bits >= keyBits(words), health };
}
