import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toHex } from '../../src/domain/bytes.ts';
import { decryptBip38, encryptBip38 } from '../../src/signer/secrets/bip38.ts';
import { slowHashesInJavaScript } from '../../src/signer/secrets/slow-hashes.ts';
import { formatWif, parseWif } from '../../src/signer/secrets/wif.ts';
import { nativeSlowHashes } from '../unit/signer/secrets/native-slow-hashes.ts';

interface Vector { section: string; passphrase: string; encrypted: string; wif: string; hex?: string; lot_sequence?: string; intermediate?: string; confirmation?: string }
const file = join(process.env['STRONGROOM_VECTORS'] ?? '../shared/vectors', 'bip38/bip38_vectors.json');
const vectors: Vector[] = JSON.parse(readFileSync(file, 'utf8'));

// The third vector's passphrase is given in prose by its code points; it holds U+0000 and changes under NFC.
const hardPassphrase = '\u03d2\u0301\u0000\u{10400}\u{1f4a9}';
const passphraseOf = (vector: Vector): string => (vector.passphrase.includes('U+03D2') ? hardPassphrase : vector.passphrase);

/** What of the vectors is not used: the owner's side of EC multiplication, which Strongroom does not offer. */
const unused: readonly string[] = ['5 intermediate', '6 intermediate', '7 intermediate', '7 confirmation', '8 intermediate', '8 confirmation'];

test('the vectors are there, all nine modes, and every part that is not used is listed', () => {
  expect(vectors).toHaveLength(9);
  expect(vectors.filter((vector) => passphraseOf(vector) === hardPassphrase)).toHaveLength(1);
  const found = vectors.flatMap((vector, index) => (['intermediate', 'confirmation'] as const).filter((part) => vector[part] !== undefined).map((part) => `${index} ${part}`));
  expect(found).toEqual(unused);
});

test.each(vectors.map((vector, index) => ({ index, ...vector })))('BIP38: decrypts $index: $section', async (vector) => {
  const key = await decryptBip38(vector.encrypted, passphraseOf(vector), nativeSlowHashes);
  expect(formatWif(key, 'mainnet')).toBe(vector.wif);
  if (vector.hex !== undefined) expect(toHex(key.privateKey).toUpperCase()).toBe(vector.hex);
  expect(key.realm).toBe('main');
  expect(key.lot === null ? undefined : `${key.lot.lot}/${key.lot.sequence}`).toBe(vector.lot_sequence);
});

const plain = vectors.filter(({ section }) => section.endsWith('no EC multiply'));
test('five of the vectors are of the mode that is encrypted too', () => {
  expect(plain).toHaveLength(5);
});

test.each(plain)('BIP38: encrypts $wif', async (vector) => {
  expect(await encryptBip38(parseWif(vector.wif), 'mainnet', passphraseOf(vector), nativeSlowHashes)).toBe(vector.encrypted);
});

test('BIP38: the scrypt in JavaScript gives the same', async () => {
  const [first] = vectors as [Vector];
  expect(formatWif(await decryptBip38(first.encrypted, first.passphrase, slowHashesInJavaScript), 'mainnet')).toBe(first.wif);
});
