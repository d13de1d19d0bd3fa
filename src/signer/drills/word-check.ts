import { StrongroomError } from '../../errors/strongroom-error.ts';
import { splitWords } from '../mnemonic.ts';
import { isMnemonicWordCount } from '../secrets/mnemonic-coding.ts';
import { checksumRepairs, nearestMnemonicWords, possibleWords, type ChecksumRepair } from '../secrets/mnemonic-help.ts';
import { mnemonicLanguages, wordListOf, type MnemonicLanguage } from '../secrets/mnemonic-languages.ts';
import { checksumFits as placesFit } from './slips.ts';

/** No mnemonic is longer; what comes after is counted and not looked up. */
const MOST_WORDS = 24;
const lastWordCounts: readonly number[] = [11, 14, 17, 20, 23];

/** Words as far as they are typed, judged one by one and together. A secret, the suggestions too. */
export interface WordCheck {
  /** `null` while no list holds any of the words. */
  readonly language: MnemonicLanguage | null;
  readonly words: readonly { /** From 1. */ readonly position: number; readonly known: boolean; readonly suggestions: readonly string[] }[];
  readonly checksum: 'open' | 'fits' | 'wrong';
  readonly repairs: readonly ChecksumRepair[];
}

/**
 * Help for a person who types words from a sheet. It never throws: half a word is no error while it is typed.
 * @param language the list, where it is known; otherwise the one that holds the most of the words, English before others
 */
export function checkWords(text: string, language: MnemonicLanguage | null): WordCheck {
  const words = splitWords(text);
  const looked = words.slice(0, MOST_WORDS);
  const found = language ?? likeliestLanguage(looked);
  const known = (word: string): boolean => found !== null && wordListOf(found).includes(word);
  const checksum = found === null || !isMnemonicWordCount(words.length) || !words.every(known) ? 'open' : checksumFits(words, found) ? 'fits' : 'wrong';
  return {
    language: found,
    words: words.map((word, index) => ({
      position: index + 1,
      known: index < MOST_WORDS && known(word),
      suggestions: found === null || index >= MOST_WORDS || known(word) ? [] : nearestMnemonicWords(word, found),
    })),
    checksum,
    repairs: checksum === 'wrong' && found !== null ? checksumRepairs(words, found) : [],
  };
}

/**
 * Every last word that completes the words to a mnemonic: 128 for 11 words, 8 for 23. A secret.
 * @throws StrongroomError `mnemonic.malformed`, which names positions and never a word
 */
export function lastWordsFor(text: string, language: MnemonicLanguage): readonly string[] {
  const words = splitWords(text);
  if (!lastWordCounts.includes(words.length)) {
    throw new StrongroomError('mnemonic.malformed', `The mnemonic is malformed. ${words.length} words were given.`, { reason: 'count', given: words.length }, 'Give 11, 14, 17, 20 or 23 words: all but the last.');
  }
  const positions = words.flatMap((word, index) => (wordListOf(language).includes(word) ? [] : [index + 1])).join(', ');
  if (positions !== '') {
    throw new StrongroomError('mnemonic.malformed', `The mnemonic is malformed. Not of the word list (${language}): word ${positions}.`, { reason: 'word', positions, language }, 'Compare these words with the sheet, letter by letter.');
  }
  return possibleWords([...words, null], language);
}

const checksumFits = (words: readonly string[], language: MnemonicLanguage): boolean => placesFit(words.map((word) => wordListOf(language).indexOf(word)));

/** The list that holds the most of the words; of lists that hold equally many, one under which the checksum fits. */
function likeliestLanguage(words: readonly string[]): MnemonicLanguage | null {
  const hits = mnemonicLanguages.map((language) => ({ language, count: words.filter((word) => wordListOf(language).includes(word)).length }));
  const most = Math.max(...hits.map(({ count }) => count));
  if (most === 0) return null;
  const candidates = hits.filter(({ count }) => count === most).map(({ language }) => language);
  const isWhole = most === words.length && isMnemonicWordCount(words.length);
  return (isWhole ? candidates.find((language) => checksumFits(words, language)) : undefined) ?? (candidates[0] as MnemonicLanguage);
}
