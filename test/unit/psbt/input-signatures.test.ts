/** Which signatures of an input count, and how far the quorum is. */
import * as secp from 'tiny-secp256k1';
import { describe, expect, test, vi } from 'vitest';
import { concat } from '../../../src/domain/bytes.ts';
import { checkOwnInput, checkSignatures, checkTaprootSignature, isProvenSchnorr, isValidSchnorr, quorumProgress } from '../../../src/psbt/input-signatures.ts';
import { isKnown } from '../../../src/psbt/proven-signatures.ts';
import type { PsbtInput } from '../../../src/psbt/psbt.ts';
import { withLeafSignatures, withTapKeySignature } from '../../../src/psbt/taproot-fields.ts';
import type { DerivedAddress } from '../../../src/wallet/address.ts';
import { derSignature, testWallet } from '../support/psbt-builder.ts';

const secret = new Uint8Array(32).fill(7);
const publicKey = secp.pointFromScalar(secret, true) as Uint8Array;
const xOnly = publicKey.subarray(1);
const other = secp.pointFromScalar(new Uint8Array(32).fill(8), true) as Uint8Array;
const hash = new Uint8Array(32).fill(1);
const input = (more: Partial<PsbtInput> = {}): PsbtInput => ({ partialSignatures: [], bip32Derivations: [], otherFields: [], ...more });
const ecdsa = (sighashType = 1): Uint8Array => derSignature(secp.sign(hash, secret), sighashType);
const schnorr = secp.signSchnorr(hash, secret);

describe('ECDSA signatures', () => {
  const checked = (signatures: readonly { readonly publicKey: Uint8Array; readonly signature: Uint8Array }[], hashFor: (sighashType: number) => Uint8Array | null = () => hash) =>
    checkSignatures(input({ partialSignatures: signatures }), [{ publicKey: other }, { publicKey }], hashFor).map(({ key, sighashType, verifies, counts }) => [key?.publicKey === publicKey, sighashType, verifies, counts]);

  test('count where they verify with the key that they name, and are of SIGHASH_ALL', () => {
    expect(checked([{ publicKey: publicKey.slice(), signature: ecdsa() }])).toEqual([[true, 1, true, true]]);
    expect(checked([{ publicKey, signature: ecdsa(3) }])).toEqual([[true, 3, true, false]]);
    expect(checked([{ publicKey: other, signature: ecdsa() }])).toEqual([[false, 1, false, false]]);
    expect(checked([{ publicKey, signature: new Uint8Array(71) }])).toEqual([[true, null, false, false]]);
    expect(checked([{ publicKey: new Uint8Array(33), signature: ecdsa(2) }])).toEqual([[false, 2, false, false]]);
    expect(checked([{ publicKey, signature: ecdsa() }], () => null)).toEqual([[true, 1, false, false]]);
    expect(checked([{ publicKey, signature: ecdsa() }], () => new Uint8Array(32))).toEqual([[true, 1, false, false]]);
  });

  test('the hash of a sighash type is asked for once', () => {
    const hashFor = vi.fn((_: number) => hash);
    checked([{ publicKey, signature: ecdsa() }, { publicKey: other, signature: ecdsa() }, { publicKey, signature: ecdsa(3) }], hashFor);
    expect(hashFor.mock.calls).toEqual([[1], [3]]);
  });
});

describe('the key-path signature of taproot', () => {
  const checked = (signature: Uint8Array | null, hashFor: (sighashType: number) => Uint8Array | null = () => hash) =>
    checkTaprootSignature(signature === null ? input() : withTapKeySignature(input(), signature), xOnly, hashFor);

  test('counts where it verifies, and is of DEFAULT without a byte or of ALL with one', () => {
    expect(checked(schnorr)).toEqual({ sighashType: 0, verifies: true, counts: true });
    expect(checked(concat(schnorr, Uint8Array.of(1)))).toEqual({ sighashType: 1, verifies: true, counts: true });
    expect(checked(concat(schnorr, Uint8Array.of(2)))).toEqual({ sighashType: 2, verifies: true, counts: false });
    expect(checked(concat(schnorr, Uint8Array.of(0x81)))).toEqual({ sighashType: 0x81, verifies: true, counts: false });
    // BIP341: DEFAULT written out is none.
    expect(checked(concat(schnorr, Uint8Array.of(0)))).toEqual({ sighashType: null, verifies: false, counts: false });
    expect(checked(schnorr, () => null)).toEqual({ sighashType: 0, verifies: false, counts: false });
    expect(checked(schnorr, () => new Uint8Array(32))).toEqual({ sighashType: 0, verifies: false, counts: false });
    expect(checked(null)).toBeNull();
  });

  test('is verified over the hash of its type', () => {
    const hashFor = vi.fn((_: number) => hash);
    checked(schnorr, hashFor);
    checked(concat(schnorr, Uint8Array.of(1)), hashFor);
    checked(concat(schnorr, Uint8Array.of(0)), hashFor);
    expect(hashFor.mock.calls).toEqual([[0], [1]]);
  });
});

test('BIP340: a signature is the key\'s over the hash; numbers out of range and keys off the curve are refused and not thrown', () => {
  expect(isValidSchnorr(hash, xOnly, schnorr)).toBe(true);
  expect(isValidSchnorr(new Uint8Array(32), xOnly, schnorr)).toBe(false);
  expect(isValidSchnorr(hash, other.subarray(1), schnorr)).toBe(false);
  expect(isValidSchnorr(hash, new Uint8Array(32).fill(0xff), schnorr)).toBe(false);
  expect(isValidSchnorr(hash, xOnly, new Uint8Array(64).fill(0xff))).toBe(false);
  expect(isValidSchnorr(hash, xOnly, new Uint8Array(3))).toBe(false);
});

test('what was verified is known of its array, and nothing else is', () => {
  const carrier = schnorr.slice();
  expect(isProvenSchnorr(carrier, new Uint8Array(32), xOnly, schnorr)).toBe(false);
  expect(isKnown(carrier, { hash, publicKey: xOnly, signature: schnorr })).toBe(false);
  expect(isProvenSchnorr(carrier, hash, xOnly, schnorr)).toBe(true);
  expect(isKnown(carrier, { hash, publicKey: xOnly, signature: schnorr })).toBe(true);
});

describe('an own input', () => {
  const wallet = testWallet(2, 3);
  const fingerprints = wallet.keys.map(({ fingerprint }) => fingerprint);
  /** An address whose keys are the test's own, so that they sign one hash. */
  const addressOf = (kind: DerivedAddress['rule']['kind']): DerivedAddress => {
    const rules = { 'legacy': { kind: 'legacy', scriptCode: hash }, 'segwit-v0': { kind: 'segwit-v0', scriptCode: hash }, 'taproot-key': { kind: 'taproot-key' }, 'taproot-leaf': { kind: 'taproot-leaf', leafHash: hash } } as const;
    const derived = wallet.deriver.derive(0, 0);
    const isTaproot = kind.startsWith('taproot');
    return { ...derived, rule: rules[kind], keys: [publicKey, other].map((key, at) => ({ ...derived.keys[at]!, publicKey: key, signingKey: isTaproot ? key.subarray(1) : key })) };
  };
  const everything = withTapKeySignature(withLeafSignatures(input({ partialSignatures: [{ publicKey, signature: ecdsa() }] }), [{ publicKey: xOnly, leafHash: hash, signature: schnorr }]), schnorr);

  test('is signed in the way of its rule, and in no other', () => {
    for (const kind of ['legacy', 'segwit-v0'] as const) {
      expect(checkOwnInput(everything, addressOf(kind), () => hash)).toMatchObject({ signatures: [{ counts: true }], taprootSignature: null, leafSignatures: [], signedBy: [fingerprints[0]] });
    }
    expect(checkOwnInput(everything, addressOf('taproot-key'), () => hash)).toMatchObject({ signatures: [{ key: null, counts: false }], taprootSignature: { counts: true }, leafSignatures: [], signedBy: [fingerprints[0], fingerprints[1]] });
    expect(checkOwnInput(everything, addressOf('taproot-leaf'), () => hash)).toMatchObject({ signatures: [{ key: null, counts: false }], taprootSignature: null, leafSignatures: [{ counts: true }], signedBy: [fingerprints[0]] });
  });

  test('names its signers once each, in the wallet\'s order, and only those whose signatures count', () => {
    const byOther = derSignature(secp.sign(hash, new Uint8Array(32).fill(8)));
    const signed = input({ partialSignatures: [{ publicKey: other, signature: byOther }, { publicKey, signature: ecdsa() }, { publicKey, signature: ecdsa() }] });
    expect(checkOwnInput(signed, addressOf('segwit-v0'), () => hash).signedBy).toEqual([fingerprints[0], fingerprints[1]]);
    expect(checkOwnInput(input({ partialSignatures: [{ publicKey, signature: ecdsa(2) }, { publicKey: other, signature: byOther }] }), addressOf('segwit-v0'), () => hash).signedBy).toEqual([fingerprints[1]]);
    expect(checkOwnInput(withTapKeySignature(input(), concat(schnorr, Uint8Array.of(2))), addressOf('taproot-key'), () => hash).signedBy).toEqual([]);
  });

  test('a leaf\'s signature is of a cosigner for this leaf', () => {
    const leaf = (more: object) => checkOwnInput(withLeafSignatures(input(), [{ publicKey: xOnly, leafHash: hash, signature: schnorr, ...more }]), addressOf('taproot-leaf'), () => hash).leafSignatures;
    expect(leaf({})).toMatchObject([{ key: { masterFingerprint: fingerprints[0] }, sighashType: 0, verifies: true, counts: true }]);
    expect(leaf({ leafHash: new Uint8Array(32) })).toMatchObject([{ key: null, sighashType: null, verifies: false, counts: false }]);
    expect(leaf({ publicKey: new Uint8Array(32) })).toMatchObject([{ key: null, sighashType: null, verifies: false, counts: false }]);
    expect(leaf({ publicKey: other.subarray(1) })).toMatchObject([{ key: { masterFingerprint: fingerprints[1] }, verifies: false, counts: false }]);
  });
});

test('a quorum is as far as its least signed input; who signed every input has signed', () => {
  const [a, b, c] = testWallet(2, 3).keys.map(({ fingerprint }) => fingerprint) as [never, never, never];
  expect(quorumProgress(2, [])).toEqual({ signed: [], stillNeeded: 2 });
  expect(quorumProgress(2, [[]])).toEqual({ signed: [], stillNeeded: 2 });
  expect(quorumProgress(2, [[a], [a, b]])).toEqual({ signed: [a], stillNeeded: 1 });
  expect(quorumProgress(2, [[a, b], [b, c]])).toEqual({ signed: [b], stillNeeded: 0 });
  expect(quorumProgress(2, [[a, b, c]])).toEqual({ signed: [a, b, c], stillNeeded: 0 });
  expect(quorumProgress(3, [[a, b], [c], [a]])).toEqual({ signed: [], stillNeeded: 2 });
});
