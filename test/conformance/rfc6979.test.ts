import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '@noble/hashes/sha2.js';
import { pointFromScalar } from 'tiny-secp256k1';
import { expect, test } from 'vitest';
import { parseHex, toHex, utf8 } from '../../src/domain/bytes.ts';
import { libsecp256k1 } from '../../src/signer/curve-libsecp256k1.ts';
import { nobleCurves } from '../../src/signer/curve-noble.ts';

interface Vector { message: string; d: string; k0: string }
const file = join(process.env['STRONGROOM_VECTORS'] ?? '../shared/vectors', 'rfc6979/secp256k1_rfc6979.json');
const vectors: Vector[] = JSON.parse(readFileSync(file, 'utf8'));

test('the vectors are there', () => {
  expect(vectors).toHaveLength(10);
});

test.each(vectors)('RFC 6979: both implementations use the nonce of "$message"', ({ message, d, k0 }) => {
  // r is the x coordinate of k * G.
  const r = toHex((pointFromScalar(parseHex(k0), true) as Uint8Array).subarray(1));
  for (const signer of [libsecp256k1, nobleCurves]) {
    expect(toHex(signer.sign(sha256(utf8(message)), parseHex(d), undefined).subarray(0, 32))).toBe(r);
  }
});
