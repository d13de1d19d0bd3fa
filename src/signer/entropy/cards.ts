import { utf8 } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { MnemonicLength } from '../mnemonic.ts';
import { requireIrregular } from './regularity.ts';
import { wholeBits } from './user-entropy.ts';
import { leastCount, type UserEntropy } from './user-source.ts';

const RANKS = 'A23456789TJQK';
const SUITS = 'SHDC';
const DECK = 52;

/**
 * Cards drawn one by one, and not put back, from a shuffled deck of 52: rank (A 2 to 9 T J Q K, or 10 for T) and suit (S H D C)
 * in either case, such as `AS TD 7H 2C`. Blanks, line breaks, commas and semicolons are ignored. A slash says that all
 * cards were shuffled anew; after a whole deck that goes without saying.
 *
 * The first n cards of a deck are worth log2(52! / (52 - n)!) bits: 5.7 for the first card, nothing for the last. Shuffles
 * are independent of each other, so the decks' bits add up.
 * @throws StrongroomError `entropy.malformed` (a card that does not exist, or that was drawn from this deck before: then with
 * `reason` `repeated-card` and both positions, counted in cards), `entropy.weak`
 */
export function parseCards(text: string, words: MnemonicLength): UserEntropy {
  const decks: number[][] = [[]];
  let drawn = 0;
  let rank = -1;
  let position = 0;
  for (const character of text.replace(/10/g, ' T').replace(/[a-z]/g, (letter) => letter.toUpperCase())) {
    position += 1;
    if (/[\s,;]/.test(character)) continue;
    if (character === '/') {
      if (rank >= 0) throw noCard(position);
      decks.push([]);
    } else if (rank < 0) {
      rank = RANKS.indexOf(character);
      if (rank < 0) throw noCard(position);
    } else {
      const suit = SUITS.indexOf(character);
      if (suit < 0) throw noCard(position);
      drawn += 1;
      take(decks, suit * 13 + rank, drawn);
      rank = -1;
    }
  }
  if (rank >= 0) throw noCard(position);
  const shuffled = decks.filter(({ length }) => length > 0);
  const reachesFloor = drawn >= leastCount('cards', words);
  const health = reachesFloor ? requireIrregular('cards', shuffled.flat()).health : [];
  return {
    source: 'cards',
    count: drawn,
    content: utf8(shuffled.map((deck) => deck.map(cardText).join('')).join('/')),
    bits: reachesFloor ? wholeBits(shuffled.reduce((bits, { length }) => bits + bitsOfDraw(length), 0)) : 0,
    reachesFloor,
    health: reachesFloor ? ['cards/once-a-deck', ...health] : [],
  };
}

/** log2(52! / (52 - n)!) */
function bitsOfDraw(cards: number): number {
  let bits = 0;
  for (let gone = 0; gone < cards; gone += 1) bits += Math.log2(DECK - gone);
  return bits;
}

function take(decks: number[][], card: number, position: number): void {
  if (decks.at(-1)?.length === DECK) decks.push([]);
  const deck = decks.at(-1) as number[];
  const earlier = deck.indexOf(card);
  if (earlier >= 0) {
    const first = position - deck.length + earlier;
    throw new StrongroomError('entropy.malformed', `Card ${position} is the same as card ${first} of the same deck.`, { source: 'cards', reason: 'repeated-card', position, first }, 'Read both again. Draw without putting back; write / where you shuffled all cards anew.');
  }
  deck.push(card);
}

const cardText = (card: number): string => `${RANKS[card % 13]}${SUITS[Math.floor(card / 13)]}`;

// The position only: the characters around it are part of a secret.
const noCard = (position: number): StrongroomError =>
  new StrongroomError('entropy.malformed', `Character ${position} makes no card.`, { source: 'cards', position }, 'Write each card as rank and suit, such as AS, 7H, TD or 2C.');
