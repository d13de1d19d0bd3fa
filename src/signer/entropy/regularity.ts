import { StrongroomError } from '../../errors/strongroom-error.ts';
import { walkShare } from './keyboard-walk.ts';
import type { UserSourceName } from './user-source.ts';

/**
 * Why a sequence is refused; a closed list.
 *
 * `face`: one face or character too often. `cycle`: it repeats itself at a fixed distance. `chunk`: what came before tells
 * what comes next. `step`: one step from each to the next too often (1 2 3 4, a deck as it was bought). `walk`: along the
 * lines of a keyboard. `few`: too few different characters.
 */
export type Pattern = 'face' | 'cycle' | 'chunk' | 'step' | 'walk' | 'few';

/** A way to guess each next symbol, and how often it may be right. */
interface Guess {
  readonly pattern: Pattern;
  /** The share of places at which the guess is right, 0 to 1. */
  readonly share: (symbols: readonly number[]) => number;
  /** Above this share the sequence is refused. */
  readonly limit: number;
}

// A fair die passes 30 % for some face about once in 30 sequences of 50 rolls: rolling on heals it. Every other limit is
// passed by chance less than once in 1,000 sequences of the least length, and less often the longer they are. Made-up
// sequences pass them often. The tests count both.
const guesses: Readonly<Record<UserSourceName, readonly Guess[]>> = {
  dice: [
    { pattern: 'face', share: faceShare, limit: 0.3 },
    { pattern: 'cycle', share: cycleShare, limit: 0.6 },
    { pattern: 'step', share: stepShare(6), limit: 0.45 },
    { pattern: 'chunk', share: chunkShare(1, 2, 3), limit: 0.45 },
  ],
  coins: [
    { pattern: 'face', share: faceShare, limit: 0.65 },
    { pattern: 'cycle', share: cycleShare, limit: 0.8 },
    { pattern: 'chunk', share: chunkShare(3, 8), limit: 0.7 },
  ],
  cards: [
    // Suits follow each other in four ways and ranks in thirteen, both in fifty-one.
    { pattern: 'step', share: stepShare(52), limit: 0.25 },
    { pattern: 'step', share: (cards) => stepShare(13)(cards.map((card) => card % 13)), limit: 0.5 },
    { pattern: 'step', share: (cards) => stepShare(4)(cards.map((card) => Math.floor(card / 13))), limit: 0.8 },
    { pattern: 'cycle', share: secondDeckShare, limit: 0.6 },
  ],
  typed: [
    { pattern: 'few', share: (keys) => 1 / new Set(keys).size, limit: 0.1 },
    { pattern: 'face', share: faceShare, limit: 0.2 },
    { pattern: 'cycle', share: cycleShare, limit: 0.35 },
    { pattern: 'walk', share: walkShare, limit: 0.25 },
    { pattern: 'step', share: stepShare(0x110000, { still: false }), limit: 0.3 },
    { pattern: 'chunk', share: chunkShare(1, 2, 3), limit: 0.35 },
  ],
};

/** What the guesses found. */
export interface Judgement {
  /** Bits a symbol by the best guess: -log2 of the share of places at which it is right. */
  readonly minEntropyBits: number;
  /** The checks that were passed, such as `dice/face`. */
  readonly health: readonly string[];
}

/**
 * Refuses a sequence whose next symbol can be guessed too often, and measures its min-entropy by the best of the guesses. No
 * test can tell that a sequence IS chance; these catch a loaded die, a stuck key, `123456123456...` and a deck as bought.
 * @param symbols one number a roll, flip, card (0 to 51: suit by suit, ace to king) or character (its code point)
 * @throws StrongroomError `entropy.weak` with the pattern, and nothing of the sequence
 */
export function requireIrregular(source: UserSourceName, symbols: readonly number[]): Judgement {
  let best = 0;
  for (const { pattern, share, limit } of guesses[source]) {
    const right = share(symbols);
    if (right > limit) throw weak(source, pattern);
    // Steps between cards, or between the letters of the alphabet, are rules of thumb and no measure.
    if (pattern !== 'step') best = Math.max(best, right);
  }
  return { minEntropyBits: best === 0 ? 0 : -Math.log2(best), health: [...new Set(guesses[source].map(({ pattern }) => `${source}/${pattern}`))] };
}

/** The guess "always the commonest". */
function faceShare(symbols: readonly number[]): number {
  return commonest(symbols) / symbols.length;
}

/** The best guess of the kind "as so many places before", over all distances up to half the length. */
function cycleShare(symbols: readonly number[]): number {
  let best = 0;
  for (let distance = 1; distance <= symbols.length / 2; distance += 1) best = Math.max(best, agreement(symbols, distance));
  return best;
}

/** Within a deck no card comes twice; only another deck can repeat the order of the first. */
function secondDeckShare(cards: readonly number[]): number {
  let best = 0;
  for (let distance = 1; distance <= cards.length - 5; distance += 1) best = Math.max(best, agreement(cards, distance));
  return best;
}

function agreement(symbols: readonly number[], distance: number): number {
  let equal = 0;
  for (let place = distance; place < symbols.length; place += 1) if (symbols[place] === symbols[place - distance]) equal += 1;
  return equal / (symbols.length - distance);
}

/** The guess "always the commonest step from one to the next", counted round; `still` says whether no step counts as one. */
function stepShare(modulus: number, { still = true } = {}) {
  return (symbols: readonly number[]): number => {
    const steps = symbols.slice(1).map((symbol, place) => (symbol - (symbols[place] as number) + modulus) % modulus);
    return commonest(still ? steps : steps.filter((step) => step !== 0)) / steps.length;
  };
}

/** The guess "what followed last time after the same one, two, ... symbols", for the best of some lengths of memory. */
function chunkShare(...memories: readonly number[]) {
  return (symbols: readonly number[]): number => {
    const shares = memories.map((memory) => {
      const followed = new Map<string, number>();
      let right = 0;
      for (let place = memory; place < symbols.length; place += 1) {
        const before = symbols.slice(place - memory, place).join();
        if (followed.get(before) === symbols[place]) right += 1;
        followed.set(before, symbols[place] as number);
      }
      return right / symbols.length;
    });
    return Math.max(...shares);
  };
}

function commonest(symbols: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const symbol of symbols) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

const units: Readonly<Record<UserSourceName, string>> = { dice: 'rolls', coins: 'flips', cards: 'cards', typed: 'keys' };
const sentences: Readonly<Record<Pattern, string>> = {
  face: 'One of them comes far too often.',
  cycle: 'They repeat themselves at a fixed distance.',
  chunk: 'The same pieces come again and again.',
  step: 'They follow each other by one rule.',
  walk: 'They walk along the lines of a keyboard.',
  few: 'Too few of them are different.',
};
const hints: Readonly<Record<UserSourceName, string>> = {
  dice: 'Roll really, with another die if need be, and write down each roll.',
  coins: 'Flip really, with another coin if need be, and write down each flip.',
  cards: 'Shuffle the deck well, seven times or more, and draw again from the top.',
  typed: 'Hit keys all over the keyboard with both hands, without words and without an order; or take dice.',
};

const weak = (source: UserSourceName, pattern: Pattern): StrongroomError =>
  new StrongroomError('entropy.weak', `The ${units[source]} are too regular to be chance. ${sentences[pattern]}`, { source, pattern }, hints[source]);
