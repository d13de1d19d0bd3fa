import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { MnemonicLength } from '../mnemonic.ts';
import { requireIrregular } from './regularity.ts';
import { keyBits, leastCount, type UserEntropy, type UserSourceName } from './user-source.ts';

/**
 * Rolls of a six-sided die: digits 1 to 6; blanks, line breaks, commas and semicolons between them are ignored.
 * @throws StrongroomError `entropy.malformed`, `entropy.weak`
 */
export function parseDice(text: string, words: MnemonicLength): UserEntropy {
  return judged('dice', facesOf(text, 'dice', { 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6 }), words, Math.log2(6));
}

/**
 * Flips of a coin: 0 and 1, or t (tails) and h (heads) in either case, but not both notations in one text; separators as
 * for dice.
 * @throws StrongroomError `entropy.malformed`, `entropy.weak`
 */
export function parseCoins(text: string, words: MnemonicLength): UserEntropy {
  const notation = /[01]/.test(text) ? { 0: 0, 1: 1 } : { t: 0, T: 0, h: 1, H: 1 };
  return judged('coins', facesOf(text, 'coins', notation), words, 1);
}

/** The rolls as the text that dice-only keys are the hash of: digits alone. @param faces as `parseDice` gives them */
export const rollsText = (faces: Uint8Array): Uint8Array => faces.map((face) => face + 0x30);

function facesOf(text: string, source: 'dice' | 'coins', notation: Readonly<Record<string, number>>): Uint8Array {
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

function judged(source: 'dice' | 'coins', faces: Uint8Array, words: MnemonicLength, bitsPerFace: number): UserEntropy {
  const reachesFloor = faces.length >= leastCount(source, words);
  try {
    const health = reachesFloor ? requireIrregular(source, [...faces]).health : [];
    return { source, count: faces.length, content: faces, bits: reachesFloor ? wholeBits(faces.length * bitsPerFace) : 0, reachesFloor, health };
  } catch (refusal) {
    faces.fill(0);
    throw refusal;
  }
}

/** Bits as they stand in records: never rounded up. */
export const wholeBits = (bits: number): number => Math.floor(bits);

const units: Readonly<Record<UserSourceName, string>> = { dice: 'rolls', coins: 'flips', cards: 'cards', typed: 'characters' };

/**
 * Demands that a person gave chance of their own: at least one source that would do alone. What else was given may be
 * shorter; it is mixed in all the same, counts for nothing, and is not judged, since a few honest rolls often look regular.
 * @throws StrongroomError `entropy.too-little`
 */
export function requireUserEntropy(user: readonly UserEntropy[], words: MnemonicLength): void {
  if (user.some(({ reachesFloor }) => reachesFloor)) return;
  const first = user[0];
  if (first === undefined) {
    throw new StrongroomError('entropy.too-little', `A key needs chance of your own, enough for ${keyBits(words)} bits; there is none.`, { source: 'none', given: 0, least: leastCount('dice', words) }, `Roll a die ${leastCount('dice', words)} times, flip a coin ${leastCount('coins', words)} times, or draw ${leastCount('cards', words)} cards of a shuffled deck.`);
  }
  const { source, count, bits } = first;
  // Characters that were long enough to be judged are worth what their min-entropy says; the same hand needs more of them.
  const least = bits === 0 ? leastCount(source, words) : Math.ceil((count * keyBits(words)) / bits);
  throw new StrongroomError('entropy.too-little', `${count} of at least ${least} ${units[source]} for ${words} words.`, { source, given: count, least }, `Add ${least - count} more.`);
}
