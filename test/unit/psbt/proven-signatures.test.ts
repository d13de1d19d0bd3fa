import { expect, test, vi } from 'vitest';
import { carryProof, isKnown, isProven, type SignatureClaim } from '../../../src/psbt/proven-signatures.ts';

const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);
const claimOf = (): SignatureClaim => ({ hash: bytes(32, 1), publicKey: bytes(33, 2), signature: bytes(64, 3) });

test('a signature that was verified is not verified again out of the same array', () => {
  const carrier = bytes(71, 9);
  const verify = vi.fn(() => true);
  expect(isProven(carrier, claimOf(), verify)).toBe(true);
  expect(isProven(carrier, claimOf(), verify)).toBe(true);
  expect(verify).toHaveBeenCalledTimes(1);
});

test('the same bytes in another array, as a file gives them, are verified anew', () => {
  const verify = vi.fn(() => true);
  isProven(bytes(71, 9), claimOf(), verify);
  expect(isProven(bytes(71, 9), claimOf(), () => false)).toBe(false);
});

test.each([
  ['hash', { hash: bytes(32, 8) }],
  ['key', { publicKey: bytes(33, 8) }],
  ['key of another kind', { publicKey: bytes(32, 2) }],
  ['signature', { signature: bytes(64, 8) }],
] as const)('what was verified for one %s is not taken for another', (_, other) => {
  const carrier = bytes(71, 9);
  isProven(carrier, claimOf(), () => true);
  expect(isKnown(carrier, { ...claimOf(), ...other })).toBe(false);
  expect(isProven(carrier, { ...claimOf(), ...other }, () => false)).toBe(false);
  expect(isKnown(carrier, claimOf())).toBe(true);
});

test('nothing is known of a signature that did not verify', () => {
  const carrier = bytes(71, 9);
  expect(isProven(carrier, claimOf(), () => false)).toBe(false);
  expect(isKnown(carrier, claimOf())).toBe(false);
});

test('what is known does not change with the arrays that it was learned from', () => {
  const carrier = bytes(71, 9);
  const claim = claimOf();
  isProven(carrier, claim, () => true);
  claim.hash.fill(7);
  claim.signature.fill(7);
  expect(isKnown(carrier, claim)).toBe(false);
  expect(isKnown(carrier, claimOf())).toBe(true);
});

test('a proof is handed on to the script that a signature was copied into, and only where there is one', () => {
  const carrier = bytes(71, 9);
  const script = bytes(107, 9);
  carryProof(carrier, script);
  expect(isKnown(script, claimOf())).toBe(false);
  isProven(carrier, claimOf(), () => true);
  carryProof(carrier, script);
  expect(isKnown(script, claimOf())).toBe(true);
});

test('a script carries the proofs of all of its signatures, as many as CHECKMULTISIG takes; the oldest is forgotten', () => {
  const script = bytes(300, 9);
  const claim = (value: number): SignatureClaim => ({ ...claimOf(), signature: bytes(64, value) });
  const carry = (value: number): void => {
    const carrier = bytes(71, value);
    isProven(carrier, claim(value), () => true);
    carryProof(carrier, script);
  };
  for (let value = 1; value <= 20; value += 1) carry(value);
  expect(Array.from({ length: 20 }, (_, at) => isKnown(script, claim(at + 1)))).not.toContain(false);
  carry(21);
  expect([1, 2, 20, 21, 22].map((value) => isKnown(script, claim(value)))).toEqual([false, true, true, true, false]);
});

test('a proof that is handed on leaves what was known before', () => {
  const [from, to] = [bytes(71, 1), bytes(71, 2)];
  const second = { ...claimOf(), hash: bytes(32, 5) };
  isProven(from, claimOf(), () => true);
  isProven(to, second, () => true);
  carryProof(from, to);
  expect([isKnown(to, claimOf()), isKnown(to, second), isKnown(from, second)]).toEqual([true, true, false]);
});
