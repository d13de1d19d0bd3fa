import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseHex, toHex } from '../../src/domain/bytes.ts';
import { HARDENED, parsePath } from '../../src/domain/derivation-path.ts';
import { mnemonicIn } from '../../src/signer/mnemonic.ts';
import { derivePrivatePath } from '../../src/signer/private-derivation.ts';
import { childBytes, childDice, childMasterKey, childMnemonicEntropy, childPassword, childPrivateKey, deterministicBytes, entropyAt, type PrivateKeyLender } from '../../src/signer/secrets/bip85.ts';
import { formatExtendedPrivateKey, parseExtendedPrivateKey } from '../../src/signer/secrets/extended-private-key.ts';
import type { MnemonicWordCount } from '../../src/signer/secrets/mnemonic-coding.ts';
import { formatWif } from '../../src/signer/secrets/wif.ts';

interface Vector { section: string; master: string; path?: string; key?: string; entropy: string; bip39_mnemonic?: string; wif?: string; xprv?: string; pwd?: string; rolls?: string; nsec?: string; 'drng(80_bytes)'?: string }
const file = join(process.env['STRONGROOM_VECTORS'] ?? '../shared/vectors', 'bip85/bip85_vectors.json');
const vectors: Vector[] = JSON.parse(readFileSync(file, 'utf8'));

const lender = (master: string): PrivateKeyLender => {
  const { key } = parseExtendedPrivateKey(master);
  return { usePrivateKeyAt: (path, use) => use(derivePrivatePath(key, path).privateKey) };
};
const stepsOf = (path: string): number[] => parsePath(path).slice(1).map((step) => step - HARDENED);
const bySection = (section: string): Vector => vectors.find((vector) => vector.section === section) as Vector;
const given = (section: string): { key: PrivateKeyLender; steps: number[]; vector: Vector } => {
  const vector = bySection(section);
  return { key: lender(vector.master), steps: stepsOf(vector.path as string), vector };
};

/** Vectors of which only the entropy is used: a Nostr key is no secret of bitcoin. */
const entropyOnly = ['Nostr', 'Nostr', 'Nostr'];

test('the vectors are there, and those that are used in part are listed', () => {
  expect(vectors).toHaveLength(15);
  expect(vectors.filter(({ nsec }) => nsec !== undefined).map(({ section }) => section)).toEqual(entropyOnly);
});

const withPath = vectors.filter((vector): vector is Vector & { path: string } => vector.path !== undefined);
test.each(withPath)('BIP85: entropy at $path ($section)', ({ master, path, entropy, key }) => {
  const all = toHex(entropyAt(lender(master), stepsOf(path)));
  // Given as far as it is used: of an XPRV the private key alone, which is the second half.
  expect(path.includes("/32'/") ? all.slice(64) : all.slice(0, entropy.length)).toBe(entropy);
  if (key !== undefined) expect(lender(master).usePrivateKeyAt(parsePath(path), toHex)).toBe(key);
});

test('BIP85: the generator gives SHAKE256 of the entropy, and goes on where it stopped', () => {
  const vector = bySection('Test Vectors');
  const expected = vector['drng(80_bytes)'] as string;
  expect(toHex(deterministicBytes(parseHex(vector.entropy))(80))).toBe(expected);
  const next = deterministicBytes(parseHex(vector.entropy));
  expect(toHex(next(1)) + toHex(next(78)) + toHex(next(1))).toBe(expected);
});

test.each(['12 English words', '18 English words', '24 English words'])('BIP85: %s', (section) => {
  const { key, steps, vector } = given(section);
  const entropy = childMnemonicEntropy(key, { language: 'english', words: steps[2] as MnemonicWordCount, index: steps[3] as number });
  expect(toHex(entropy)).toBe(vector.entropy);
  expect(mnemonicIn('english', entropy)).toBe(vector.bip39_mnemonic);
});

test('BIP85: WIF', () => {
  const { key, steps, vector } = given('HD-Seed WIF');
  const privateKey = childPrivateKey(key, steps[1] as number);
  expect([toHex(privateKey), formatWif({ privateKey, compressed: true }, 'mainnet')]).toEqual([vector.entropy, vector.wif]);
});

test('BIP85: XPRV', () => {
  const { key, steps, vector } = given('XPRV');
  const master = childMasterKey(key, steps[1] as number);
  expect([toHex(master.privateKey), formatExtendedPrivateKey(master, 'mainnet')]).toEqual([vector.entropy, vector.xprv]);
});

test('BIP85: HEX', () => {
  const { key, steps, vector } = given('HEX');
  expect(toHex(childBytes(key, steps[1] as number, steps[2] as number))).toBe(vector.entropy);
});

test.each([['PWD BASE64', 'base64'], ['PWD BASE85', 'base85']] as const)('BIP85: %s', (section, alphabet) => {
  const { key, steps, vector } = given(section);
  expect(childPassword(key, alphabet, steps[1] as number, steps[2] as number)).toBe(vector.pwd);
});

test('BIP85: DICE', () => {
  const { key, steps, vector } = given('DICE');
  expect(childDice(key, steps[1] as number, steps[2] as number, steps[3] as number).join(',')).toBe(vector.rolls);
});
