import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bech32, bech32m } from '@scure/base';
import { describe, expect, test } from 'vitest';
import { parseHex, toHex } from '../../src/domain/bytes.ts';
import { addressOfScript, scriptOfAddress } from '../../src/wallet/address.ts';

interface Vectors {
  readonly valid_strings: readonly string[];
  readonly invalid_strings: readonly { readonly string: string; readonly reason: string }[];
  readonly valid_addresses: readonly { readonly address: string; readonly script: string }[];
  readonly invalid_addresses: readonly { readonly string: string; readonly reason: string }[];
}
const folder = join(process.env.STRONGROOM_VECTORS ?? join(import.meta.dirname, '../../../shared/vectors'), 'bip173_bip350');
const read = (name: string): Vectors => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Vectors;
const malformed = expect.objectContaining({ code: 'address.malformed' });

for (const [bip, codec, vectors] of [['BIP173', bech32, read('bip173_vectors.json')], ['BIP350', bech32m, read('bip350_vectors.json')]] as const) {
  describe(bip, () => {
    // The encoding alone, of which addresses are one use.
    test.each(vectors.valid_strings)('the string %s is valid', (text) => {
      expect(codec.encode(codec.decode(text).prefix, codec.decode(text).words)).toBe(text.toLowerCase());
    });
    test.each(vectors.invalid_strings)('the string $string is invalid: $reason', ({ string }) => {
      expect(() => codec.decode(string)).toThrow(Error);
    });

    for (const { address, script } of vectors.valid_addresses) {
      const network = address.toLowerCase().startsWith('bc1') ? 'mainnet' : 'testnet4';
      const version = parseHex(script)[0] as number;
      // Reason: witness versions above 1, and programs of version 1 that are not 32 bytes, have no rules: anybody could spend (BIP141).
      const isPolicy = version > 0x51 || (version === 0x51 && script.length !== 68);
      // Reason: of before BIP350, which gave these another checksum.
      const isOld = bip === 'BIP173' && version > 0;
      test(`${address} ${isOld || isPolicy ? 'is refused by policy' : 'is the address of its script'}`, () => {
        if (isOld || isPolicy) return expect(() => scriptOfAddress(address, network)).toThrow(malformed);
        expect(toHex(scriptOfAddress(address, network))).toBe(script);
        expect(addressOfScript(parseHex(script), network)).toBe(address.toLowerCase());
      });
    }
    test.each(vectors.invalid_addresses)('$string is no address: $reason', ({ string }) => {
      for (const network of ['mainnet', 'testnet4', 'regtest'] as const) expect(() => scriptOfAddress(string, network)).toThrow(malformed);
    });
  });
}
