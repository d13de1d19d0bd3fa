import { wordlists } from 'bip39';

/** The languages of BIP39, in the order of BIP85's numbers for them. */
export const mnemonicLanguages = [
  'english', 'japanese', 'korean', 'spanish', 'chinese-simplified', 'chinese-traditional', 'french', 'italian', 'czech', 'portuguese',
] as const;
export type MnemonicLanguage = (typeof mnemonicLanguages)[number];

/** 2048 words in NFKD: what is compared, and what seeds are made from. */
export type WordList = readonly string[];

// Taken once, by name: the package's default could be changed by other code in the process.
const lists = new Map<MnemonicLanguage, WordList>(
  mnemonicLanguages.map((language) => [language, (wordlists[language.replace('-', '_')] as WordList).map((word) => word.normalize('NFKD'))]),
);

/** @see BIP39, "Wordlists" */
export const wordListOf = (language: MnemonicLanguage): WordList => lists.get(language) as WordList;

/** What stands between words when people read them: Japanese has its ideographic space. Either is a blank under NFKD. */
export const separatorOf = (language: MnemonicLanguage): string => (language === 'japanese' ? '\u3000' : ' ');

/** The language's number in BIP85 paths. @see BIP85, "BIP39" */
export const bip85LanguageNumber = (language: MnemonicLanguage): number => mnemonicLanguages.indexOf(language);
