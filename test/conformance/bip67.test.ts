import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { concat, compareBytes, parseHex, toHex } from '../../src/domain/bytes.ts';
import { addressOfScript } from '../../src/wallet/address.ts';
import { hash160 } from '../../src/wallet/extended-public-key.ts';
import { sortedMultisigScript } from '../../src/wallet/locking-script.ts';

interface Vector { list: string[]; sorted: string[]; script: string; address: string }
const file = join(process.env['STRONGROOM_VECTORS'] ?? '../shared/vectors', 'bip67/bip67_vectors.json');
const vectors: Vector[] = JSON.parse(readFileSync(file, 'utf8'));

test('the vectors are there', () => {
  expect(vectors).toHaveLength(4);
});

test.each(vectors)('BIP67: $address', ({ list, sorted, script, address }) => {
  const keys = list.map(parseHex);
  expect([...keys].sort(compareBytes).map(toHex)).toEqual(sorted);
  const multisig = sortedMultisigScript(2, keys);
  expect(toHex(multisig)).toBe(script);
  expect(toHex(sortedMultisigScript(2, [...keys].reverse()))).toBe(script);
  expect(addressOfScript(concat(Uint8Array.of(0xa9, 0x14), hash160(multisig), Uint8Array.of(0x87)), 'mainnet')).toBe(address);
});
