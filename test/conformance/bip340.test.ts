import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseHex, toHex } from '../../src/domain/bytes.ts';
import { libsecp256k1 } from '../../src/signer/curve-libsecp256k1.ts';
import { nobleCurves } from '../../src/signer/curve-noble.ts';
import { signSchnorrAgreed } from '../../src/signer/schnorr-signer.ts';
import { isXOnlyPoint, verifySchnorr } from '../../src/wallet/secp256k1-public.ts';

const file = join(process.env['STRONGROOM_VECTORS'] ?? '../shared/vectors', 'bip340/test-vectors.csv');
const vectors = readFileSync(file, 'utf8').trim().split(/\r?\n/).slice(1).map((line) => {
  const [index = '', secretKey = '', publicKey = '', auxRand = '', message = '', signature = '', result = ''] = line.split(',');
  return { index, secretKey, publicKey, auxRand, message, signature: signature.toLowerCase(), valid: result === 'TRUE' };
});
// Messages of other lengths than 32 bytes: Bitcoin signs hashes alone, and libsecp256k1's interface takes nothing else.
const hashes = vectors.filter(({ message }) => message.length === 64);
const signing = hashes.filter(({ secretKey }) => secretKey !== '');

test('the vectors are there: nineteen, of which four sign a message that is no hash', () => {
  expect(vectors).toHaveLength(19);
  expect(vectors.filter((vector) => !hashes.includes(vector)).map(({ index }) => index)).toEqual(['15', '16', '17', '18']);
  expect(signing).toHaveLength(4);
});

test.each(hashes)('BIP340, $index: verification says $valid', ({ publicKey, message, signature, valid }) => {
  const verified = (): boolean => isXOnlyPoint(parseHex(publicKey)) && verifySchnorr(parseHex(message), parseHex(publicKey), parseHex(signature));
  let result: boolean;
  try {
    result = verified();
  } catch {
    // The library throws for what cannot be a signature at all.
    result = false;
  }
  expect(result).toBe(valid);
});

test.each(signing)('BIP340, $index: both implementations make the published signature', ({ secretKey, publicKey, auxRand, message, signature }) => {
  for (const signer of [libsecp256k1, nobleCurves]) expect(toHex(signer.signSchnorr(parseHex(message), parseHex(secretKey), parseHex(auxRand)))).toBe(signature);
  if (/^0+$/.test(auxRand)) expect(toHex(signSchnorrAgreed({ first: libsecp256k1, second: nobleCurves }, parseHex(message), parseHex(secretKey), parseHex(publicKey)))).toBe(signature);
});
