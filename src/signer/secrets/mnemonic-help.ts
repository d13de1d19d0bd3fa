import { nearestWords, wordDistance } from './nearest-words.ts';
import { entropyOfPlaces } from './mnemonic-coding.ts';
import { wordListOf, type MnemonicLanguage } from './mnemonic-languages.ts';

/** How a mnemonic with a wrong checksum might have been meant. A secret. */
export type ChecksumRepair =
  | { readonly kind: 'word'; /** From 1. */ readonly position: number; readonly word: string; /** Letters apart from what was given. */ readonly distance: number }
  | { readonly kind: 'swap'; /** From 1. */ readonly positions: readonly [number, number] };

/** Farther apart than this, a word is not a slip of the pen. */
const FARTHEST_SLIP = 2;

/**
 * For words that all exist and whose checksum is wrong: neighbours that may have changed places, and single words that may
 * be a misread of another, nearest first. Any 12-word mnemonic has about 1,500 neighbours by checksum alone, so only words
 * within two letters are offered.
 *
 * SECURITY: suggestions, never taken without a person's word: each is a valid mnemonic of somebody, and of them all at most
 * one is the right one.
 * @returns none when a word is not in the list
 */
export function checksumRepairs(words: readonly string[], language: MnemonicLanguage): readonly ChecksumRepair[] {
  const list = wordListOf(language);
  const given = words.map(normalised);
  const places = given.map((word) => list.indexOf(word));
  if (places.includes(-1)) return [];
  const swaps = places.slice(1).flatMap((place, before): ChecksumRepair[] => {
    const swapped = places.with(before, place).with(before + 1, places[before] as number);
    return place !== places[before] && checksumFits(swapped) ? [{ kind: 'swap', positions: [before + 1, before + 2] }] : [];
  });
  const others = given.flatMap((slip, index) =>
    list.flatMap((word, place) => {
      const distance = wordDistance(slip, word, FARTHEST_SLIP);
      return distance === 0 || distance > FARTHEST_SLIP || !checksumFits(places.with(index, place)) ? [] : [{ kind: 'word' as const, position: index + 1, word, distance }];
    }),
  );
  return [...swaps, ...others.sort((a, b) => a.distance - b.distance || a.position - b.position)];
}

/**
 * The words that may stand in the one place that is `null`, by the checksum: 128 of them in a mnemonic of 12 words, 8 in
 * one of 24. With the last place open this finds the last word for words that were drawn by hand.
 * @returns in the order of the word list; none when a given word is not in the list or not exactly one place is open
 */
export function possibleWords(words: readonly (string | null)[], language: MnemonicLanguage): readonly string[] {
  const list = wordListOf(language);
  const open = words.indexOf(null);
  const places = words.map((word) => (word === null ? -1 : list.indexOf(normalised(word))));
  if (open === -1 || places.some((place, index) => place === -1 && index !== open)) return [];
  return list.filter((_, place) => checksumFits(places.with(open, place)));
}

const normalised = (word: string): string => word.normalize('NFKD').toLowerCase();

function checksumFits(places: readonly number[]): boolean {
  const { entropy, checksumFits: fits } = entropyOfPlaces(places);
  entropy.fill(0);
  return fits;
}

/** For a word that is not in the language's list: the nearest ones. @see nearestWords */
export const nearestMnemonicWords = (given: string, language: MnemonicLanguage): readonly string[] => nearestWords(given, wordListOf(language));
