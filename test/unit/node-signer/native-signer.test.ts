import fc from 'fast-check';
import * as tiny from 'tiny-secp256k1';
import { afterEach, expect, test } from 'vitest';
import { toHex } from '../../../src/domain/bytes.ts';
import { nativePrivateCurve, nativeSigner } from '../../../src/node/signer/native-signer.ts';
import { libsecp256k1 } from '../../../src/signer/curve-libsecp256k1.ts';
import { nobleCurves } from '../../../src/signer/curve-noble.ts';
import { signAgreed } from '../../../src/signer/ecdsa-signer.ts';
import { publicKeyOfPrivate, usePrivateCurve, webAssemblyPrivateCurve } from '../../../src/signer/private-curve.ts';
import { libraryHere, notRunHere, openedLibrary } from '../../support/native-library.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const ofPlatform = test.skipIf(libraryHere === undefined);
afterEach(() => usePrivateCurve(webAssemblyPrivateCurve));

const hashes = fc.uint8Array({ minLength: 32, maxLength: 32 });
const privateKeys = hashes.filter((bytes) => tiny.isPrivate(bytes));

/** What stands in for a library and signs rightly, or as a test says. */
const standIn = (lies: Partial<Record<'ecdsaSign' | 'contextRandomize' | 'publicKeyCreate', (...of: never[]) => number>> = {}): object => ({
  contextRandomize: () => 0,
  ecdsaSign: (made: { signature: Uint8Array }, hash: Uint8Array, privateKey: Uint8Array, extraEntropy?: Uint8Array) => {
    made.signature.set(tiny.sign(hash, privateKey, extraEntropy));
    return 0;
  },
  publicKeyCreate: (output: Uint8Array, privateKey: Uint8Array) => {
    output.set(tiny.pointFromScalar(privateKey, output.length === 33) as Uint8Array);
    return 0;
  },
  ...lies,
});

ofPlatform(`the native library makes the same signatures and public keys as WebAssembly, with extra entropy and without${notRunHere}`, () => {
  const native = nativeSigner(openedLibrary());
  const { publicKeyOf } = nativePrivateCurve(openedLibrary());
  fc.assert(
    fc.property(hashes, privateKeys, fc.option(hashes, { nil: undefined }), (hash, privateKey, extraEntropy) => {
      expect(toHex(native.sign(hash, privateKey, extraEntropy))).toBe(toHex(libsecp256k1.sign(hash, privateKey, extraEntropy)));
      expect(toHex(publicKeyOf(privateKey))).toBe(toHex(tiny.pointFromScalar(privateKey, true) as Uint8Array));
    }),
    { numRuns: 200 },
  );
});

ofPlatform(`native and noble agree on low-r signatures${notRunHere}`, () => {
  const curves = { first: nativeSigner(openedLibrary()), second: nobleCurves };
  fc.assert(
    fc.property(hashes, privateKeys, (hash, privateKey) => {
      const signature = signAgreed(curves, hash, privateKey, tiny.pointFromScalar(privateKey, true) as Uint8Array);
      expect(signature[0]).toBeLessThan(0x80);
    }),
    { numRuns: 40 },
  );
});

ofPlatform(`a private key that is none signs nothing and has no public key${notRunHere}`, () => {
  for (const none of [new Uint8Array(32), new Uint8Array(32).fill(0xff)]) {
    expect(() => nativeSigner(openedLibrary()).sign(new Uint8Array(32), none, undefined)).toThrow();
    expect(() => nativePrivateCurve(openedLibrary()).publicKeyOf(none)).toThrow();
  }
});

test('the seed that blinds is not left in memory', () => {
  const seed = new Uint8Array(32).fill(1);
  const given: string[] = [];
  nativeSigner(standIn({ contextRandomize: (bytes: Uint8Array) => (given.push(toHex(bytes)), 0) }), seed);
  expect(given).toEqual(['01'.repeat(32)]);
  expect(seed).toEqual(new Uint8Array(32));
});

test('Schnorr signatures stay those of WebAssembly', () => {
  expect(nativeSigner(standIn()).signSchnorr).toBe(libsecp256k1.signSchnorr);
});

test.each<[string, object]>([
  ['signs with another nonce', standIn({ ecdsaSign: (made: { signature: Uint8Array }, hash: Uint8Array, privateKey: Uint8Array) => (made.signature.set(tiny.sign(hash, privateKey, new Uint8Array(32).fill(1))), 0) })],
  ['leaves out the extra entropy', standIn({ ecdsaSign: (made: { signature: Uint8Array }, hash: Uint8Array, privateKey: Uint8Array) => (made.signature.set(tiny.sign(hash, privateKey)), 0) })],
  ['is not blinded', standIn({ contextRandomize: () => 1 })],
])('a library that %s is not used', (_what, library) => {
  expect(() => nativeSigner(library)).toThrow(code('curve.disagreement'));
});

test('a library that signs rightly when it is tried and lies later is caught by the second implementation', () => {
  let calls = 0;
  const later = standIn({
    ecdsaSign: (made: { signature: Uint8Array }, hash: Uint8Array, privateKey: Uint8Array, extraEntropy?: Uint8Array) => {
      calls += 1;
      // A nonce of its choice, by extra entropy that nobody asked for: valid signatures that say something.
      made.signature.set(calls <= 2 ? tiny.sign(hash, privateKey, extraEntropy) : tiny.sign(hash, privateKey, new Uint8Array(32).fill(calls)));
      return 0;
    },
  });
  const privateKey = new Uint8Array(32).fill(7);
  expect(() => signAgreed({ first: nativeSigner(later), second: nobleCurves }, new Uint8Array(32).fill(9), privateKey, tiny.pointFromScalar(privateKey, true) as Uint8Array)).toThrow(code('sign.disagreement'));
});

test('a library that gives another public key is caught, and answers nothing more', () => {
  let calls = 0;
  const wrong = nativePrivateCurve(standIn({ publicKeyCreate: (output: Uint8Array, privateKey: Uint8Array) => {
    calls += 1;
    output.set(tiny.pointFromScalar(calls === 2 ? new Uint8Array(32).fill(3) : privateKey, true) as Uint8Array);
    return 0;
  } }));
  const privateKey = new Uint8Array(32).fill(7);
  expect(toHex(wrong.publicKeyOf(privateKey))).toBe(toHex(tiny.pointFromScalar(privateKey, true) as Uint8Array));
  expect(() => wrong.publicKeyOf(privateKey)).toThrow(code('curve.disagreement'));
  expect(() => wrong.publicKeyOf(privateKey)).toThrow(code('curve.disagreement'));
});

test('what private derivation asks is what was chosen', () => {
  usePrivateCurve({ publicKeyOf: () => Uint8Array.of(9) });
  expect(publicKeyOfPrivate(new Uint8Array(32).fill(7))).toEqual(Uint8Array.of(9));
});
