import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkWords, lastWordsFor } from '../../../../src/signer/drills/word-check.ts';
import { mnemonicIn, readMnemonic } from '../../../../src/signer/mnemonic.ts';
import { mnemonicLanguages, wordListOf } from '../../../../src/signer/secrets/mnemonic-languages.ts';
import { mnemonics, noise } from '../fixtures.ts';

const malformed = (reason: string): unknown => expect.objectContaining({ code: 'mnemonic.malformed', details: expect.objectContaining({ reason }) });

test('nothing typed is nothing wrong', () => {
  expect(checkWords('', null)).toEqual({ language: null, words: [], checksum: 'open', repairs: [] });
});

test('words are judged as they come, with the nearest ones for an unknown word', () => {
  const check = checkWords('legal winer thank', null);
  expect(check).toMatchObject({ language: 'english', checksum: 'open', repairs: [] });
  expect(check.words.map(({ position, known }) => ({ position, known }))).toEqual([{ position: 1, known: true }, { position: 2, known: false }, { position: 3, known: true }]);
  expect(check.words[1]?.suggestions).toEqual(expect.arrayContaining(['wine', 'winner', 'winter']));
  expect(check.words[0]?.suggestions).toEqual([]);
});

test('a whole mnemonic fits, in every language and without naming it', () => {
  for (const language of mnemonicLanguages) {
    const text = mnemonicIn(language, noise(`check ${language}`, 32));
    expect(checkWords(text, language)).toMatchObject({ language, checksum: 'fits', repairs: [] });
    expect(checkWords(text, null).checksum).toBe('fits');
  }
});

test('two neighbours that changed places are found', () => {
  const words = mnemonics.bob.split(' ');
  const swapped = words.with(1, words[2] as string).with(2, words[1] as string).join(' ');
  const check = checkWords(swapped, null);
  expect(check.checksum).toBe('wrong');
  expect(check.repairs).toContainEqual({ kind: 'swap', positions: [2, 3] });
});

test('a stated language decides, also where another knows the words', () => {
  expect(checkWords(mnemonics.bob, 'french')).toMatchObject({ language: 'french', checksum: 'open' });
});

test('words that two lists hold are of the list under which the checksum fits', () => {
  const [english, french] = [wordListOf('english'), wordListOf('french')];
  const shared = english.filter((word) => french.includes(word));
  const first = shared.slice(0, 11);
  const onlyFrench = shared.find((word) => checkWords([...first, word].join(' '), 'french').checksum === 'fits' && checkWords([...first, word].join(' '), 'english').checksum === 'wrong');
  expect(onlyFrench).toBeDefined();
  expect(checkWords([...first, onlyFrench].join(' '), null)).toMatchObject({ language: 'french', checksum: 'fits', repairs: [] });
});

test('more words than any mnemonic has are counted and not looked up', () => {
  const check = checkWords(Array(2000).fill('winer').join(' '), 'english');
  expect(check.words).toHaveLength(2000);
  expect(check.words[23]?.suggestions).not.toEqual([]);
  expect(check.words[24]).toEqual({ position: 25, known: false, suggestions: [] });
});

test('whatever is typed, the check answers', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
    const check = checkWords(text, null);
    expect(check.words.map(({ position }) => position)).toEqual(check.words.map((_, index) => index + 1));
  }), { numRuns: 50 });
});

test.each([[11, 128], [23, 8]] as const)('%i words have %i last words, and each makes a mnemonic', (count, many) => {
  const words = mnemonicIn('english', noise('last', count === 11 ? 16 : 32)).split(' ');
  const last = lastWordsFor(words.slice(0, -1).join(' '), 'english');
  expect(last).toHaveLength(many);
  expect(last).toContain(words.at(-1));
  for (const word of last.slice(0, 8)) expect(() => readMnemonic([...words.slice(0, -1), word].join(' '), 'english')).not.toThrow();
});

test('last words are found for all but the last word of known words only, and no word is named', () => {
  expect(() => lastWordsFor(mnemonics.bob, 'english')).toThrow(malformed('count'));
  expect(() => lastWordsFor('', 'english')).toThrow(malformed('count'));
  expect(() => lastWordsFor(`${mnemonics.bob.split(' ').slice(0, 10).join(' ')} zebraa`, 'english')).toThrow(expect.objectContaining({ details: { reason: 'word', positions: '11', language: 'english' } }));
});
