import type { MnemonicLength } from '../mnemonic.ts';

/** Ways in which a person can make chance with their hands, in the order in which they are mixed. */
export const userSourceNames = ['dice', 'coins', 'cards', 'typed'] as const;
export type UserSourceName = (typeof userSourceNames)[number];

/** What a person threw, drew or typed, read and judged. */
export interface UserEntropy {
  readonly source: UserSourceName;
  /** Rolls, flips, cards or characters. */
  readonly count: number;
  /**
   * What is mixed. Dice: one byte a roll, 1 to 6. Coins: one byte a flip, 0 (tails) or 1 (heads). Cards: two ASCII
   * characters a card (`AS7H`), a slash where a deck was shuffled anew. Typed: UTF-8. A secret: wipe it after use.
   */
  readonly content: Uint8Array;
  /** What it is worth at least; 0 for what is too short to be judged. */
  readonly bits: number;
  /** Whether it would do if it were the only source. */
  readonly reachesFloor: boolean;
  /** The checks that it passed, such as `dice/face`; none where it is too short to be judged. */
  readonly health: readonly string[];
}

/** Bits of a key of so many words (BIP39: 11 bits a word, of which 1 in 33 is checksum). */
export const keyBits = (words: MnemonicLength): 128 | 256 => (words === 12 ? 128 : 256);

/** What one keystroke counts for at most, in bits: see typed.ts. */
export const MOST_BITS_PER_KEY = 1;

// A die gives log2(6) = 2.58 bits: 50 rolls hold 129 bits and 99 hold 255.9. A coin gives one bit. The first 25 cards of a
// shuffled deck hold log2(52!/27!) = 132.4 bits (24: 127.6); a whole deck holds 225.6, and six cards of a second one make
// it 259.4 (five: 253.8). A keystroke counts one bit at most.
const floors: Readonly<Record<UserSourceName, Readonly<Record<MnemonicLength, number>>>> = {
  dice: { 12: 50, 24: 99 },
  coins: { 12: 128, 24: 256 },
  cards: { 12: 25, 24: 58 },
  typed: { 12: 128 / MOST_BITS_PER_KEY, 24: 256 / MOST_BITS_PER_KEY },
};

/**
 * The least rolls, flips, cards or characters for a key of so many words: as many as would do if they were the only source.
 * Characters may have to be more, by how they were typed.
 */
export const leastCount = (source: UserSourceName, words: MnemonicLength): number => floors[source][words];
