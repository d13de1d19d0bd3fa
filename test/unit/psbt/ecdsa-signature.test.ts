import fc from 'fast-check';
import * as secp from 'tiny-secp256k1';
import { describe, expect, test } from 'vitest';
import { concat, parseHex, toHex } from '../../../src/domain/bytes.ts';
import { isProvenEcdsa, isValidEcdsa, readEcdsaSignature } from '../../../src/psbt/ecdsa-signature.ts';
import { isKnown } from '../../../src/psbt/proven-signatures.ts';
import { derSignature } from '../support/psbt-builder.ts';

const integer = '0220' + '11'.repeat(32);
const both = integer + integer;

describe('BIP66: a signature is strict DER and one byte', () => {
  test('reads r, s and the sighash type', () => {
    const read = readEcdsaSignature(parseHex(`3044${both}01`));
    expect(read?.sighashType).toBe(1);
    expect(toHex(read?.compact as Uint8Array)).toBe('11'.repeat(64));
  });

  test.each([
    ['nothing', ''],
    ['no sequence', `3144${both}01`],
    ['a wrong length', `3045${both}01`],
    ['bytes after s', `3045${both}0001`],
    ['no integer', `3044${both.replace('0220', '0320')}01`],
    ['an empty integer', `3024${integer}020001`],
    ['a negative integer', `3044${both.replace('022011', '022081')}01`],
    ['an integer with a needless zero', `304502210011${'11'.repeat(31)}${integer}01`],
    ['an integer of 33 bytes', `3045022101${'11'.repeat(32)}${integer}01`],
    ['an integer past the end', `304402ff${'11'.repeat(32)}${integer}01`],
  ])('%s is no signature', (_title, hex) => {
    expect(readEcdsaSignature(parseHex(hex))).toBeNull();
  });

  test.each([
    ['the shortest', '300602010102017f81', `${'00'.repeat(31)}01${'00'.repeat(31)}7f`, 0x81],
    ['integers whose highest bit needs a zero in front', '30080202008002020080ff', `${'00'.repeat(31)}80${'00'.repeat(31)}80`, 0xff],
    // The curve refuses it; its form is right.
    ['zero', '300602010002010101', `${'00'.repeat(32)}${'00'.repeat(31)}01`, 1],
    ['32 bytes and a zero in front', `3046022100${'ff'.repeat(32)}022100${'80'.repeat(32)}01`, 'ff'.repeat(32) + '80'.repeat(32), 1],
    ['r of 32 bytes and s of 31', `3043${integer}021f${'22'.repeat(31)}02`, `${'11'.repeat(32)}00${'22'.repeat(31)}`, 2],
  ])('reads %s', (_title, hex, compact, sighashType) => {
    const read = readEcdsaSignature(parseHex(hex));
    expect(read === null ? null : [toHex(read.compact), read.sighashType]).toEqual([compact, sighashType]);
  });

  test.each([
    ['no sighash type', '3006020101020101'],
    ['a sequence of seven bytes', '300502010102010001'],
    ['s missing', `3022${integer}01`],
    ['s cut off', '30060201010202017f01'],
    ['a needless zero in s', '3007020101020200' + '7f01'],
    ['a negative s', '300602010102018001'],
    ['s of another type', '300602010103010101'],
    ['r of 33 bytes with a zero in front of a small one', `3047022200${'00'}${'ff'.repeat(32)}022100${'80'.repeat(32)}01`],
  ])('%s is no signature either', (_title, hex) => {
    expect(readEcdsaSignature(parseHex(hex))).toBeNull();
  });

  test('every signature reads back as it was written; nothing makes it throw', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (hash) => {
      const compact = secp.sign(hash, new Uint8Array(32).fill(3));
      expect(toHex(readEcdsaSignature(derSignature(compact))?.compact as Uint8Array)).toBe(toHex(compact));
    }), { numRuns: 30 });
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      expect(() => readEcdsaSignature(bytes)).not.toThrow();
      expect(() => readEcdsaSignature(concat(parseHex('3044'), bytes))).not.toThrow();
    }));
  });
});

test('a signature is valid for its hash and key only, and with low s only', () => {
  const secret = new Uint8Array(32).fill(3);
  const publicKey = secp.pointFromScalar(secret) as Uint8Array;
  const hash = new Uint8Array(32).fill(9);
  const compact = secp.sign(hash, secret);
  expect(isValidEcdsa(hash, publicKey, compact)).toBe(true);
  expect(isValidEcdsa(new Uint8Array(32), publicKey, compact)).toBe(false);
  const highS = concat(compact.subarray(0, 32), secp.privateNegate(compact.subarray(32)));
  expect(isValidEcdsa(hash, publicKey, highS)).toBe(false);
  expect(isValidEcdsa(hash, publicKey, new Uint8Array(64).fill(0xff))).toBe(false);
  expect(isValidEcdsa(hash, new Uint8Array(33).fill(2), compact)).toBe(false);
  expect(isValidEcdsa(hash, new Uint8Array(5), compact)).toBe(false);
});

test('a key may be compressed or not, and nothing else: the curve library alone would take 32 bytes too', () => {
  const secret = new Uint8Array(32).fill(3);
  const hash = new Uint8Array(32).fill(9);
  const compact = secp.sign(hash, secret);
  const whole = secp.pointFromScalar(secret, false) as Uint8Array;
  expect(isValidEcdsa(hash, whole, compact)).toBe(true);
  expect(isValidEcdsa(hash, whole.subarray(1, 33), compact)).toBe(false);
  expect(isValidEcdsa(hash, whole.subarray(0, 64), compact)).toBe(false);
});

test('what was verified once is known of the array that holds it, and only then', () => {
  const secret = new Uint8Array(32).fill(3);
  const publicKey = secp.pointFromScalar(secret) as Uint8Array;
  const hash = new Uint8Array(32).fill(9);
  const compact = secp.sign(hash, secret);
  const carrier = derSignature(compact);
  expect(isKnown(carrier, { hash, publicKey, signature: compact })).toBe(false);
  expect(isProvenEcdsa(carrier, new Uint8Array(32), publicKey, compact)).toBe(false);
  expect(isProvenEcdsa(carrier, hash, publicKey, compact)).toBe(true);
  expect(isKnown(carrier, { hash, publicKey, signature: compact })).toBe(true);
});
