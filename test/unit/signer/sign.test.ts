import { decode as decodeSignature } from 'bitcoinjs-lib/src/script_signature';
import { sha256 } from '@noble/hashes/sha2.js';
import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { expect, test, vi } from 'vitest';
import { equalBytes, toHex } from '../../../src/domain/bytes.ts';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { combinePsbts } from '../../../src/psbt/combiner.ts';
import { extractTransaction } from '../../../src/psbt/extractor.ts';
import { finalizePsbt } from '../../../src/psbt/finalizer.ts';
import type { Psbt } from '../../../src/psbt/psbt.ts';
import { approve, type Approval } from '../../../src/review/approve.ts';
import { reviewPsbt } from '../../../src/review/review-psbt.ts';
import { libsecp256k1 } from '../../../src/signer/curve-libsecp256k1.ts';
import { nobleCurves } from '../../../src/signer/curve-noble.ts';
import type { Curves, CurveSigner } from '../../../src/signer/ecdsa-signer.ts';
import { registerWallet, verifyRegistration, type RegisteredWallet } from '../../../src/signer/registration.ts';
import { signPsbt } from '../../../src/signer/sign.ts';
import type { SigningKey } from '../../../src/signer/signing-key.ts';
import { policyIdOf } from '../../../src/wallet/policy-id.ts';
import { verify } from '../../../src/wallet/secp256k1-public.ts';
import type { Wallet } from '../../../src/wallet/wallet.ts';
import { keyOf, noise, walletOf, type Person } from './fixtures.ts';
import { batchSpend, unsignedSpend } from './spend-fixture.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const curves: Curves = { first: libsecp256k1, second: nobleCurves };
const wallet = walletOf();
const unsigned = unsignedSpend(wallet);

interface Signer { key: SigningKey; registered: RegisteredWallet }
function signerOf(person: Person, of: Wallet = wallet): Signer {
  const key = keyOf(person);
  return { key, registered: verifyRegistration(key, registerWallet(key, of, policyIdOf(of).words)) };
}
const alice = signerOf('alice');
const bob = signerOf('bob');

function approvalOf({ key, registered }: Signer, bytes: Uint8Array): Approval {
  const review = reviewPsbt(bytes, { wallets: [{ walletId: registered.policyId.walletId, deriver: registered.deriver }], network: 'regtest', thisKey: key });
  return approve(review, bytes, review.findings.map((finding) => finding.code));
}
const sign = (signer: Signer, bytes: Uint8Array, by: Curves = curves): Psbt => signPsbt(approvalOf(signer, bytes), signer.key, by, [signer.registered]);

test('every input gets one signature of this key over exactly what was reviewed (BIP143, SIGHASH_ALL)', () => {
  const signed = sign(alice, unsigned);
  expect(signed.inputs).toHaveLength(2);
  for (const [index, { partialSignatures }] of signed.inputs.entries()) {
    expect(partialSignatures).toHaveLength(1);
    const address = alice.registered.deriver.derive(0, index);
    const [{ publicKey, signature }] = partialSignatures as [Psbt['inputs'][number]['partialSignatures'][number]];
    expect(publicKey).toEqual(address.keys[0]?.publicKey);
    const { signature: compact, hashType } = decodeSignature(signature);
    expect(hashType).toBe(1);
    expect(signature.length).toBeLessThanOrEqual(72);
    const hash = signed.transaction.hashForWitnessV0(index, address.witnessScript as Uint8Array, index === 0 ? 100_000n : 90_000n, 1);
    expect(verify(hash, publicKey, compact, true)).toBe(true);
  }
});

test('signing changes nothing but the signatures', () => {
  const signed = sign(alice, unsigned);
  const without = { ...signed, inputs: signed.inputs.map((input) => ({ ...input, partialSignatures: [] })) };
  expect(toHex(encodePsbt(without))).toBe(toHex(unsigned));
});

test('the same approval signs the same bytes', () => {
  expect(toHex(encodePsbt(sign(alice, unsigned)))).toBe(toHex(encodePsbt(sign(alice, unsigned))));
});

test('two of three sign one after the other, and the result finalizes', () => {
  const first = encodePsbt(sign(alice, unsigned));
  const second = sign(bob, first);
  expect(second.inputs.map((input) => input.partialSignatures.length)).toEqual([2, 2]);
  const combined = combinePsbts([second], alice.registered.deriver);
  expect(combined.quorum.stillNeeded).toBe(0);
  const final = extractTransaction(finalizePsbt(combined.psbt, alice.registered.deriver));
  expect(final.feeSats).toBe(1_000n);
});

test('a key that signed every input already has nothing to sign', () => {
  const signed = encodePsbt(sign(alice, unsigned));
  expect(() => sign(alice, signed)).toThrow(code('sign.nothing'));
});

test('an input that this key signed already is left as it is, the others are signed', () => {
  const once = sign(alice, unsigned);
  const half = encodePsbt({ ...once, inputs: once.inputs.map((input, index) => (index === 0 ? input : { ...input, partialSignatures: [] })) });
  expect(toHex(encodePsbt(sign(alice, half)))).toBe(toHex(encodePsbt(once)));
});

test('an approval is bound to its bytes: a forged one, or one of another wallet, signs nothing', () => {
  const approval = approvalOf(alice, unsigned);
  const other = unsignedSpend(wallet, 160_000n);
  const forged = { ...approval, psbtBytes: other, reviewId: toHex(sha256(other)) } as Approval;
  expect(() => signPsbt(forged, alice.key, curves, [alice.registered])).toThrow(code('review.stale'));
  expect(() => signPsbt(structuredClone({ ...approval }) as Approval, alice.key, curves, [alice.registered])).toThrow(code('review.stale'));
  expect(() => signPsbt(approval, alice.key, curves, [])).toThrow(code('review.stale'));
  expect(() => signPsbt(approval, alice.key, curves, [signerOf('alice', walletOf(['alice', 'bob', 'dave'])).registered])).toThrow(code('review.stale'));
});

test('what is approved cannot be changed afterwards through the array that was reviewed', () => {
  const bytes = Uint8Array.from(unsigned);
  const approval = approvalOf(alice, bytes);
  bytes.fill(0);
  approval.psbtBytes.fill(0);
  expect(equalBytes(encodePsbt(signPsbt(approval, alice.key, curves, [alice.registered])), encodePsbt(sign(alice, unsigned)))).toBe(true);
});

test('a key signs only for the registration that is its own', () => {
  expect(() => signPsbt(approvalOf(alice, unsigned), bob.key, curves, [alice.registered])).toThrow(code('key.not-a-cosigner'));
});

test('a locked key signs nothing', () => {
  const signer = signerOf('carol');
  const approval = approvalOf(signer, unsigned);
  signer.key.wipe();
  expect(() => signPsbt(approval, signer.key, curves, [signer.registered])).toThrow(code('key.locked'));
});

test('a double that lies in one of the two implementations is refused, on either side', () => {
  const liar: CurveSigner = { ...libsecp256k1, name: 'liar', sign: (hash, key) => libsecp256k1.sign(hash, key, noise('nonce', 32)) };
  const lateLiar: CurveSigner = { ...libsecp256k1, name: 'liar', sign: (hash, key, extra) => (equalBytes(hash, secondHash) ? liar.sign(hash, key, extra) : libsecp256k1.sign(hash, key, extra)) };
  const secondHash = decodePsbt(unsigned).transaction.hashForWitnessV0(1, alice.registered.deriver.derive(0, 1).witnessScript as Uint8Array, 90_000n, 1);
  for (const lie of [liar, lateLiar]) {
    expect(() => sign(alice, unsigned, { first: lie, second: nobleCurves })).toThrow(code('sign.disagreement'));
    expect(() => sign(alice, unsigned, { first: libsecp256k1, second: lie })).toThrow(code('sign.disagreement'));
  }
});

test('two implementations of what is signed must agree before anything is signed', () => {
  const asked = vi.spyOn(Transaction.prototype, 'hashForWitnessV0').mockImplementation(() => new Uint8Array(32).fill(1));
  const never: CurveSigner = { ...libsecp256k1, name: 'never', sign: () => { throw new TypeError('asked to sign'); } };
  try {
    const approval = approvalOf(alice, unsigned);
    expect(() => signPsbt(approval, alice.key, { first: never, second: never }, [alice.registered])).toThrow(code('sign.disagreement'));
  } finally {
    asked.mockRestore();
  }
});

test('a transaction of many inputs is hashed in linear time: the second implementation is asked for a bounded number of inputs, the first and the last among them', () => {
  const bytes = batchSpend(wallet, 150);
  const approval = approvalOf(alice, bytes);
  const asked = vi.spyOn(Transaction.prototype, 'hashForWitnessV0');
  const signed = signPsbt(approval, alice.key, curves, [alice.registered]);
  const inputs = asked.mock.calls.map(([index]) => index);
  asked.mockRestore();
  expect(inputs.length).toBeLessThanOrEqual(16);
  expect(inputs.length).toBeGreaterThan(10);
  expect([inputs[0], inputs.at(-1)]).toEqual([0, 149]);
  expect(combinePsbts([signed], alice.registered.deriver).quorum.signed).toEqual([alice.key.fingerprint]);
});
