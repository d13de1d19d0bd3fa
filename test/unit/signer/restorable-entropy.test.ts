import { expect, test } from 'vitest';
import { toHex } from '../../../src/domain/bytes.ts';
import { checkedEntropy, mnemonicIn, parseMnemonic, readMnemonic } from '../../../src/signer/mnemonic.ts';
import { restorableEntropy } from '../../../src/signer/restorable-entropy.ts';
import { wordListOf } from '../../../src/signer/secrets/mnemonic-languages.ts';
import { seedQrDigits } from '../../../src/signer/secrets/seedqr.ts';
import { mnemonics, noise } from './fixtures.ts';

const long = mnemonicIn('english', Uint8Array.from({ length: 32 }, (_, index) => 200 + index));
const entropy = (mnemonic: string): string => toHex(parseMnemonic(mnemonic));

test.each([mnemonics.alice, mnemonics.bob, long])('a mnemonic, its SeedQR and its CompactSeedQR lead to one entropy', (mnemonic) => {
  expect(toHex(restorableEntropy(mnemonic))).toBe(entropy(mnemonic));
  expect(toHex(restorableEntropy(` ${seedQrDigits(parseMnemonic(mnemonic))}\n`))).toBe(entropy(mnemonic));
  expect(toHex(restorableEntropy(entropy(mnemonic).toUpperCase()))).toBe(entropy(mnemonic));
});

const refused: readonly (readonly [string, string])[] = [
  ['a mnemonic of 15 words (english)', mnemonicIn('english', new Uint8Array(20).fill(7))],
  ['a mnemonic of 18 words (english)', mnemonicIn('english', new Uint8Array(24).fill(7))],
  ['a mnemonic of 15 words (english)', seedQrDigits(new Uint8Array(20).fill(7))],
  ['a mnemonic of 12 words (spanish)', mnemonicIn('spanish', new Uint8Array(16).fill(7))],
  ['a mnemonic of 24 words (japanese)', mnemonicIn('japanese', new Uint8Array(32).fill(7))],
  // BIP32, test vector 1; BIP38, "Test vectors"; BIP93, test vectors 1 and 2; SLIP-39, vector 1: all public.
  ['an extended private key (xprv)', 'xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi'],
  ['a single private key (WIF)', '5KN7MzqK5wt2TP1fQCYyHBtDrXdJuXbUzm4A9rKAteGu3Qi5CVR'],
  ['an encrypted single private key (BIP38)', '6PRVWUbkzzsbcVac2qwfssoUJAN1Xhrg6bNk8J7Nzm5H7kxEbn2Nh2ZoGg'],
  ['a codex32 secret', 'ms10testsxxxxxxxxxxxxxxxxxxxxxxxxxx4nzvca9cmczlw'],
  ['a codex32 share', 'ms12namea320zyxwvutsrqpnmlkjhgfedcaxrpp870hkkqrm'],
  ['a SLIP-39 share', 'duckling enlarge academic academic agency result length solution fridge kidney coal piece deal husband erode duke ajar critical decision keyboard'],
];

test.each(refused)('%s is named and refused, and no part of it is repeated', (form, given) => {
  let fault: unknown;
  try {
    restorableEntropy(given);
  } catch (thrown) {
    fault = thrown;
  }
  expect(fault).toMatchObject({ code: 'key.secret-unsupported', details: { form } });
  const said = JSON.stringify(fault) + String(fault);
  for (const part of given.split(' ').filter((text) => text.length > 3 && !/^(key|single|share)$/.test(text))) expect(said).not.toContain(part);
});

test.each([
  ['mnemonic.malformed', 'abandon about'],
  ['mnemonic.malformed', 'abandon '.repeat(12)],
  ['secret.malformed', '0'.repeat(48)],
  ['secret.unknown', 'what'],
])('%s: what is no secret restores nothing', (code, given) => {
  expect(() => restorableEntropy(given)).toThrow(expect.objectContaining({ code }));
});

test('a mnemonic that is valid in English and in French is taken as English: seeds are made from the words', () => {
  const ambiguous = validInBoth();
  expect(() => readMnemonic(ambiguous)).toThrow(expect.objectContaining({ code: 'mnemonic.ambiguous' }));
  expect(toHex(restorableEntropy(ambiguous))).toBe(entropy(ambiguous));
});

/** Words of both lists, drawn until both checksums fit: one in 256 does. */
function validInBoth(): string {
  const [english, french] = [wordListOf('english'), wordListOf('french')];
  const both = english.filter((word) => french.includes(word));
  for (let attempt = 0; attempt < 5000; attempt += 1) {
    const words = Array.from(noise(`words ${attempt}`, 12), (byte) => both[byte % both.length] as string);
    if (checkedEntropy(words, english) !== null && checkedEntropy(words, french) !== null) return words.join(' ');
  }
  throw new Error('none found');
}
