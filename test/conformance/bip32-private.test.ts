import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseHex } from '../../src/domain/bytes.ts';
import { parsePath } from '../../src/domain/derivation-path.ts';
import { derivePrivatePath, masterKeyOf } from '../../src/signer/private-derivation.ts';
import { formatExtendedPrivateKey, parseExtendedPrivateKey } from '../../src/signer/secrets/extended-private-key.ts';

interface Vectors {
  valid: { seed: string; chains: { path: string; xprv: string }[] }[];
  invalid: { key: string; reason: string }[];
}
const { valid, invalid }: Vectors = JSON.parse(readFileSync(join(process.env['STRONGROOM_VECTORS'] ?? '../shared/vectors', 'bip32/bip32_vectors.json'), 'utf8'));
const chains = valid.flatMap(({ seed, chains: each }) => each.map((chain) => ({ seed, ...chain })));

test('the vectors are there', () => {
  expect([chains.length, invalid.length]).toEqual([17, 16]);
});

test.each(chains)('BIP32, private: $seed $path reads and writes back', ({ seed, path, xprv }) => {
  const { key, realm } = parseExtendedPrivateKey(xprv);
  expect(key).toEqual(derivePrivatePath(masterKeyOf(parseHex(seed)), parsePath(path)));
  expect([realm, formatExtendedPrivateKey(key, 'mainnet')]).toEqual(['main', xprv]);
});

test.each(invalid)('BIP32, private: refuses $key ($reason)', ({ key }) => {
  expect(() => parseExtendedPrivateKey(key)).toThrow(expect.objectContaining({ code: 'secret.malformed' }));
});
