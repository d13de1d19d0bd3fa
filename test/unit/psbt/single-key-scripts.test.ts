import * as secp from 'tiny-secp256k1';
import { expect, test } from 'vitest';
import { parseHex, toHex } from '../../../src/domain/bytes.ts';
import { singleKeyOutputs } from '../../../src/psbt/single-key-scripts.ts';
import { addressOfScript } from '../../../src/wallet/address.ts';

// The private key 1: its addresses stand in many block explorers.
const one = new Uint8Array(32).fill(0, 0, 31).fill(1, 31);
const addressesOf = (publicKey: Uint8Array) => singleKeyOutputs(publicKey).map(({ script, scriptPubKey }) => [script, addressOfScript(scriptPubKey, 'mainnet')]);

test('a compressed key has four addresses', () => {
  expect(addressesOf(secp.pointFromScalar(one, true) as Uint8Array)).toEqual([
    ['p2pkh', '1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH'],
    ['p2sh-p2wpkh', '3JvL6Ymt8MVWiCNHC7oWU6nLeHNJKLZGLN'],
    ['p2wpkh', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'],
    ['p2tr', 'bc1pmfr3p9j00pfxjh0zmgp99y8zftmd3s5pmedqhyptwy6lm87hf5sspknck9'],
  ]);
});

test('an uncompressed key has one, and never one of segwit, which could not be spent (BIP143)', () => {
  expect(addressesOf(secp.pointFromScalar(one, false) as Uint8Array)).toEqual([['p2pkh', '1EHNa6Q4Jz2uvNExL497mE43ikXhwF6kZm']]);
});

test('BIP86: the output key of its first receive address', () => {
  const internalKey = 'cc8a4bc64d897bddc5fbc2f670f7a8ba0b386779106cf1223c6fc5d7cd6fc115';
  const taproot = singleKeyOutputs(parseHex(`02${internalKey}`)).find(({ script }) => script === 'p2tr');
  expect(toHex(taproot?.signingKey ?? new Uint8Array(0))).toBe('a60869f0dbcf1dc659c9cecbaf8050135ea9e8cdc487053f1dc6880949dc684c');
  // The same x with an odd y is the same output.
  expect(singleKeyOutputs(parseHex(`03${internalKey}`))[3]).toEqual(taproot);
});
