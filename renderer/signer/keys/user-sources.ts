import { bitsOfCards, cardsIn, readCards, suits } from './cards.ts';

/** Ways in which a person can make chance with their hands, as the host names them. */
export type UserSource = 'dice' | 'coins' | 'cards' | 'typed';
export const userSources: readonly UserSource[] = ['dice', 'coins', 'cards', 'typed'];

/** What was thrown, drawn and typed, as the host takes it; empty where a source was not used. A secret. */
export type UserTexts = Readonly<Record<UserSource, string>>;
export const noTexts: UserTexts = { dice: '', coins: '', cards: '', typed: '' };

export const sourceNames: Readonly<Record<UserSource, string>> = { dice: 'Dice', coins: 'Coins', cards: 'Cards', typed: 'Keys' };
export const sourceUnits: Readonly<Record<UserSource, readonly [one: string, many: string]>> = { dice: ['roll', 'rolls'], coins: ['flip', 'flips'], cards: ['card', 'cards'], typed: ['key', 'keys'] };

/**
 * How much of a source does alone, for a key of so many words. The host asks for the same: a die gives 2.58 bits, a coin one,
 * 25 cards of a deck 132, a whole deck and six cards of a second one 259; a key that a hand hits counts one at most.
 */
const floors: Readonly<Record<UserSource, Readonly<Record<12 | 24, number>>>> = {
  dice: { 12: 50, 24: 99 },
  coins: { 12: 128, 24: 256 },
  cards: { 12: 25, 24: 58 },
  typed: { 12: 128, 24: 256 },
};
export const leastCount = (source: UserSource, words: 12 | 24): number => floors[source][words];

/** Keeps what counts of what was typed. Of keys everything counts, blanks too. */
export function cleaned(source: UserSource, typed: string): string {
  switch (source) {
    case 'dice':
      return typed.replace(/[^1-6]/g, '');
    case 'coins':
      // One notation, whichever was typed: the host takes no mixture.
      return typed.toUpperCase().replace(/0/g, 'T').replace(/1/g, 'H').replace(/[^HT]/g, '');
    case 'cards':
      return typed.toUpperCase().replace(/[^0-9TJQKASHDC/ ]/g, '').replace(/ +/g, ' ');
    case 'typed':
      return typed.slice(0, 16_384);
  }
}

const keysOf = (text: string): readonly string[] => [...text.replace(/\s/g, '').toLowerCase()];

/** How many rolls, flips, cards or keys a text holds. */
export function countOf(source: UserSource, text: string): number {
  if (source === 'cards') return cardsIn(text).length;
  return source === 'typed' ? keysOf(text).length : text.length;
}

/** What a text is worth, in whole bits. The host measures for itself, and keys more strictly than this. */
export function bitsOf(source: UserSource, text: string): number {
  switch (source) {
    case 'dice':
      return Math.floor(text.length * Math.log2(6));
    case 'coins':
      return text.length;
    case 'cards':
      return Math.floor(bitsOfCards(text));
    case 'typed': {
      const keys = keysOf(text);
      if (keys.length === 0) return 0;
      const commonest = Math.max(...[...Map.groupBy(keys, (key) => key).values()].map((same) => same.length));
      // Hands are poor dice: half of what the commonest key leaves, and one bit at most.
      return Math.floor(keys.length * Math.min(1, Math.log2(keys.length / commonest) / 2));
    }
  }
}

export const bitsNeeded = (words: 12 | 24): 128 | 256 => (words === 12 ? 128 : 256);

export type Evenness = 'too-few' | 'even' | 'uneven';

/** A bar of the picture. */
export interface FaceCount {
  readonly face: string;
  readonly count: number;
}

/** How often each face came: dice and coins by face, cards by suit. */
export function faceCounts(source: 'dice' | 'coins' | 'cards', text: string): readonly FaceCount[] {
  const faces = { dice: [...'123456'], coins: ['H', 'T'], cards: suits }[source];
  const seen = source === 'cards' ? cardsIn(text).map((card) => card.charAt(1)) : [...text];
  return faces.map((face) => ({ face, count: seen.filter((one) => one === face).length }));
}

/** How many there must be before a judgement means anything, and the largest share of one face. The host refuses more. */
const judgements = { dice: { enough: 30, largestShare: 0.3 }, coins: { enough: 60, largestShare: 0.65 } } as const;

/**
 * Whether dice or coins look fair. A picture for a person; the host decides for itself, and looks for patterns too. Cards
 * of one deck cannot be uneven for long.
 */
export function evenness(source: 'dice' | 'coins' | 'cards', text: string): Evenness {
  const counts = faceCounts(source, text).map(({ count }) => count);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (source === 'cards') return total < 13 ? 'too-few' : 'even';
  const { enough, largestShare } = judgements[source];
  if (total < enough) return 'too-few';
  return Math.max(...counts) > total * largestShare ? 'uneven' : 'even';
}

/** Where a source stands. `short`: fewer than would do alone, and mixed in all the same. `refused`: the host would refuse it. */
export type SourceStanding = 'unused' | 'short' | 'enough' | 'refused';

/** Why what was given of a source would be refused, or `null`. */
export function sourceProblem(source: UserSource, text: string, words: 12 | 24): string | null {
  if (source === 'cards') {
    const { twice, rest } = readCards(text);
    if (twice !== null) return `${twice} came twice from one deck. Take it back, or write / where you shuffled all cards anew.`;
    if (rest !== '' && !isHalfCard(rest)) return `${rest} makes no card. Write rank and suit, such as AS, 7H, TD or 2C.`;
  }
  if ((source === 'dice' || source === 'coins') && countOf(source, text) >= leastCount(source, words) && evenness(source, text) === 'uneven') {
    return source === 'dice' ? 'One face comes too often to be chance. Roll on, or begin again with another die.' : 'One side comes too often to be chance. Flip on, or begin again with another coin.';
  }
  return null;
}

/** A rank whose suit is still to be typed. */
const isHalfCard = (rest: string): boolean => /^[A1-9TJQK]$/.test(rest);

export function standingOf(source: UserSource, text: string, words: 12 | 24): SourceStanding {
  const count = countOf(source, text);
  if (text.trim() === '') return 'unused';
  if (sourceProblem(source, text, words) !== null) return 'refused';
  const isEnough = count >= leastCount(source, words) && (source !== 'typed' || bitsOf(source, text) >= bitsNeeded(words));
  return isEnough ? 'enough' : 'short';
}

/** Why no key can be made of these yet, or `null`: one source must do alone; what is given beside it may be shorter. */
export function chanceProblem(texts: UserTexts, words: 12 | 24): string | null {
  const standings = userSources.map((source) => [source, standingOf(source, texts[source], words)] as const);
  const refused = standings.find(([, standing]) => standing === 'refused');
  if (refused !== undefined) return sourceProblem(refused[0], texts[refused[0]], words);
  if (isHalfCard(readCards(texts.cards).rest)) return 'Half a card is typed: add its suit, or take it back.';
  if (standings.some(([, standing]) => standing === 'enough')) return null;
  const begun = userSources.filter((source) => texts[source].trim() !== '').toSorted((a, b) => bitsOf(b, texts[b]) - bitsOf(a, texts[a]))[0];
  if (begun === undefined) return 'Nothing was thrown, drawn or typed yet.';
  const missing = leastCount(begun, words) - countOf(begun, texts[begun]);
  return missing > 0 ? `${missing} more ${sourceUnits[begun][missing === 1 ? 0 : 1]} before you can go on.` : 'A few more keys before you can go on; they are too alike to count in full.';
}
