import { createBase58check } from '@scure/base';
import { sha256 } from '@noble/hashes/sha2.js';
import { expect, test } from 'vitest';
import { concat, parseHex } from '../../../../src/domain/bytes.ts';
import { parsePath } from '../../../../src/domain/derivation-path.ts';
import { fingerprintOf, formatExtendedPublicKey } from '../../../../src/wallet/extended-public-key.ts';
import { derivePrivatePath, masterKeyOf, neuter, publicKeyOf } from '../../../../src/signer/private-derivation.ts';
import { formatExtendedPrivateKey, parseExtendedPrivateKey } from '../../../../src/signer/secrets/extended-private-key.ts';
import { noise } from '../fixtures.ts';

const base58check = createBase58check(sha256);
const malformed = expect.objectContaining({ code: 'secret.malformed' });
const master = masterKeyOf(noise('master', 32));
const fingerprint = fingerprintOf(publicKeyOf(master));

test.each([['mainnet', 'xprv', 'main'], ['signet', 'tprv', 'test']] as const)('an extended private key on %s is written as %s and reads back', (network, start, realm) => {
  const text = formatExtendedPrivateKey(master, network);
  expect(text.slice(0, 4)).toBe(start);
  expect(parseExtendedPrivateKey(` ${text}\n`)).toEqual({ key: master, realm, place: null });
});

test('a key below its master carries its place, and a place that contradicts it is refused', () => {
  const account = formatExtendedPrivateKey(derivePrivatePath(master, parsePath('48h/0h/0h')), 'mainnet');
  expect(parseExtendedPrivateKey(`[${fingerprint}/48h/0h/0h]${account}`).place).toEqual({ masterFingerprint: fingerprint, path: parsePath('48h/0h/0h') });
  expect(parseExtendedPrivateKey(account).place).toBeNull();
  for (const wrong of [`[${fingerprint}/48h/0h]`, `[${fingerprint}/48h/0h/1h]`, `[${fingerprint}]`]) expect(() => parseExtendedPrivateKey(`${wrong}${account}`)).toThrow(malformed);
  expect(() => parseExtendedPrivateKey(`[nothex/48h/0h/0h]${account}`)).toThrow(expect.objectContaining({ code: 'fingerprint.malformed' }));
  expect(() => parseExtendedPrivateKey(`[${fingerprint}/48h/x/0h]${account}`)).toThrow(expect.objectContaining({ code: 'path.malformed' }));
});

test('a first child of another master than stated is refused', () => {
  const child = formatExtendedPrivateKey(derivePrivatePath(master, parsePath('0h')), 'mainnet');
  expect(parseExtendedPrivateKey(`[${fingerprint}/0h]${child}`).place?.path).toEqual(parsePath('0h'));
  expect(() => parseExtendedPrivateKey(`[00000000/0h]${child}`)).toThrow(malformed);
});

const bytesOf = (change: (bytes: Uint8Array) => void): string => {
  const bytes = base58check.decode(formatExtendedPrivateKey(master, 'mainnet'));
  change(bytes);
  return base58check.encode(bytes);
};
test.each([
  ['a wrong checksum', formatExtendedPrivateKey(master, 'mainnet').replace(/.$/, (last) => (last === '1' ? '2' : '1'))],
  ['a public key', formatExtendedPublicKey(neuter(master), 'mainnet')],
  ['an unknown version', bytesOf((bytes) => bytes.set([0, 0, 0, 0]))],
  ['a key prefix that is not 0', bytesOf((bytes) => bytes.set([1], 45))],
  ['zero', bytesOf((bytes) => bytes.fill(0, 46))],
  ['a number past the order of the group', bytesOf((bytes) => bytes.fill(0xff, 46))],
  ['a master that names a parent', bytesOf((bytes) => bytes.set([1], 5))],
  ['a master with a child number', bytesOf((bytes) => bytes.set([1], 12))],
  ['too few bytes', base58check.encode(concat(parseHex('0488ade4'), noise('few', 70)))],
  ['nothing', ''],
])('an extended private key with %s is refused', (_, text) => {
  expect(() => parseExtendedPrivateKey(text)).toThrow(malformed);
});

test.each([[0x049d7878, 'main'], [0x04b2430c, 'main'], [0x045f18bc, 'test']] as const)('SLIP-132 versions are read as what they are', (version, realm) => {
  const text = bytesOf((bytes) => new DataView(bytes.buffer, bytes.byteOffset).setUint32(0, version));
  expect(parseExtendedPrivateKey(text)).toEqual({ key: master, realm, place: null });
});
