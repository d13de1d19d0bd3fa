import { fromOutputScript } from 'bitcoinjs-lib/src/address';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat } from '../../../src/domain/bytes.ts';
import { chainParameters, type NetworkName } from '../../../src/domain/network.ts';
import { addressOfScript, createAddressDeriver } from '../../../src/wallet/address.ts';
import { scriptTypeOf } from '../../../src/wallet/script-type.ts';
import { testWallet } from '../support/psbt-builder.ts';

const libraryAddress = (script: Uint8Array, network: NetworkName): string | null => {
  if (['op-return', 'witness-unknown', 'nonstandard'].includes(scriptTypeOf(script))) return null;
  try {
    return fromOutputScript(script, { ...chainParameters(network), bech32: chainParameters(network).bech32 ?? '' });
  } catch {
    return null;
  }
};
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const around = (head: number[], length: number, tail: number[] = []) => bytes(length).map((inner) => concat(Uint8Array.from(head), inner, Uint8Array.from(tail)));
const scripts = fc.oneof(
  around([0x76, 0xa9, 0x14], 20, [0x88, 0xac]),
  around([0xa9, 0x14], 20, [0x87]),
  around([0x00, 0x14], 20),
  around([0x00, 0x20], 32),
  // Half of all x are on the curve, half are not.
  around([0x51, 0x20], 32),
  around([0x52, 0x20], 32),
  around([0x6a, 0x14], 20),
  fc.uint8Array({ maxLength: 40 }),
);

test('the address of any script is what the library says, on every network', () => {
  fc.assert(
    fc.property(scripts, fc.constantFrom<NetworkName>('mainnet', 'testnet4', 'signet', 'regtest', 'practice'), (script, network) => {
      expect(addressOfScript(script, network)).toBe(libraryAddress(script, network));
    }),
    { numRuns: 400 },
  );
});

test('a deriver gives the same address again, and the same as one that knows nothing yet', () => {
  const { deriver, wallet } = testWallet(2, 3);
  const first = deriver.derive(1, 7);
  expect(deriver.derive(1, 7)).toBe(first);
  expect(deriver.derive(0, 7).address).not.toBe(first.address);
  expect(createAddressDeriver(wallet).derive(1, 7)).toEqual(first);
});
