import { entropyToMnemonic, mnemonicToEntropy, mnemonicToSeedSync, wordlists } from 'bip39';
import { parseHex, toHex } from '../domain/bytes.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';

/** How many words a mnemonic has here; BIP39 knows 15, 18 and 21 too. */
export type MnemonicLength = 12 | 24;

// Named, not the package's default, which other code in the process could change.
const english = wordlists['english'] as readonly string[];

/** The English mnemonic of 16 or 32 bytes of entropy, words parted by one blank. @see BIP39, "Generating the mnemonic" */
export const mnemonicOf = (entropy: Uint8Array): string => entropyToMnemonic(toHex(entropy), english);

/**
 * The entropy under an English mnemonic. Case, line breaks and how many blanks part the words do not matter; Unicode is
 * normalised (NFKD).
 * @throws StrongroomError `mnemonic.malformed`, which names positions and never a word
 */
export function parseMnemonic(text: string): Uint8Array {
  const words = text.normalize('NFKD').trim().toLowerCase().split(/\s+/);
  if (words.length !== 12 && words.length !== 24) {
    const given = text.trim() === '' ? 0 : words.length;
    throw malformed(`It has ${given} words.`, { reason: 'count', given }, 'Give all 12 or 24 words.');
  }
  const unknown = words.flatMap((word, index) => (english.includes(word) ? [] : [index + 1]));
  if (unknown.length > 0) {
    const positions = unknown.join(', ');
    throw malformed(`Not of the English word list: word ${positions}.`, { reason: 'word', positions }, 'Compare these words with the sheet, letter by letter.');
  }
  try {
    return parseHex(mnemonicToEntropy(words.join(' '), english));
  } catch {
    throw malformed('Every word exists, but the checksum is wrong.', { reason: 'checksum' }, 'A word is another one than written down, or two changed places.');
  }
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
