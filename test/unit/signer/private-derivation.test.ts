import { BIP32Factory } from 'bip32';
import fc from 'fast-check';
import * as ecc from 'tiny-secp256k1';
import { expect, test } from 'vitest';
import { toHex } from '../../../src/domain/bytes.ts';
import { HARDENED } from '../../../src/domain/derivation-path.ts';
import { derivePrivateChild, derivePrivatePath, masterKeyOf, neuter, wipeKey } from '../../../src/signer/private-derivation.ts';
import { deriveChild } from '../../../src/wallet/extended-public-key.ts';
import { noise } from './fixtures.ts';

const oracle = BIP32Factory(ecc);
const seeds = fc.uint8Array({ minLength: 16, maxLength: 64 });
const steps = fc.array(fc.oneof(fc.nat(HARDENED - 1), fc.nat(HARDENED - 1).map((index) => index + HARDENED)), { maxLength: 6 });

test('every path leads to the key that the bip32 library finds', () => {
  fc.assert(
    fc.property(seeds, steps, (seed, path) => {
      const ours = derivePrivatePath(masterKeyOf(seed), path);
      const theirs = path.reduce((node, index) => node.derive(index), oracle.fromSeed(seed));
      expect(toHex(ours.privateKey)).toBe(toHex(theirs.privateKey as Uint8Array));
      expect(toHex(ours.chainCode)).toBe(toHex(theirs.chainCode));
      expect(toHex(neuter(ours).publicKey)).toBe(toHex(theirs.publicKey));
      expect([ours.depth, ours.parentFingerprint, ours.childNumber]).toEqual([theirs.depth, theirs.parentFingerprint, theirs.index]);
    }),
    { numRuns: 60 },
  );
});

test('BIP32: public derivation finds the public half of private derivation', () => {
  fc.assert(
    fc.property(seeds, fc.nat(HARDENED - 1), (seed, index) => {
      const master = masterKeyOf(seed);
      expect(neuter(derivePrivateChild(master, index))).toEqual(deriveChild(neuter(master), index));
    }),
    { numRuns: 40 },
  );
});

test('deriving a path leaves the ancestor as it was', () => {
  const master = masterKeyOf(noise('seed', 32));
  const before = toHex(master.privateKey) + toHex(master.chainCode);
  wipeKey(derivePrivatePath(master, [HARDENED + 48, 1]));
  wipeKey(derivePrivatePath(master, []));
  expect(toHex(master.privateKey) + toHex(master.chainCode)).toBe(before);
});

test.each([-1, 1.5, 2 ** 32, Number.NaN])('there is no child %d', (index) => {
  expect(() => derivePrivateChild(masterKeyOf(noise('seed', 32)), index)).toThrow(expect.objectContaining({ code: 'path.malformed' }));
});

test('a path has at most 255 steps and a seed 16 to 64 bytes', () => {
  const deep = { ...masterKeyOf(noise('seed', 32)), depth: 255 };
  expect(() => derivePrivateChild(deep, 0)).toThrow(expect.objectContaining({ code: 'path.malformed' }));
  expect(() => masterKeyOf(noise('seed', 15))).toThrow(expect.objectContaining({ code: 'path.malformed' }));
  expect(() => masterKeyOf(noise('seed', 65))).toThrow(expect.objectContaining({ code: 'path.malformed' }));
});
