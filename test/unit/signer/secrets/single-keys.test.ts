import { createBase58check } from '@scure/base';
import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat, parseHex, toHex } from '../../../../src/domain/bytes.ts';
import { decryptBip38, encryptBip38 } from '../../../../src/signer/secrets/bip38.ts';
import { formatWif, parseWif, requireRealm } from '../../../../src/signer/secrets/wif.ts';
import { noise } from '../fixtures.ts';
import { nativeSlowHashes } from './native-slow-hashes.ts';

const base58check = createBase58check(sha256);
const malformed = expect.objectContaining({ code: 'secret.malformed' });
const ORDER = parseHex('fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141');

test('a private key as WIF and back is the identity, in both compressions and realms', () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 31, maxLength: 31 }), fc.boolean(), fc.constantFrom('mainnet', 'regtest'), (tail, compressed, network) => {
    const privateKey = concat(Uint8Array.of(1), tail);
    const text = formatWif({ privateKey, compressed }, network);
    expect(parseWif(text)).toEqual({ privateKey, compressed, realm: network === 'mainnet' ? 'main' : 'test' });
    expect('5KL9c').toContain(text.charAt(0));
  }));
});

test.each([
  ['a wrong checksum', '5KN7MzqK5wt2TP1fQCYyHBtDrXdJuXbUzm4A9rKAteGu3Qi5CVS'],
  ['nothing', ''],
  ['another version', base58check.encode(concat(Uint8Array.of(0xb1), noise('ltc', 32)))],
  ['a wrong size', base58check.encode(concat(Uint8Array.of(0x80), noise('short', 31)))],
  ['another last byte', base58check.encode(concat(Uint8Array.of(0x80), noise('flag', 32), Uint8Array.of(2)))],
  ['zero', base58check.encode(concat(Uint8Array.of(0x80), new Uint8Array(32)))],
  ['the order of the group', base58check.encode(concat(Uint8Array.of(0x80), ORDER))],
])('a WIF with %s is refused', (_, text) => {
  expect(() => parseWif(text)).toThrow(malformed);
});

test('no WIF is made of a number that is no key', () => {
  expect(() => formatWif({ privateKey: ORDER, compressed: true }, 'mainnet')).toThrow(malformed);
});

test('a secret of the other realm is refused', () => {
  expect(() => requireRealm('main', 'mainnet')).not.toThrow();
  expect(() => requireRealm('test', 'practice')).not.toThrow();
  expect(() => requireRealm('test', 'mainnet')).toThrow(expect.objectContaining({ code: 'key.network' }));
  expect(() => requireRealm('main', 'signet')).toThrow(expect.objectContaining({ code: 'key.network' }));
});

test.each([['mainnet', true], ['mainnet', false], ['regtest', true], ['regtest', false]] as const)('BIP38 to and fro on %s, compressed %s', async (network, compressed) => {
  const key = { privateKey: noise(`bip38 ${network}`, 32), compressed };
  const text = await encryptBip38(key, network, 'päss phrase', nativeSlowHashes);
  expect(text.slice(0, 2)).toBe('6P');
  expect(await decryptBip38(text, 'pa\u0308ss phrase', nativeSlowHashes)).toEqual({ ...key, realm: network === 'mainnet' ? 'main' : 'test', lot: null });
});

test('BIP38: a wrong passphrase is told from a wrong text, plain and EC-multiplied', async () => {
  const wrong = { code: 'secret.passphrase-wrong', details: {} };
  const text = await encryptBip38({ privateKey: noise('a key', 32), compressed: true }, 'mainnet', 'right', nativeSlowHashes);
  await expect(decryptBip38(text, 'wrong', nativeSlowHashes)).rejects.toMatchObject(wrong);
  const multiplied = base58check.encode(concat(Uint8Array.of(1, 0x43, 0x24), noise('multiplied', 36)));
  await expect(decryptBip38(multiplied, 'wrong', nativeSlowHashes)).rejects.toMatchObject(wrong);
});

test.each([
  ['a wrong checksum', `6P${'1'.repeat(56)}`],
  ['another prefix', base58check.encode(concat(Uint8Array.of(1, 0x44), noise('x', 37)))],
  ['a wrong size', base58check.encode(concat(Uint8Array.of(1, 0x42, 0xc0), noise('x', 35)))],
  ['an unknown flag', base58check.encode(concat(Uint8Array.of(1, 0x42, 0xc1), noise('x', 36)))],
  ['a lot number on a key that is not multiplied', base58check.encode(concat(Uint8Array.of(1, 0x42, 0xc4), noise('x', 36)))],
  ['the flags of a plain key on one that is multiplied', base58check.encode(concat(Uint8Array.of(1, 0x43, 0xc0), noise('x', 36)))],
])('BIP38 with %s is refused before any slow work', async (_, text) => {
  await expect(decryptBip38(text, 'x', { scrypt: () => expect.unreachable(), pbkdf2Sha256: () => expect.unreachable() })).rejects.toMatchObject({ code: 'secret.malformed' });
});

test('BIP38 encrypts no number that is no key', async () => {
  await expect(encryptBip38({ privateKey: ORDER, compressed: true }, 'mainnet', 'x', nativeSlowHashes)).rejects.toMatchObject({ code: 'secret.malformed' });
});

test('the caller\'s key is not changed by encrypting it', async () => {
  const privateKey = noise('kept', 32);
  await encryptBip38({ privateKey, compressed: true }, 'mainnet', 'x', nativeSlowHashes);
  expect(toHex(privateKey)).toBe(toHex(noise('kept', 32)));
});
