import { expect, test } from 'vitest';
import { toHex } from '../../../src/domain/bytes.ts';
import { approve } from '../../../src/review/approve.ts';
import { reviewPsbt } from '../../../src/review/review-psbt.ts';
import { libsecp256k1 } from '../../../src/signer/curve-libsecp256k1.ts';
import { nobleCurves } from '../../../src/signer/curve-noble.ts';
import { signAgreed, signLowR, type Curves, type CurveSigner } from '../../../src/signer/ecdsa-signer.ts';
import { registerWallet, verifyRegistration } from '../../../src/signer/registration.ts';
import { signPsbt } from '../../../src/signer/sign.ts';
import { policyIdOf } from '../../../src/wallet/policy-id.ts';
import { pointFromScalar } from 'tiny-secp256k1';
import { keyOf, noise, walletOf } from './fixtures.ts';
import { batchSpend } from './spend-fixture.ts';

const refused = expect.objectContaining({ code: 'sign.disagreement' });
const privateKey = noise('key', 32);
const publicKey = pointFromScalar(privateKey, true) as Uint8Array;
const isLowR = (hash: Uint8Array): boolean => (libsecp256k1.sign(hash, privateKey, undefined)[0] as number) < 0x80;
const hashes = Array.from({ length: 40 }, (_, number) => noise(`hash ${number}`, 32));

/** Calls every first attempt that has a low r a high one: valid signatures all the same, but it chose among them. */
const chooser: CurveSigner = {
  ...libsecp256k1,
  name: 'chooser',
  sign(hash, key, extraEntropy) {
    const signature = libsecp256k1.sign(hash, key, extraEntropy);
    return extraEntropy === undefined ? Uint8Array.from([0x80, ...signature.subarray(1)]) : signature;
  },
};

test('with the last attempt alone the signatures are those of every attempt', () => {
  for (const hash of hashes) {
    const signature = signAgreed({ first: libsecp256k1, second: nobleCurves }, hash, privateKey, publicKey, 'last-attempt');
    expect(toHex(signature)).toBe(toHex(signLowR(nobleCurves, hash, privateKey)));
  }
  expect(new Set(hashes.map(isLowR))).toEqual(new Set([true, false]));
});

test('with the last attempt alone the second implementation works once a signature', () => {
  let calls = 0;
  const counted: CurveSigner = { ...nobleCurves, sign: (...of) => (calls++, nobleCurves.sign(...of)) };
  for (const hash of hashes) signAgreed({ first: libsecp256k1, second: counted }, hash, privateKey, publicKey, 'last-attempt');
  expect(calls).toBe(hashes.length);
});

test('a nonce from elsewhere is refused on either side with the last attempt alone too', () => {
  const liar: CurveSigner = { ...libsecp256k1, name: 'liar', sign: (hash, key, extra) => libsecp256k1.sign(hash, key, noise(`nonce ${extra?.[0]}`, 32)) };
  const [hash] = hashes as [Uint8Array];
  expect(() => signAgreed({ first: liar, second: nobleCurves }, hash, privateKey, publicKey, 'last-attempt')).toThrow(refused);
  expect(() => signAgreed({ first: libsecp256k1, second: liar }, hash, privateKey, publicKey, 'last-attempt')).toThrow(refused);
});

test('an implementation that calls a low r high is seen only where every attempt is repeated', () => {
  const hash = hashes.find(isLowR) as Uint8Array;
  expect(() => signAgreed({ first: chooser, second: nobleCurves }, hash, privateKey, publicKey)).toThrow(refused);
  expect(signAgreed({ first: chooser, second: nobleCurves }, hash, privateKey, publicKey, 'last-attempt')).toHaveLength(64);
});

function signBatch(inputs: number, curves: Curves): unknown {
  const key = keyOf('alice');
  const wallet = walletOf();
  const registered = verifyRegistration(key, registerWallet(key, wallet, policyIdOf(wallet).words));
  const bytes = batchSpend(wallet, inputs);
  const review = reviewPsbt(bytes, { wallets: [{ walletId: registered.policyId.walletId, deriver: registered.deriver }], network: 'regtest', thisKey: key });
  return signPsbt(approve(review, bytes, review.findings.map((finding) => finding.code)), key, curves, [registered]);
}

test.each([64, 200])('in a transaction of %i inputs it is seen, and nothing is signed', (inputs) => {
  expect(() => signBatch(inputs, { first: chooser, second: nobleCurves })).toThrow(refused);
});

test('every attempt is repeated for all of 64 inputs, and for some of 200', () => {
  const firstAttempts = (inputs: number): number => {
    let calls = 0;
    // Told apart from the last attempt alone by attempts that are dropped: on average one a signature.
    const counted: CurveSigner = { ...nobleCurves, sign: (...of) => (calls++, nobleCurves.sign(...of)) };
    signBatch(inputs, { first: libsecp256k1, second: counted });
    return calls;
  };
  expect(firstAttempts(64)).toBeGreaterThan(100);
  const some = firstAttempts(200);
  expect(some).toBeGreaterThan(200);
  expect(some).toBeLessThan(260);
});
