import { p2ms } from 'bitcoinjs-lib/src/payments/p2ms';
import { p2wsh } from 'bitcoinjs-lib/src/payments/p2wsh';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareBytes, parseHex, toHex } from '../../../src/domain/bytes.ts';
import { parsePath } from '../../../src/domain/derivation-path.ts';
import { chainParameters } from '../../../src/domain/network.ts';
import { addressOfScript, createAddressDeriver, scriptOfAddress, type Branch } from '../../../src/wallet/address.ts';
import { dustLimitSats, scriptTypeOf } from '../../../src/wallet/script-type.ts';
import { keyOf, walletOf, type Person } from '../signer/fixtures.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const regtest = { ...chainParameters('regtest'), bech32: 'bcrt' };
const people: Person[] = ['alice', 'bob', 'carol'];

test('an address is the P2WSH of the cosigners\' sorted keys, as the library and the private keys find it', () => {
  const deriver = createAddressDeriver(walletOf());
  const keys = people.map((person) => keyOf(person));
  fc.assert(
    fc.property(fc.constantFrom<Branch>(0, 1), fc.nat(999_999), (branch, index) => {
      const pubkeys = keys.map((key) => key.publicKeyAt([...parsePath('48h/1h/0h/2h'), branch, index])).sort(compareBytes);
      const oracle = p2wsh({ redeem: p2ms({ m: 2, pubkeys, network: regtest }), network: regtest });
      const derived = deriver.derive(branch, index);
      expect(derived.address).toBe(oracle.address);
      expect(toHex(derived.scriptPubKey)).toBe(toHex(oracle.output as Uint8Array));
      expect(toHex(derived.witnessScript as Uint8Array)).toBe(toHex(oracle.redeem?.output as Uint8Array));
    }),
    { numRuns: 25 },
  );
});

test('BIP67: the order of the cosigners has no influence on addresses', () => {
  const forwards = createAddressDeriver(walletOf(['alice', 'bob', 'carol'])).derive(0, 0).address;
  expect(createAddressDeriver(walletOf(['carol', 'alice', 'bob'])).derive(0, 0).address).toBe(forwards);
});

test('each key of an address has its full path from its own master', () => {
  const { keys } = createAddressDeriver(walletOf()).derive(1, 42);
  expect(keys.map((key) => key.masterFingerprint)).toEqual(people.map((person) => keyOf(person).fingerprint));
  for (const key of keys) expect(key.path).toEqual(parsePath('m/48h/1h/0h/2h/1/42'));
});

test.each([-1, 1_000_000, 0.5, Number.NaN])('there is no address index %d', (index) => {
  expect(() => createAddressDeriver(walletOf()).derive(0, index)).toThrow(code('wallet.index-range'));
});

test('an address belongs to its network alone', () => {
  const { address, scriptPubKey } = createAddressDeriver(walletOf()).derive(0, 0);
  expect(toHex(scriptOfAddress(address, 'regtest'))).toBe(toHex(scriptPubKey));
  for (const network of ['mainnet', 'signet', 'testnet4'] as const) expect(() => scriptOfAddress(address, network)).toThrow(code('address.malformed'));
});

test.each([
  ['nothing', ''],
  ['a wrong bech32 checksum', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5'],
  ['mixed case', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kV8f3t4'],
  ['segwit version 1 in bech32 instead of bech32m', 'bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7k7grplx'],
  ['a witness version without rules', 'bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs'],
  ['a wrong base58 checksum', '1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3'],
  ['blanks around it', ' bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'],
])('a destination is refused: %s', (_, address) => {
  expect(() => scriptOfAddress(address, 'mainnet')).toThrow(code('address.malformed'));
});

test.each([
  ['p2wpkh', 294n, 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'],
  ['p2pkh', 546n, '1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2'],
  ['p2sh', 540n, '3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy'],
  ['p2tr', 330n, 'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0'],
] as const)('%s has dust below %d sats', (type, dust, address) => {
  const script = scriptOfAddress(address, 'mainnet');
  expect(scriptTypeOf(script)).toBe(type);
  expect(dustLimitSats(type, 'mainnet')).toBe(dust);
  expect(addressOfScript(script, 'mainnet')).toBe(address);
});

test.each([
  ['op-return', '6a0548656c6c6f'],
  ['witness-unknown', '5214751e76e8199196d454941c45d1b3a323f1433bd6'],
  ['nonstandard', '51'],
  ['nonstandard', ''],
])('a script without an address is %s', (type, hex) => {
  expect(scriptTypeOf(parseHex(hex))).toBe(type);
  expect(addressOfScript(parseHex(hex), 'mainnet')).toBeNull();
});
