import { mnemonicToSeedSync } from 'bip39';
import { equalBytes } from '../domain/bytes.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { entropyOfPlaces, isMnemonicWordCount, wordPlacesOf } from './secrets/mnemonic-coding.ts';
import { mnemonicLanguages, separatorOf, wordListOf, type MnemonicLanguage, type WordList } from './secrets/mnemonic-languages.ts';

/** How many words a mnemonic has here; BIP39 knows 15, 18 and 21 too. */
export type MnemonicLength = 12 | 24;

/** A mnemonic of any published language and length, read and checked. */
export interface Mnemonic {
  readonly language: MnemonicLanguage;
  /** NFKD. A secret. */
  readonly words: readonly string[];
  /** 16, 20, 24, 28 or 32 bytes. A secret: wipe it after use. */
  readonly entropy: Uint8Array;
}

/** The words of a list for some entropy. @see BIP39, "Generating the mnemonic" */
export const wordsOf = (entropy: Uint8Array, list: WordList): string[] => wordPlacesOf(entropy).map((place) => list[place] as string);

/** The English mnemonic of 16 or 32 bytes of entropy, words parted by one blank. @see BIP39, "Generating the mnemonic" */
export const mnemonicOf = (entropy: Uint8Array): string => mnemonicIn('english', entropy);

/**
 * The mnemonic for people to read: NFC, because many screens and fonts break what NFKD takes apart, and with the language's
 * own blank. Every reader normalises it back.
 * @param entropy 16, 20, 24, 28 or 32 bytes
 */
export const mnemonicIn = (language: MnemonicLanguage, entropy: Uint8Array): string =>
  wordsOf(entropy, wordListOf(language)).map((word) => word.normalize('NFC')).join(separatorOf(language));

/** The words as a text that seeds are made from: NFKD, parted by one blank. @see BIP39, "From mnemonic to seed" */
export const seedTextOf = (mnemonic: Pick<Mnemonic, 'words'>): string => mnemonic.words.join(' ');

/**
 * The entropy under an English mnemonic. Case, line breaks and how many blanks part the words do not matter; Unicode is
 * normalised (NFKD).
 * @throws StrongroomError `mnemonic.malformed`, which names positions and never a word
 */
export function parseMnemonic(text: string): Uint8Array {
  const words = splitWords(text);
  if (words.length !== 12 && words.length !== 24) {
    throw malformed(`It has ${words.length} words.`, { reason: 'count', given: words.length }, 'Give all 12 or 24 words.');
  }
  const positions = unknownPositions(words, wordListOf('english'));
  if (positions !== '') {
    throw malformed(`Not of the English word list: word ${positions}.`, { reason: 'word', positions }, 'Compare these words with the sheet, letter by letter.');
  }
  return checkedEntropy(words, wordListOf('english')) ?? wrongChecksum({});
}

/**
 * The words of a text: NFKD, lower case, parted by blanks of any kind; Chinese words are one character each and need no
 * blanks. Not checked against a list.
 */
export function splitWords(text: string): string[] {
  const words = text.normalize('NFKD').trim().toLowerCase();
  if (/^\p{Script=Han}+$/u.test(words)) return [...words];
  return words === '' ? [] : words.split(/\s+/);
}

/** The entropy of words of a list, or `null` where the checksum does not fit. Every word must be in the list. */
export function checkedEntropy(words: readonly string[], list: WordList): Uint8Array | null {
  const { entropy, checksumFits } = entropyOfPlaces(words.map((word) => list.indexOf(word)));
  if (checksumFits) return entropy;
  entropy.fill(0);
  return null;
}

/**
 * A mnemonic of 12, 15, 18, 21 or 24 words in any published language. Some words are in two lists. A hundred are English and
 * French, at different places: where a text fits both, its checksum decides. Most Chinese characters are simplified and
 * traditional, at the same place in both lists: then it makes no difference, and the text is said to be simplified.
 * @param language when the language is known; otherwise it is found
 * @throws StrongroomError `mnemonic.malformed`, which names positions and never a word; `mnemonic.ambiguous` when words and
 * checksum fit several languages
 */
export function readMnemonic(text: string, language?: MnemonicLanguage): Mnemonic {
  const words = splitWords(text);
  if (!isMnemonicWordCount(words.length)) {
    throw malformed(`It has ${words.length} words.`, { reason: 'count', given: words.length }, 'Give all 12, 15, 18, 21 or 24 words.');
  }
  const asked = language === undefined ? mnemonicLanguages : [language];
  const complete = asked.filter((each) => unknownPositions(words, wordListOf(each)) === '');
  if (complete.length === 0) throw unknownWords(words, asked);
  const fitting = complete.flatMap((each): Mnemonic[] => {
    const entropy = checkedEntropy(words, wordListOf(each));
    return entropy === null ? [] : [{ language: each, words, entropy }];
  });
  const [found, ...others] = fitting;
  if (found === undefined) return wrongChecksum({ language: complete.join(', ') });
  if (others.some(({ entropy }) => !equalBytes(entropy, found.entropy))) {
    for (const { entropy } of fitting) entropy.fill(0);
    const languages = fitting.map((each) => each.language).join(', ');
    throw new StrongroomError('mnemonic.ambiguous', `The mnemonic is valid in several languages: ${languages}.`, { languages }, 'State the language that it was written down in.');
  }
  return found;
}

/** The error for the language that knows the most of the words. */
function unknownWords(words: readonly string[], asked: readonly MnemonicLanguage[]): StrongroomError {
  const hits = (language: MnemonicLanguage): number => words.filter((word) => wordListOf(language).includes(word)).length;
  const language = asked.reduce((best, each) => (hits(each) > hits(best) ? each : best));
  const positions = unknownPositions(words, wordListOf(language));
  return malformed(`Not of the word list (${language}): word ${positions}.`, { reason: 'word', positions, language }, 'Compare these words with the sheet, letter by letter.');
}

const unknownPositions = (words: readonly string[], list: WordList): string => words.flatMap((word, index) => (list.includes(word) ? [] : [index + 1])).join(', ');

function wrongChecksum(details: Readonly<Record<string, string>>): never {
  throw malformed('Every word exists, but the checksum is wrong.', { reason: 'checksum', ...details }, 'A word is another one than written down, or two changed places.');
}

/**
 * The BIP32 seed of a mnemonic: 64 bytes. Takes a twentieth of a second.
 * @param mnemonic normalised to NFKD; not checked against a word list
 * @param bip39Passphrase normalised to NFKD; the empty text is none
 * @see BIP39, "From mnemonic to seed"
 */
export function seedOfMnemonic(mnemonic: string, bip39Passphrase: string): Uint8Array {
  const buffer = mnemonicToSeedSync(mnemonic, bip39Passphrase);
  const seed = Uint8Array.from(buffer);
  buffer.fill(0);
  return seed;
}

const malformed = (sentence: string, details: Readonly<Record<string, string | number>>, hint: string): StrongroomError =>
  new StrongroomError('mnemonic.malformed', `The mnemonic is malformed. ${sentence}`, details, hint);
