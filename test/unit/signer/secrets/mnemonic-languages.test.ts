import { expect, test } from 'vitest';
import { toHex } from '../../../../src/domain/bytes.ts';
import { mnemonicIn, readMnemonic, seedOfMnemonic, seedTextOf, splitWords } from '../../../../src/signer/mnemonic.ts';
import { mnemonicLanguages, wordListOf, type MnemonicLanguage } from '../../../../src/signer/secrets/mnemonic-languages.ts';
import { mnemonics, noise } from '../fixtures.ts';

const faultOf = (run: () => unknown): { code: string; message: string; details: Readonly<Record<string, unknown>>; hint: string } => {
  try {
    run();
  } catch (fault) {
    return fault as never;
  }
  return expect.unreachable('nothing was thrown');
};

test.each(mnemonicLanguages)('a mnemonic in %s is recognised, however its blanks, case and composition are', (language) => {
  const entropy = noise(`words ${language}`, 32);
  const text = mnemonicIn(language, entropy);
  for (const given of [text, text.normalize('NFKD'), text.normalize('NFC').toUpperCase(), `\n ${text.replaceAll(/\s/g, ' \r\n ')} `]) {
    expect(readMnemonic(given)).toMatchObject({ language, entropy });
  }
});

test('all five lengths are read, and no other', () => {
  for (const [bytes, words] of [[16, 12], [20, 15], [24, 18], [28, 21], [32, 24]] as const) {
    expect(readMnemonic(mnemonicIn('czech', noise(`czech ${bytes}`, bytes))).words).toHaveLength(words);
  }
  expect(faultOf(() => readMnemonic(`${mnemonics.alice} about`))).toMatchObject({ code: 'mnemonic.malformed', details: { reason: 'count', given: 13 } });
  expect(faultOf(() => readMnemonic(''))).toMatchObject({ code: 'mnemonic.malformed', details: { reason: 'count', given: 0 } });
});

test('Chinese words need no blanks between them', () => {
  const text = mnemonicIn('chinese-simplified', noise('han', 16));
  expect(splitWords(text.replaceAll(' ', ''))).toEqual(text.split(' '));
});

const inBoth = (one: MnemonicLanguage, other: MnemonicLanguage): string[] => wordListOf(one).filter((word) => wordListOf(other).includes(word));
const isValid = (text: string, language: MnemonicLanguage): boolean => {
  try {
    readMnemonic(text, language);
    return true;
  } catch {
    return false;
  }
};
/** Texts of words that are in both lists. */
function sharedTexts(one: MnemonicLanguage, other: MnemonicLanguage): string[] {
  const words = inBoth(one, other);
  return Array.from({ length: 1000 }, (_, text) => {
    const chance = noise(`shared ${text}`, 24);
    return Array.from({ length: 12 }, (__, place) => words[((chance[2 * place] as number) * 256 + (chance[2 * place + 1] as number)) % words.length]).join(' ');
  });
}

test('words that are English and French are told apart by the checksum; where it fits both, the person is asked', () => {
  expect(inBoth('english', 'french')).toHaveLength(100);
  const texts = sharedTexts('english', 'french');
  const only = (language: MnemonicLanguage, not: MnemonicLanguage): string => texts.find((text) => isValid(text, language) && !isValid(text, not)) as string;
  expect(readMnemonic(only('english', 'french')).language).toBe('english');
  expect(readMnemonic(only('french', 'english')).language).toBe('french');
  const both = texts.find((text) => isValid(text, 'english') && isValid(text, 'french')) as string;
  expect(faultOf(() => readMnemonic(both))).toMatchObject({ code: 'mnemonic.ambiguous', details: { languages: 'english, french' } });
  expect(readMnemonic(both, 'english').language).toBe('english');
  expect(readMnemonic(both, 'french').language).toBe('french');
  // Either way the wallet is the same: its seed is made from the words.
  expect(toHex(seedOfMnemonic(seedTextOf(readMnemonic(both, 'english')), ''))).toBe(toHex(seedOfMnemonic(seedTextOf(readMnemonic(both, 'french')), '')));
  expect(faultOf(() => readMnemonic(texts.find((text) => !isValid(text, 'english') && !isValid(text, 'french')) as string))).toMatchObject({ code: 'mnemonic.malformed', details: { reason: 'checksum', language: 'english, french' } });
});

test('characters that are in both Chinese lists are at the same place in both, so that which one is meant makes no difference', () => {
  const shared = inBoth('chinese-simplified', 'chinese-traditional');
  expect(shared).toHaveLength(1275);
  for (const word of shared) expect(wordListOf('chinese-simplified').indexOf(word)).toBe(wordListOf('chinese-traditional').indexOf(word));
  const text = sharedTexts('chinese-simplified', 'chinese-traditional').find((each) => isValid(each, 'chinese-simplified')) as string;
  expect(readMnemonic(text)).toEqual({ ...readMnemonic(text, 'chinese-traditional'), language: 'chinese-simplified' });
});

test('an unknown word is named by its position and the language that knows the most of the others', () => {
  const words = mnemonicIn('spanish', noise('es', 16)).split(' ').with(4, 'xxxx');
  const fault = faultOf(() => readMnemonic(words.join(' ')));
  expect(fault).toMatchObject({ code: 'mnemonic.malformed', details: { reason: 'word', positions: '5', language: 'spanish' } });
});

test('a wrong checksum names the languages that have all the words, and no word', () => {
  const words = mnemonicIn('italian', noise('it', 16)).split(' ');
  const fault = faultOf(() => readMnemonic(words.with(0, words[0] === 'abaco' ? 'zuppa' : 'abaco').with(1, 'abaco').join(' ')));
  expect(fault).toMatchObject({ code: 'mnemonic.malformed', details: { reason: 'checksum', language: 'italian' } });
  for (const word of words) expect(`${fault.message} ${JSON.stringify(fault.details)} ${fault.hint}`).not.toContain(word);
});

test('entropy of another length than a mnemonic has is refused before it becomes words', () => {
  for (const length of [0, 15, 17, 25, 33, 64]) expect(() => mnemonicIn('english', new Uint8Array(length))).toThrow(RangeError);
});

test('the lists have no two words that only accents tell apart, so that help without accents is never ambiguous', () => {
  for (const language of ['spanish', 'french', 'portuguese', 'italian', 'czech'] as const) {
    expect(new Set(wordListOf(language).map((word) => word.replace(/[\u0300-\u036f]/g, ''))).size).toBe(2048);
  }
});
