import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { MnemonicLength } from '../mnemonic.ts';
import { requireIrregular } from './regularity.ts';

/** Ways in which a person can make chance with their hands. */
export type UserSourceName = 'dice' | 'coins';

/** Checked rolls or flips. */
export interface UserEntropy {
  readonly source: UserSourceName;
  /** One byte a roll or flip: a die's 1 to 6, or a coin's 0 (tails) and 1 (heads). */
  readonly faces: Uint8Array;
}

// A die gives log2(6) = 2.58 bits: 50 rolls hold 129 bits and 99 hold 255.9; a coin gives one bit.
const floors: Readonly<Record<UserSourceName, Readonly<Record<MnemonicLength, number>>>> = {
  dice: { 12: 50, 24: 99 },
  coins: { 12: 128, 24: 256 },
};

/** The least rolls or flips for a key of so many words: as many as would do if they were the only source. */
export const leastFaces = (source: UserSourceName, words: MnemonicLength): number => floors[source][words];

/**
 * Rolls of a six-sided die: digits 1 to 6; blanks, line breaks, commas and semicolons between them are ignored.
 * @throws StrongroomError `entropy.malformed`, `entropy.too-little`, `entropy.weak`
 */
export function parseDice(text: string, words: MnemonicLength): UserEntropy {
  return checked('dice', facesOf(text, 'dice', { 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6 }), words);
}

/**
 * Flips of a coin: 0 and 1, or t (tails) and h (heads) in either case, but not both notations in one text; separators as
 * for dice.
 * @throws StrongroomError `entropy.malformed`, `entropy.too-little`, `entropy.weak`
 */
export function parseCoins(text: string, words: MnemonicLength): UserEntropy {
  const notation = /[01]/.test(text) ? { 0: 0, 1: 1 } : { t: 0, T: 0, h: 1, H: 1 };
  return checked('coins', facesOf(text, 'coins', notation), words);
}

function facesOf(text: string, source: UserSourceName, notation: Readonly<Record<string, number>>): Uint8Array {
  const faces = new Uint8Array(text.length);
  let count = 0;
  let position = 0;
  for (const character of text) {
    position += 1;
    if (/[\s,;]/.test(character)) continue;
    const face = Object.hasOwn(notation, character) ? notation[character] : undefined;
    if (face === undefined) {
      faces.fill(0);
      // The position only: the characters around it are part of a secret.
      throw new StrongroomError('entropy.malformed', `Character ${position} is no face of ${source === 'dice' ? 'a die' : 'a coin'}.`, { source, position }, source === 'dice' ? 'Write each roll as a digit from 1 to 6.' : 'Write each flip as 0 or 1, or as t or h.');
    }
    faces[count] = face;
    count += 1;
  }
  const exact = faces.slice(0, count);
  faces.fill(0);
  return exact;
}

function checked(source: UserSourceName, faces: Uint8Array, words: MnemonicLength): UserEntropy {
  const least = leastFaces(source, words);
  if (faces.length < least) {
    throw new StrongroomError('entropy.too-little', `${faces.length} of at least ${least} ${source === 'dice' ? 'rolls' : 'flips'} for ${words} words.`, { source, given: faces.length, least }, `Add ${least - faces.length} more.`);
  }
  requireIrregular(source, faces);
  return { source, faces };
}
