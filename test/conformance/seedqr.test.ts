import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toHex } from '../../src/domain/bytes.ts';
import { mnemonicOf, parseMnemonic } from '../../src/signer/mnemonic.ts';
import { compactSeedQrBytes, parseCompactSeedQr, parseSeedQrDigits, seedQrDigits } from '../../src/signer/secrets/seedqr.ts';

interface Vector { title: string; mnemonic: string; seedqr_digits: string; compact_bits: string; compact_python_bytes?: string }
const folder = join(process.env['STRONGROOM_VECTORS'] ?? '../shared/vectors', 'seedqr');
const vectors: Vector[] = JSON.parse(readFileSync(join(folder, 'seedqr_vectors.json'), 'utf8'));
const bytesOfBits = (bits: string): Uint8Array => Uint8Array.from((bits.match(/.{8}/g) as string[]).map((byte) => Number.parseInt(byte, 2)));

/** The bytes of a Python literal, as the specification prints them. */
function bytesOfPython(literal: string): Uint8Array {
  const escapes: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, '\\': 92, "'": 39, '"': 34 };
  return Uint8Array.from([...literal.slice(2, -1).matchAll(/\\x([0-9a-f]{2})|\\(.)|([^\\])/g)].map(([, hex, escaped, plain]) =>
    hex !== undefined ? Number.parseInt(hex, 16) : escaped !== undefined ? (escapes[escaped] as number) : (plain as string).charCodeAt(0)));
}

test('the vectors are there', () => {
  expect(vectors).toHaveLength(9);
});

test.each(vectors)('SeedQR: $title', ({ mnemonic, seedqr_digits, compact_bits, compact_python_bytes }) => {
  const entropy = parseMnemonic(mnemonic);
  expect(seedQrDigits(entropy)).toBe(seedqr_digits);
  expect(mnemonicOf(parseSeedQrDigits(seedqr_digits))).toBe(mnemonic);
  expect(toHex(compactSeedQrBytes(entropy))).toBe(toHex(bytesOfBits(compact_bits)));
  expect(mnemonicOf(parseCompactSeedQr(bytesOfBits(compact_bits)))).toBe(mnemonic);
  if (compact_python_bytes !== undefined) expect(toHex(compactSeedQrBytes(entropy))).toBe(toHex(bytesOfPython(compact_python_bytes)));
});

test.each([['seedqr-12.txt', 12], ['seedqr-24.txt', 24]] as const)('SeedQR: %s reads as %i words and writes back', (name, words) => {
  const digits = readFileSync(join(folder, name), 'utf8').trim();
  const entropy = parseSeedQrDigits(digits);
  expect(mnemonicOf(entropy).split(' ')).toHaveLength(words);
  expect(seedQrDigits(entropy)).toBe(digits);
});
