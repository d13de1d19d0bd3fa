import { ALPHABET } from '../secrets/codex32/codex32.ts';
import { entropyOfPlaces } from '../secrets/mnemonic-coding.ts';
import { slip39Words } from '../secrets/slip39/words.ts';
import { wordListOf } from '../secrets/mnemonic-languages.ts';
import { wipe } from '../secrets/wipe.ts';

/*
 * Slips of the pen, chosen so that what they lead to is certain. A mnemonic's checksum has 4 bits for 12 words and 8 for 24:
 * of every 16, or 256, wrong words that exist, one passes it. Left to chance, a rehearsal would now and then see that one and
 * be wrong about it; so each slip is looked for of the kind that is asked for. All of it secret: places of words of a key.
 */

const english = wordListOf('english');

/** Whether the checksum of the words at these places of the English list fits. */
export function checksumFits(places: readonly number[]): boolean {
  const { entropy, checksumFits: fits } = entropyOfPlaces(places);
  wipe(entropy);
  return fits;
}

export const textOfPlaces = (places: readonly number[]): string => places.map((place) => english[place] as string).join(' ');

/**
 * The mnemonic with its last word replaced by another of the list.
 * @param isNoticed whether the checksum is to notice. Both kinds always exist: the last word carries the whole checksum, so of
 * its 2048 replacements 8 fit among 24 words and 128 among 12, the right one included.
 */
export function withWrongLastWord(places: readonly number[], isNoticed: boolean): readonly number[] {
  const last = places.length - 1;
  const slip = english.findIndex((_, place) => place !== places[last] && checksumFits(places.with(last, place)) !== isNoticed);
  return places.with(last, slip);
}

/** The mnemonic with a word of it smeared into something that no list holds. */
export const withSmudgedWord = (places: readonly number[], position: number): string =>
  places.map((place, index) => (index === position ? `${(english[place] as string).slice(0, 2)}zzq` : (english[place] as string))).join(' ');

/**
 * The mnemonic with two different words in each other's place, neighbours before others.
 * @returns `null` where it has no such pair: then another mnemonic is needed
 */
export function withSwappedWords(places: readonly number[], isNoticed: boolean): readonly number[] | null {
  const pairs = places.flatMap((_, first) => places.slice(first + 1).map((__, between) => [first, first + 1 + between] as const));
  pairs.sort(([a, b], [c, d]) => b - a - (d - c));
  for (const [a, b] of pairs) {
    const swapped = places.with(a, places[b] as number).with(b, places[a] as number);
    if (places[a] !== places[b] && checksumFits(swapped) !== isNoticed) return swapped;
  }
  return null;
}

/** A SLIP-39 share with one word replaced by its neighbour in the list; its checksum finds any three wrong words. */
export const withWrongShareWord = (share: string, position: number): string =>
  share.split(' ').map((word, index) => (index === position ? (slip39Words[(slip39Words.indexOf(word) + 1) % slip39Words.length] as string) : word)).join(' ');

/** A codex32 string with one character replaced by its neighbour in the alphabet; its checksum finds any eight. */
export function withWrongCharacter(text: string, position: number): string {
  const characters = [...text.toLowerCase()];
  characters[position] = ALPHABET[(ALPHABET.indexOf(characters[position] as string) + 1) % ALPHABET.length] as string;
  return characters.join('').toUpperCase();
}

/** A file with the lowest bit of one byte flipped, as a worn stick gives it back. @param fromEnd 1 is the last byte */
export function withFlippedBit(file: Uint8Array, fromEnd: number): Uint8Array {
  const damaged = Uint8Array.from(file);
  const at = damaged.length - fromEnd;
  damaged[at] = (damaged[at] as number) ^ 1;
  return damaged;
}

/** A passphrase with a blank behind it, which no screen shows. */
export const withBlankBehind = (passphrase: string): string => `${passphrase} `;
