import type { Fingerprint } from '../../domain/fingerprint.ts';
import { isPrintable } from '../face.ts';
import { malformed, sheetOf, type Block, type Fact, type Sheet, type SheetFacts } from '../sheet.ts';

export interface Seed {
  /** 12, 15, 18, 21 or 24 words of a BIP39 mnemonic. */
  readonly words: readonly string[];
  /** Each word's position in its wordlist, from 0. */
  readonly positions: readonly number[];
  /** Name of the wordlist: `english`. Only English has a SeedQR. */
  readonly language: string;
  readonly fingerprint: Fingerprint;
  /** Whether a BIP39 passphrase belongs to it. The passphrase itself is on no sheet. */
  readonly hasPassphrase: boolean;
  /** `by-hand` prints numbered lines and no secret: the words then never pass through a printer. */
  readonly filling: 'printed' | 'by-hand';
}

const lengths: readonly number[] = [12, 15, 18, 21, 24];

/**
 * A mnemonic on a secret sheet: numbered words with their numbers in the list, SeedQR, and a line beside each word. Words in a
 * script that sheets cannot print are given by number, and written by hand.
 * @throws StrongroomError `paper.malformed`
 * @see BIP39; SeedQR specification, "Standard SeedQR"
 */
export function seedSheet(facts: SheetFacts, seed: Seed): Sheet {
  const { words, positions, language, fingerprint, hasPassphrase, filling } = seed;
  if (!lengths.includes(words.length) || positions.length !== words.length) throw malformed('a mnemonic has 12, 15, 18, 21 or 24 words');
  if (positions.some((position) => !Number.isInteger(position) || position < 0 || position > 2047)) throw malformed('a word is in no wordlist');
  const digits = positions.map((position) => String(position).padStart(4, '0'));
  const isSecretPrinted = filling === 'printed';
  const hasCode = isSecretPrinted && language === 'english';
  const areWordsPrinted = isSecretPrinted && words.every((word) => isPrintable(word, 'mono'));
  const about: readonly Fact[] = [
    { label: 'Fingerprint', value: fingerprint, form: 'mono' },
    { label: 'Words', value: `${words.length}, ${language}`, form: 'text' },
    { label: 'Passphrase', value: hasPassphrase ? 'needed; it is not here' : 'none', form: 'text' },
    { label: 'Network', value: facts.network, form: 'text' },
  ];
  const list: Block = {
    type: 'words',
    words: words.map((word, index) => ({ number: index + 1, word: areWordsPrinted ? word : null, digits: isSecretPrinted ? (digits[index] as string) : null })),
    copyOf: { words: null, digits: hasCode ? 'seedqr' : null },
  };
  return sheetOf({
    ...facts,
    kind: 'seed',
    part: 'secret',
    title: 'Seed',
    warning: isSecretPrinted ? 'whoever reads these words can sign' : 'once the words are written here, whoever reads them can sign',
    blocks: hasCode
      ? [
          list,
          {
            type: 'code', heading: 'SeedQR', note: 'Holds the digits beside the words, read downwards: each word\'s place in the English list, from 0000.', copy: 'none', sideMm: 35, facts: about,
            code: { id: 'seedqr', text: digits.join(''), correction: 'Q' },
          },
        ]
      : [
          { type: 'facts', facts: about },
          ...(isSecretPrinted && !areWordsPrinted ? [{ type: 'paragraph' as const, text: `The digits are each word's place in the ${language} wordlist, from 0000. Write the word beside them.` }] : []),
          list,
        ],
  });
}
