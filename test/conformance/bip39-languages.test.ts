import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { entropyToMnemonic, wordlists } from 'bip39';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseHex, toHex } from '../../src/domain/bytes.ts';
import { checkedEntropy, mnemonicIn, readMnemonic, seedOfMnemonic, seedTextOf, wordsOf } from '../../src/signer/mnemonic.ts';
import { mnemonicLanguages, wordListOf } from '../../src/signer/secrets/mnemonic-languages.ts';

type Triple = [entropy: string, mnemonic: string, seed: string];
const folder = join(process.env['STRONGROOM_VECTORS'] ?? '../shared/vectors', 'bip39');
const read = <T>(name: string): T => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const { english, japanese, custom } = read<{ english: Triple[]; japanese: Triple[]; custom: Triple[] }>('bitcoinjs_bip39_vectors.json');
const customList = read<string[]>('custom_wordlist.json');

test('the vectors are there', () => {
  expect([english.length, japanese.length, custom.length, customList.length]).toEqual([24, 24, 2, 2048]);
});

test.each(mnemonicLanguages)('BIP39: the %s word list is the published one under NFKD', (language) => {
  const published = readFileSync(join(folder, 'wordlists', `${language.replace('-', '_')}.txt`), 'utf8').trim().split('\n');
  expect(published).toHaveLength(2048);
  expect(wordListOf(language)).toEqual(published.map((word) => word.trim().normalize('NFKD')));
});

test.each(english)('BIP39 English, all lengths: %s', (entropy, mnemonic, seed) => {
  const found = readMnemonic(mnemonic);
  expect([toHex(found.entropy), found.language, mnemonicIn('english', found.entropy)]).toEqual([entropy, 'english', mnemonic]);
  expect(toHex(seedOfMnemonic(seedTextOf(found), 'TREZOR'))).toBe(seed);
});

const passphrase = '㍍ガバヴァぱばぐゞちぢ十人十色';
test.each(japanese)('BIP39 Japanese: %s', (entropy, mnemonic, seed) => {
  const found = readMnemonic(mnemonic);
  expect([toHex(found.entropy), found.language]).toEqual([entropy, 'japanese']);
  expect(mnemonicIn('japanese', found.entropy)).toBe(mnemonic.normalize('NFC'));
  expect(toHex(seedOfMnemonic(seedTextOf(found), passphrase))).toBe(seed);
});

test.each(custom)('BIP39 with another word list: %s', (entropy, mnemonic, seed) => {
  expect(wordsOf(parseHex(entropy), customList).join(' ')).toBe(mnemonic);
  expect(toHex(checkedEntropy(mnemonic.split(' '), customList) as Uint8Array)).toBe(entropy);
  // Unlike the others, without a passphrase.
  expect(toHex(seedOfMnemonic(mnemonic, ''))).toBe(seed);
});

// The published vectors have no other languages; a library is the oracle for them.
test.each(mnemonicLanguages)('BIP39 %s: any entropy gives the library\'s words and is found again', (language) => {
  const list = wordlists[language.replace('-', '_')] as string[];
  fc.assert(
    fc.property(fc.constantFrom(16, 20, 24, 28, 32).chain((length) => fc.uint8Array({ minLength: length, maxLength: length })), (entropy) => {
      const words = wordsOf(entropy, wordListOf(language)).join(' ');
      expect(words).toBe(entropyToMnemonic(toHex(entropy), list).normalize('NFKD').replaceAll('\u3000', ' '));
      expect(readMnemonic(mnemonicIn(language, entropy), language).entropy).toEqual(entropy);
    }),
    { numRuns: 40 },
  );
});
