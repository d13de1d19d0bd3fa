/** Playing cards as the ceremony takes them: two characters a card, rank and suit, and a slash where a deck was shuffled anew. */

export const ranks = [...'A23456789TJQK'] as const;
export const suits = ['S', 'H', 'D', 'C'] as const;

/** The signs of suits, with words for those who hear them. */
export const suitWords: Readonly<Record<(typeof suits)[number], { readonly sign: string; readonly name: string }>> = {
  S: { sign: '\u2660', name: 'spades' }, H: { sign: '\u2665', name: 'hearts' }, D: { sign: '\u2666', name: 'diamonds' }, C: { sign: '\u2663', name: 'clubs' },
};

export const CARDS_OF_A_DECK = 52;

export interface ReadCards {
  /** The decks in the order drawn from, each with its cards in theirs: `AS`, `TH`. */
  readonly decks: readonly (readonly string[])[];
  /** A card that came twice in one deck, or `null`. */
  readonly twice: string | null;
  /** What makes no card: half of one that is being typed, or a slip. */
  readonly rest: string;
}

/** Reads what was typed. Blanks part nothing, a ten may be `10` or `T`, and a full deck ends by itself. */
export function readCards(text: string): ReadCards {
  const body = text.replace(/\s/g, '').replace(/10/g, 'T');
  const decks: string[][] = [[]];
  let twice: string | null = null;
  let at = 0;
  while (at < body.length) {
    if (body.charAt(at) === '/') {
      decks.push([]);
      at += 1;
      continue;
    }
    const card = body.slice(at, at + 2);
    if (!/^[A2-9TJQK][SHDC]$/.test(card)) break;
    if (decks.at(-1)?.length === CARDS_OF_A_DECK) decks.push([]);
    const deck = decks.at(-1) as string[];
    if (deck.includes(card)) twice ??= card;
    deck.push(card);
    at += 2;
  }
  return { decks, twice, rest: body.slice(at) };
}

export const cardsIn = (text: string): readonly string[] => readCards(text).decks.flat();

/** The first n cards of a deck are worth log2(52! / (52 - n)!) bits: 5.7 for the first, nothing for the last. */
export const bitsOfCards = (text: string): number =>
  readCards(text).decks.reduce((bits, deck) => bits + deck.reduce((sum, _, gone) => sum + Math.log2(CARDS_OF_A_DECK - gone), 0), 0);

/** The text without its last card, or without what makes no card. */
export function withoutLastCard(text: string): string {
  const { rest } = readCards(text);
  const body = text.replace(/\s/g, '').replace(/10/g, 'T');
  return rest === '' ? body.slice(0, body.endsWith('/') ? -1 : -2) : body.slice(0, -rest.length);
}

/** For the eye: cards parted by blanks. */
export const spacedCards = (text: string): string => text.replace(/\s/g, '').replace(/10/g, 'T').replace(/([A2-9TJQK][SHDC]|\/)(?=.)/g, '$1 ');
