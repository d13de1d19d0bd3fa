import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compactSeedQrBytes, parseCompactSeedQr, parseSeedQrDigits, seedQrDigits } from '../../../../src/signer/secrets/seedqr.ts';
import { noise } from '../fixtures.ts';

const malformed = (details: Readonly<Record<string, unknown>>) => expect.objectContaining({ code: 'secret.malformed', details: expect.objectContaining(details) });

test('entropy to digits and back is the identity, for every length', () => {
  fc.assert(fc.property(fc.constantFrom(16, 20, 24, 28, 32).chain((length) => fc.uint8Array({ minLength: length, maxLength: length })), (entropy) => {
    const digits = seedQrDigits(entropy);
    expect(digits).toMatch(/^[0-9]+$/);
    expect(digits).toHaveLength(entropy.length * 3);
    expect(parseSeedQrDigits(digits.replaceAll(/(.{4})/g, '$1 \n'))).toEqual(entropy);
  }));
});

test('digits are refused by count, letters, range and checksum, and none stands in the error', () => {
  const digits = seedQrDigits(new Uint8Array(16));
  expect(() => parseSeedQrDigits(digits.slice(4))).toThrow(malformed({ digits: 44 }));
  expect(() => parseSeedQrDigits(digits.slice(1))).toThrow(malformed({ digits: 47 }));
  expect(() => parseSeedQrDigits('')).toThrow(malformed({ form: 'seedqr' }));
  expect(() => parseSeedQrDigits(`${digits.slice(1)}x`)).toThrow(malformed({ form: 'seedqr' }));
  expect(() => parseSeedQrDigits(`0000${'2048'}${digits.slice(8)}`)).toThrow(malformed({ words: '2' }));
  expect(() => parseSeedQrDigits(`${digits.slice(0, -4)}0004`)).toThrow(malformed({ reason: 'the mnemonic\'s checksum is wrong' }));
});

test('compact: the entropy in an array of its own, 16 or 32 bytes and no others', () => {
  const entropy = noise('compact', 32);
  const bytes = compactSeedQrBytes(entropy);
  expect(bytes).toEqual(entropy);
  bytes.fill(0);
  expect(entropy).toEqual(noise('compact', 32));
  for (const length of [0, 15, 17, 24, 33]) expect(() => parseCompactSeedQr(new Uint8Array(length))).toThrow(malformed({ bytes: length }));
});
