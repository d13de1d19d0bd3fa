import { expect, test } from 'vitest';
import { parseCards } from '../../../src/signer/entropy/cards.ts';
import { cardText, shuffled } from './entropy-samples.ts';

const text = (cards: readonly number[]): string => cards.map((card) => `${'A23456789TJQK'[card % 13]}${'SHDC'[Math.floor(card / 13)]}`).join(' ');
const asBought = Array.from({ length: 52 }, (_, card) => card);
const contentOf = (given: string): string => new TextDecoder().decode(parseCards(given, 12).content);

test('a card is rank and suit in either case, with whatever separators; 10 is T', () => {
  expect(contentOf('AS td, 7h;2C\n10s')).toBe('ASTD7H2CTS');
  expect(contentOf('as TD 7H 2c TS')).toBe('ASTD7H2CTS');
  expect(parseCards('AS TD 7H', 12)).toMatchObject({ source: 'cards', count: 3 });
});

test.each<[string, string, number]>([
  ['a suit first', 'SA', 1], ['no such rank', 'AS 1H', 4], ['no such suit', 'AS 7X', 5], ['half a card', 'AS 7', 4], ['a slash in a card', 'AS 7/H', 5], ['a joker', 'AS *', 4],
  // Letters that become S in capitals are no S.
  ['a letter of another alphabet', 'Aſ', 2], ['a sharp s', 'Aß', 2],
])('%s makes no card; the error names the place alone', (_, given, position) => {
  expect(() => parseCards(given, 12)).toThrow(expect.objectContaining({ code: 'entropy.malformed', details: { source: 'cards', position } }));
});

test('a card that was drawn before from this deck is refused by both places, in cards', () => {
  expect(() => parseCards('AS TD 7H TD', 12)).toThrow(expect.objectContaining({ code: 'entropy.malformed', details: { source: 'cards', reason: 'repeated-card', position: 4, first: 2 } }));
  expect(() => parseCards('AS TD / AS 7H as', 12)).toThrow(expect.objectContaining({ details: { source: 'cards', reason: 'repeated-card', position: 5, first: 3 } }));
});

test('another deck begins at a slash, and by itself after 52 cards', () => {
  expect(contentOf('AS TD / TD AS')).toBe('ASTD/TDAS');
  const [one, two] = [text(shuffled('one')), text(shuffled('two').slice(0, 3))];
  expect(contentOf(`${one} ${two}`)).toBe(contentOf(`${one} / ${two}`));
  expect(contentOf(`/ ${one} // ${two} /`)).toBe(contentOf(`${one} ${two}`));
});

test('a draw without putting back is worth log2(52! / (52 - n)!), never rounded up; shuffles add up', () => {
  // By hand: 25 cards 132.44, 52 cards 225.58, 52 and 6 cards 259.35, twice 26 cards 2 x 137.19.
  expect([25, 52, 58].map((count) => parseCards(cardText(count), 12).bits)).toEqual([132, 225, 259]);
  expect(parseCards(`${cardText(26, 'x')}/${cardText(26, 'y')}`, 12).bits).toBe(274);
});

test('the floors are 25 and 58 cards: one deck does not hold 256 bits', () => {
  expect([parseCards(cardText(24), 12), parseCards(cardText(25), 12), parseCards(cardText(52), 24), parseCards(cardText(57), 24), parseCards(cardText(58), 24)].map(({ reachesFloor }) => reachesFloor)).toEqual([false, true, false, false, true]);
});

test.each<[string, readonly number[]]>([
  ['a deck as it was bought', asBought],
  ['a deck turned over', [...asBought].reverse()],
  ['a deck cut once', [...asBought.slice(17), ...asBought.slice(0, 17)]],
  ['ranks together', asBought.map((place) => (place % 4) * 13 + Math.floor(place / 4))],
  ['each card three ranks and one suit on (Si Stebbins)', asBought.map((place) => ((place % 4) * 13 + ((place * 3) % 13)) % 52)],
  ['suits by turns, ranks shuffled', shuffled('ranks').filter((card) => card < 13).flatMap((rank) => [rank, rank + 13, rank + 26, rank + 39])],
])('%s is no shuffle', (_, deck) => {
  expect(() => parseCards(text(deck.slice(0, 30)), 12)).toThrow(expect.objectContaining({ code: 'entropy.weak', details: { source: 'cards', pattern: 'step' } }));
});

test('a second deck in the order of the first is no shuffle', () => {
  const deck = text(shuffled('once'));
  expect(() => parseCards(`${deck} ${deck}`, 24)).toThrow(expect.objectContaining({ code: 'entropy.weak', details: { source: 'cards', pattern: 'cycle' } }));
  expect(() => parseCards(`${deck} ${deck.slice(0, 18)}`, 24)).toThrow(expect.objectContaining({ code: 'entropy.weak' }));
});

test('shuffled decks pass, a thousand of them', () => {
  for (let run = 0; run < 1000; run += 1) {
    expect(parseCards(cardText(25, `s${run}`), 12).reachesFloor).toBe(true);
    expect(parseCards(cardText(58, `s${run}`), 24).reachesFloor).toBe(true);
  }
});
