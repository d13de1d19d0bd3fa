import fc from 'fast-check';
import * as secp from 'tiny-secp256k1';
import { expect, test } from 'vitest';
import { libsecp256k1 } from '../../../src/signer/curve-libsecp256k1.ts';
import { nobleCurves } from '../../../src/signer/curve-noble.ts';
import { useKeyPathPrivateKey } from '../../../src/signer/key-path-private-key.ts';
import { signSchnorrAgreed, type SchnorrSigner } from '../../../src/signer/schnorr-signer.ts';
import { keyPathOutputKey, keyPathTweak } from '../../../src/wallet/taproot.ts';
import { verifySchnorr } from '../../../src/wallet/secp256k1-public.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const both = { first: libsecp256k1, second: nobleCurves };
const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
const privateKeys = bytes.filter((key) => secp.isPrivate(key));
const xOnly = (key: Uint8Array): Uint8Array => (secp.pointFromScalar(key, true) as Uint8Array).subarray(1);

test('two implementations sign every hash with every key alike, and the signature verifies', () => {
  fc.assert(fc.property(bytes, privateKeys, (hash, key) => {
    const signature = signSchnorrAgreed(both, hash, key, xOnly(key));
    expect(verifySchnorr(hash, xOnly(key), signature)).toBe(true);
    expect(signSchnorrAgreed(both, hash, key, xOnly(key))).toEqual(signature);
  }), { numRuns: 20 });
});

test('an implementation that takes another nonce, on either side, is found out and nothing is given out', () => {
  const liar: SchnorrSigner = { name: 'liar', signSchnorr: (hash, key) => libsecp256k1.signSchnorr(hash, key, new Uint8Array(32).fill(1)) };
  const key = new Uint8Array(32).fill(6);
  const hash = new Uint8Array(32).fill(5);
  for (const curves of [{ first: liar, second: nobleCurves }, { first: libsecp256k1, second: liar }]) {
    expect(() => signSchnorrAgreed(curves, hash, key, xOnly(key))).toThrow(code('sign.disagreement'));
  }
});

test('a signature that both make alike and that is of another key does not leave', () => {
  const [own, other] = [new Uint8Array(32).fill(3), new Uint8Array(32).fill(4)];
  expect(() => signSchnorrAgreed(both, new Uint8Array(32), own, xOnly(other))).toThrow(code('sign.disagreement'));
});

test('BIP341: the tweaked private key is that of the output key, whichever y the key has; another tweak is refused', () => {
  fc.assert(fc.property(privateKeys, (key) => {
    const internal = xOnly(key);
    const outputKey = keyPathOutputKey(internal) as Uint8Array;
    useKeyPathPrivateKey(key, keyPathTweak(internal), outputKey, (tweaked) => expect(xOnly(tweaked)).toEqual(outputKey));
    expect(() => useKeyPathPrivateKey(key, new Uint8Array(32).fill(1), outputKey, () => undefined)).toThrow(code('sign.disagreement'));
  }), { numRuns: 20 });
});
