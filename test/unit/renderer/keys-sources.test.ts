import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cardsIn, ranks, readCards, spacedCards, suits, withoutLastCard } from '../../../renderer/signer/keys/cards.ts';
import { bitsNeeded, bitsOf, chanceProblem, cleaned, countOf, evenness, faceCounts, leastCount, noTexts, sourceProblem, standingOf, userSources } from '../../../renderer/signer/keys/user-sources.ts';
import { keyBits, leastCount as hostLeastCount } from '../../../src/signer/entropy/user-source.ts';
import { parseCards } from '../../../src/signer/entropy/cards.ts';

test('the window asks for as much of each source as the host does', () => {
  for (const words of [12, 24] as const) {
    for (const source of userSources) expect(leastCount(source, words), source).toBe(hostLeastCount(source, words));
    expect(bitsNeeded(words)).toBe(keyBits(words));
  }
});

test('only what was thrown counts, in one notation', () => {
  expect(cleaned('dice', '1 2,7a6\n0')).toBe('126');
  expect(cleaned('coins', 'h 1t0 x')).toBe('HHTT');
  expect(cleaned('cards', 'as,7h 10d!')).toBe('AS7H 10D');
  expect(countOf('typed', 'ab c\nd')).toBe(4);
});

test('what each source is worth: 2.58 bits a roll, one a flip, 5.7 the first card, one a key at most', () => {
  expect(bitsOf('dice', '1'.repeat(99))).toBe(255);
  expect(bitsOf('coins', 'HT'.repeat(64))).toBe(128);
  expect(bitsOf('cards', 'AS')).toBe(5);
  expect(bitsOf('typed', 'aaaa aaaa')).toBe(0);
  expect(bitsOf('typed', 'abcdefghijklmnopqrstuvwxyz')).toBe(26);
});

const deck = suits.flatMap((suit) => ranks.map((rank) => `${rank}${suit}`));

test('a deck: a ten in either notation, blanks without a meaning, a card only once, until it is shuffled anew', () => {
  expect(cardsIn('AS 10D 7H')).toEqual(['AS', 'TD', '7H']);
  expect(readCards('AS10DTD')).toMatchObject({ twice: 'TD' });
  expect(readCards('AS/AS')).toMatchObject({ decks: [['AS'], ['AS']], twice: null });
  expect(readCards('AS7')).toMatchObject({ decks: [['AS']], rest: '7' });
  expect(readCards(`${deck.join('')}AS`)).toMatchObject({ decks: [{ length: 52 }, ['AS']], twice: null });
});

test('cards: the bits of the window are those that the host records', () => {
  const drawn = fc.shuffledSubarray(deck, { minLength: 25, maxLength: 52 });
  fc.assert(fc.property(drawn, fc.shuffledSubarray(deck, { maxLength: 20 }), (first, second) => {
    const text = `${first.join(' ')} / ${second.join('')}`;
    try {
      const host = parseCards(text, 12);
      expect([countOf('cards', text), bitsOf('cards', text)]).toEqual([host.count, host.bits]);
    } catch (fault) {
      // A draw that looks made up is refused by the host alone.
      expect(fault).toMatchObject({ code: 'entropy.weak' });
    }
  }), { numRuns: 50 });
});

test('taking back takes one card, a half card, or the slash', () => {
  expect(withoutLastCard('AS TD')).toBe('AS');
  expect(withoutLastCard('AS T')).toBe('AS');
  expect(withoutLastCard('AS /')).toBe('AS');
  expect(withoutLastCard('')).toBe('');
  expect(spacedCards('AS10D/7H2')).toBe('AS TD / 7H 2');
});

test('a loaded die and a loaded coin are seen', () => {
  expect(evenness('dice', '1234')).toBe('too-few');
  expect(evenness('dice', '123456'.repeat(6))).toBe('even');
  expect(evenness('dice', `${'6'.repeat(12)}${'123456'.repeat(4)}`)).toBe('uneven');
  expect(evenness('coins', 'HT'.repeat(40))).toBe('even');
  expect(evenness('coins', 'HHHT'.repeat(20))).toBe('uneven');
  expect(faceCounts('cards', 'AS KS 2H')).toEqual([{ face: 'S', count: 2 }, { face: 'H', count: 1 }, { face: 'D', count: 0 }, { face: 'C', count: 0 }]);
});

test('a person\'s chance is required; one source must be enough alone, others may be shorter', () => {
  const dice = '123456'.repeat(17);
  expect(chanceProblem(noTexts, 24)).toBe('Nothing was thrown, drawn or typed yet.');
  expect(chanceProblem({ ...noTexts, dice: '1' }, 24)).toBe('98 more rolls before you can go on.');
  expect(chanceProblem({ ...noTexts, dice: '12345612345612345612345612345612345612345612345612345612345612345612345612345612345612345612345612' }, 24)).toBe('1 more roll before you can go on.');
  expect(chanceProblem({ ...noTexts, dice }, 24)).toBeNull();
  expect(chanceProblem({ ...noTexts, dice, coins: 'HT' }, 24)).toBeNull();
  expect(standingOf('coins', 'HT', 24)).toBe('short');
  expect(chanceProblem({ ...noTexts, coins: 'HT'.repeat(128) }, 24)).toBeNull();
});

test('what the host would refuse holds the ceremony, with the reason', () => {
  expect(sourceProblem('dice', `${'6'.repeat(40)}${'123456'.repeat(10)}`, 24)).toMatch(/^One face comes too often/);
  expect(chanceProblem({ ...noTexts, dice: '123456'.repeat(17), cards: 'AS AS' }, 24)).toMatch(/^AS came twice/);
  expect(sourceProblem('cards', 'AS X7', 24)).toMatch(/^X7 makes no card/);
  expect(sourceProblem('cards', 'AS 7', 24)).toBeNull();
  expect(chanceProblem({ ...noTexts, dice: '123456'.repeat(17), cards: 'AS 7' }, 24)).toMatch(/^Half a card/);
});
