import { expect, test } from 'vitest';
import { parseMnemonic } from '../../../../src/signer/mnemonic.ts';
import { wordPlacesOf } from '../../../../src/signer/secrets/mnemonic-coding.ts';
import { wordListOf } from '../../../../src/signer/secrets/mnemonic-languages.ts';
import { checksumFits, textOfPlaces, withBlankBehind, withFlippedBit, withSmudgedWord, withSwappedWords, withWrongCharacter, withWrongLastWord, withWrongShareWord } from '../../../../src/signer/drills/slips.ts';
import { slip39Words } from '../../../../src/signer/secrets/slip39/words.ts';
import { mnemonics, noise } from '../fixtures.ts';

const places = (words: 12 | 24, name = 'slips'): number[] => wordPlacesOf(noise(`${name} ${words}`, words === 12 ? 16 : 32));

/*
 * What a mnemonic's checksum misses: 4 bits let 1 in 16 wrong words pass, 8 bits 1 in 256. A drill therefore compares the
 * fingerprint and the addresses as well, and never takes "the checksum fits" for "these are the words".
 */
test.each([[12, 1 / 16], [24, 1 / 256]] as const)('of all single wrong words in %i, the checksum lets about the expected share pass', (words, share) => {
  let tried = 0;
  let passed = 0;
  for (const name of ['one', 'two', 'three']) {
    const right = places(words, name);
    for (const [position, own] of right.entries()) {
      for (let place = 0; place < 2048; place += 1) {
        if (place === own) continue;
        tried += 1;
        if (checksumFits(right.with(position, place))) passed += 1;
      }
    }
  }
  expect(passed / tried).toBeGreaterThan(share * 0.8);
  expect(passed / tried).toBeLessThan(share * 1.2);
});

test.each([12, 24] as const)('a wrong last word of %i is noticed or not, as asked, for every key', (words) => {
  for (let key = 0; key < 40; key += 1) {
    const right = places(words, String(key));
    for (const isNoticed of [true, false]) {
      const wrong = withWrongLastWord(right, isNoticed);
      expect(wrong.at(-1)).not.toBe(right.at(-1));
      expect(wrong.slice(0, -1)).toEqual(right.slice(0, -1));
      expect(checksumFits(wrong)).toBe(!isNoticed);
    }
  }
});

test('swapped words are two different ones in each other\'s place', () => {
  const right = places(24);
  const swapped = withSwappedWords(right, true) as readonly number[];
  const differing = right.flatMap((place, index) => (place === swapped[index] ? [] : [index]));
  expect(differing).toHaveLength(2);
  expect([...swapped].sort()).toEqual([...right].sort());
  expect(checksumFits(swapped)).toBe(false);
});

test('a mnemonic of one word eleven times has no such pair that passes, and another one is asked for', () => {
  const alike = wordPlacesOf(parseMnemonic(mnemonics.alice));
  expect(withSwappedWords(alike, false)).toBeNull();
});

test('a smudged word is in no list', () => {
  const smudged = withSmudgedWord(places(12), 4).split(' ')[4] as string;
  expect(smudged).toMatch(/^[a-z]{2}zzq$/);
  expect(wordListOf('english')).not.toContain(smudged);
});

test('slips change one thing each', () => {
  expect(withWrongShareWord('academic acid acne', 1)).toBe('academic acne acne');
  expect(withWrongShareWord(slip39Words.at(-1) as string, 0)).toBe('academic');
  expect(withWrongCharacter('MS1QP', 3)).toBe('MS1PP');
  expect(withFlippedBit(Uint8Array.of(1, 2, 3), 1)).toEqual(Uint8Array.of(1, 2, 2));
  expect(withBlankBehind('a')).toBe('a ');
  expect(textOfPlaces([0, 2047])).toBe('abandon zoo');
});
