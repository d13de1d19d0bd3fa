import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mnemonicIn, readMnemonic } from '../../../../src/signer/mnemonic.ts';
import { checksumRepairs, nearestMnemonicWords, possibleWords } from '../../../../src/signer/secrets/mnemonic-help.ts';
import { mnemonicLanguages, wordListOf } from '../../../../src/signer/secrets/mnemonic-languages.ts';
import { nearestWords, wordDistance } from '../../../../src/signer/secrets/nearest-words.ts';
import { mnemonics, noise } from '../fixtures.ts';

test.each([['cat', 'cat', 0], ['cat', 'cut', 1], ['cat', 'act', 1], ['cat', 'ca', 1], ['cat', 'cats', 1], ['kitten', 'sitting', 3], ['', 'abc', 3]])('%s and %s are %i letters apart', (a, b, distance) => {
  expect(wordDistance(a, b, 9)).toBe(distance);
  expect(wordDistance(b, a, 9)).toBe(distance);
});

test('distance: of a word to itself 0, the same both ways, and never more than the longer word has letters', () => {
  const word = fc.string({ minLength: 0, maxLength: 8 });
  fc.assert(fc.property(word, word, (a, b) => {
    expect(wordDistance(a, a, 99)).toBe(0);
    expect(wordDistance(a, b, 99)).toBe(wordDistance(b, a, 99));
    expect(wordDistance(a, b, 99)).toBeLessThanOrEqual(Math.max([...a].length, [...b].length));
  }));
});

test.each([['aban', 'abandon'], ['thankk', 'thank'], ['yello', 'yellow'], ['recieve', 'receive'], ['ZOOO', 'zoo'], ['libary', 'library']])('the nearest word to "%s" is "%s"', (given, expected) => {
  expect(nearestMnemonicWords(given, 'english')[0]).toBe(expected);
});

test('accents that were not typed do not count', () => {
  expect(nearestMnemonicWords('academie', 'french')[0]?.normalize('NFC')).toBe('académie');
  expect(nearestMnemonicWords('abaco', 'spanish')[0]?.normalize('NFC')).toBe('ábaco');
});

test('what is near no word has no suggestion, and never more than asked for', () => {
  expect(nearestMnemonicWords('', 'english')).toEqual([]);
  expect(nearestMnemonicWords('qqqqqqqq', 'english')).toEqual([]);
  expect(nearestWords('car', wordListOf('english'), 2)).toHaveLength(2);
});

test('after a slip of one letter the right word is among the repairs', () => {
  // "yellow" misread, which breaks this checksum.
  const words = mnemonics.bob.split(' ').with(2, 'than');
  expect(() => readMnemonic(words.with(2, 'then').join(' '))).toThrow();
  const misread = mnemonics.bob.split(' ').with(10, 'tank');
  expect(checksumRepairs(misread, 'english')).toContainEqual({ kind: 'word', position: 11, word: 'thank', distance: 1 });
});

test('words that are not in the list have no repairs: their help is the nearest words', () => {
  expect(checksumRepairs(mnemonics.bob.split(' ').with(2, 'thankk'), 'english')).toEqual([]);
});

test('two neighbours that changed places are among the repairs, first', () => {
  const words = mnemonicIn('english', noise('swap', 32)).split(' ');
  const swapped = words.with(6, words[7] as string).with(7, words[6] as string);
  expect(checksumRepairs(swapped, 'english')[0]).toEqual({ kind: 'swap', positions: [7, 8] });
});

test('every repair is a valid mnemonic', () => {
  const words = mnemonicIn('french', noise('fr', 16)).split(' ');
  const list = wordListOf('french');
  const slips = words.flatMap((given, index) => list.filter((word) => word !== given && wordDistance(given, word, 2) <= 2).map((word) => words.with(index, word)));
  const wrong = slips.find((candidate) => !isValid(candidate)) as string[];
  const repairs = checksumRepairs(wrong, 'french');
  expect(repairs.length).toBeGreaterThan(0);
  for (const repair of repairs) {
    const [a, b] = repair.kind === 'swap' ? [repair.positions[0] - 1, repair.positions[1] - 1] : [repair.position - 1, 0];
    const repaired = repair.kind === 'swap' ? wrong.with(a, wrong[b] as string).with(b, wrong[a] as string) : wrong.with(a, repair.word);
    expect(isValid(repaired)).toBe(true);
  }
  function isValid(candidate: readonly string[]): boolean {
    try {
      readMnemonic(candidate.join(' '), 'french');
      return true;
    } catch {
      return false;
    }
  }
});

test.each(mnemonicLanguages)('the last word: 128 fit eleven drawn words, 8 fit twenty-three, the real one among them (%s)', (language) => {
  for (const [bytes, count] of [[16, 128], [20, 64], [24, 32], [28, 16], [32, 8]] as const) {
    const words = readMnemonic(mnemonicIn(language, noise(`last ${language}`, bytes)), language).words;
    const found = possibleWords([...words.slice(0, -1), null], language);
    expect(found).toHaveLength(count);
    expect(found).toContain(words.at(-1));
  }
});

test('a missing word anywhere is found among about a sixteenth of the list, and only one may be missing', () => {
  const words = mnemonics.carol.split(' ');
  const found = possibleWords(words.with(3, null as never), 'english');
  expect(found).toContain('absurd');
  expect(found.length).toBeLessThan(200);
  expect(possibleWords(words, 'english')).toEqual([]);
  expect(possibleWords([null, null, ...words.slice(2)], 'english')).toEqual([]);
  expect(possibleWords([null, 'nosuchword', ...words.slice(2)], 'english')).toEqual([]);
});
