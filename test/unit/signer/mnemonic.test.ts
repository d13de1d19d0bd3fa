import fc from 'fast-check';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { expect, test } from 'vitest';
import { toHex, utf8 } from '../../../src/domain/bytes.ts';
import { mnemonicOf, parseMnemonic, seedOfMnemonic } from '../../../src/signer/mnemonic.ts';
import { mnemonics } from './fixtures.ts';

test('entropy to words and back is the identity, for 12 and 24 words', () => {
  fc.assert(
    fc.property(fc.constantFrom(16, 32).chain((length) => fc.uint8Array({ minLength: length, maxLength: length })), (entropy) => {
      const words = mnemonicOf(entropy);
      expect(words.split(' ')).toHaveLength(entropy.length === 16 ? 12 : 24);
      expect(parseMnemonic(words)).toEqual(entropy);
    }),
    { numRuns: 100 },
  );
});

test('case, line breaks and blanks do not matter', () => {
  expect(parseMnemonic(`  ${mnemonics.bob.toUpperCase().replaceAll(' ', '\n ')}\r\n`)).toEqual(parseMnemonic(mnemonics.bob));
});

const details = (text: string): unknown => {
  try {
    return parseMnemonic(text);
  } catch (fault) {
    expect(fault).toMatchObject({ code: 'mnemonic.malformed' });
    return (fault as { details: unknown }).details;
  }
};

test('a malformed mnemonic is told by count, positions or checksum', () => {
  expect(details('')).toEqual({ reason: 'count', given: 0 });
  expect(details('abandon abandon')).toEqual({ reason: 'count', given: 2 });
  expect(details(`${mnemonics.alice} about about about`)).toEqual({ reason: 'count', given: 15 });
  const words = mnemonics.bob.split(' ');
  words[2] = 'thankk';
  words[11] = 'yello';
  expect(details(words.join(' '))).toEqual({ reason: 'word', positions: '3, 12' });
  expect(details(mnemonics.alice.replace(/about$/, 'abandon'))).toEqual({ reason: 'checksum' });
});

test('no word of the mnemonic is in its error', () => {
  try {
    parseMnemonic('correcthorse battery staple correct horse battery staple correct horse battery staple zebra');
    expect.unreachable();
  } catch (fault) {
    const { message, details: facts, hint } = fault as { message: string; details: unknown; hint: string };
    expect(`${message}${JSON.stringify(facts)}${hint}`).not.toMatch(/horse|battery|staple|correct|zebra/);
  }
});

test('a BIP39 passphrase is normalised to NFKD; normalising to NFC would be another wallet', () => {
  const composed = 'caf\u00e9 \ufb01nance \u30ac';
  const seed = toHex(seedOfMnemonic(mnemonics.alice, composed));
  expect(toHex(seedOfMnemonic(mnemonics.alice, composed.normalize('NFD')))).toBe(seed);
  const seedBy = (form: 'NFC' | 'NFKD'): string => toHex(pbkdf2(sha512, utf8(mnemonics.alice), utf8(`mnemonic${composed.normalize(form)}`), { c: 2048, dkLen: 64 }));
  expect(seedBy('NFKD')).toBe(seed);
  expect(seedBy('NFC')).not.toBe(seed);
});
