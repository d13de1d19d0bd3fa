import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseHex, toHex } from '../../src/domain/bytes.ts';
import { masterKeyOf } from '../../src/signer/private-derivation.ts';
import { codex32OfSeed, deriveCodex32, formatCodex32, parseCodex32, recoverCodex32, seedOfCodex32, type Codex32 } from '../../src/signer/secrets/codex32/codex32.ts';
import { formatExtendedPrivateKey } from '../../src/signer/secrets/extended-private-key.ts';

interface Vectors {
  valid: { codex32: string[]; master_seed_hex: string[]; xprv: string[] }[];
  invalid: { string: string; reason: string }[];
}
const file = join(process.env['STRONGROOM_VECTORS'] ?? '../shared/vectors', 'bip93/codex32_vectors.json');
const { valid, invalid }: Vectors = JSON.parse(readFileSync(file, 'utf8'));
const strings = valid.flatMap(({ codex32, master_seed_hex, xprv }) => codex32.map((text) => ({ text, seed: master_seed_hex[0] as string, xprv: xprv[0] as string })));

test('the vectors are there', () => {
  expect([valid.length, strings.length, invalid.length]).toEqual([5, 33, 64]);
});

test.each(strings)('BIP93: reads and writes $text', ({ text, seed, xprv }) => {
  const codex = parseCodex32(text);
  expect(formatCodex32(codex)).toBe(text.toUpperCase());
  if (codex.index !== 's') return expect(() => seedOfCodex32(codex)).toThrow(expect.objectContaining({ code: 'share.too-few' }));
  expect(toHex(seedOfCodex32(codex))).toBe(seed);
  expect(formatExtendedPrivateKey(masterKeyOf(seedOfCodex32(codex)), 'mainnet')).toBe(xprv);
});

const byIndex = (vector: number): Map<string, Codex32> => new Map((valid[vector] as Vectors['valid'][number]).codex32.map((text) => parseCodex32(text)).toReversed().map((codex) => [codex.index, codex]));

test('BIP93, vector 2: shares A and C lead to D and to the secret', () => {
  const shares = byIndex(1);
  const given = ['a', 'c'].map((index) => shares.get(index) as Codex32);
  expect(deriveCodex32(given, 'd')).toEqual(shares.get('d'));
  expect(recoverCodex32(given)).toEqual(shares.get('s'));
});

test('BIP93, vector 3: the secret, A and C lead to D, E and F, and any three shares to the secret', () => {
  const shares = byIndex(2);
  const pick = (indices: string): Codex32[] => [...indices].map((index) => shares.get(index) as Codex32);
  for (const index of 'def') expect(deriveCodex32(pick('sac'), index)).toEqual(shares.get(index));
  for (const indices of ['acd', 'ace', 'acf', 'ade', 'adf', 'aef', 'cde', 'cdf', 'cef', 'def', 'acdef']) expect(recoverCodex32(pick(indices))).toEqual(shares.get('s'));
});

test('BIP93: a seed is written with zeros in its last character', () => {
  expect(formatCodex32(codex32OfSeed(parseHex('ffeeddccbbaa99887766554433221100'), 'cash', 3)).toLowerCase()).toBe((valid[2] as Vectors['valid'][number]).codex32[0]);
  expect(formatCodex32(codex32OfSeed(parseHex('ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100'), 'leet')).toLowerCase()).toBe((valid[3] as Vectors['valid'][number]).codex32[0]);
});

test.each(invalid)('BIP93: refuses $string ($reason)', ({ string }) => {
  expect(() => parseCodex32(string)).toThrow(expect.objectContaining({ code: 'share.malformed' }));
});
