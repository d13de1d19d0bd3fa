import { schnorr, secp256k1 } from '@noble/curves/secp256k1.js';
import { bytesToNumberBE } from '@noble/curves/utils.js';
import { concat } from '../domain/bytes.ts';
import type { CurveSigner } from './ecdsa-signer.ts';

const { Point } = secp256k1;
const { Fn, Fp } = Point;

// A table of multiples of the generator, made when the first signature is: 60 ms once, for a third off each signature. Wider
// ones cost more than they save below ten thousand signatures.
Point.BASE.precompute(8);

/** noble-curves, written in JavaScript. */
export const nobleCurves: CurveSigner = {
  name: 'noble-curves',
  sign: (hash, privateKey, extraEntropy) =>
    secp256k1.sign(hash, privateKey, { prehash: false, lowS: true, format: 'compact', ...(extraEntropy === undefined ? {} : { extraEntropy }) }),
  signSchnorr,
};

/**
 * BIP340's default signing, out of noble's arithmetic and tagged hashes. noble's own function verifies what it made, with its own
 * arithmetic again, which is most of its time; here every signature must equal the other implementation's byte for byte and be
 * verified by that one (`signSchnorrAgreed`), so that a fault in these lines makes no signature at all.
 * @see BIP340, "Default Signing"
 */
function signSchnorr(hash: Uint8Array, privateKey: Uint8Array, auxRand: Uint8Array): Uint8Array {
  const { taggedHash } = schnorr.utils;
  const own = evenMultiple(Fn.fromBytes(privateKey));
  const mask = taggedHash('BIP0340/aux', auxRand);
  const masked = Fn.toBytes(own.scalar).map((byte, index) => byte ^ (mask[index] as number));
  const nonce = evenMultiple(Fn.create(bytesToNumberBE(taggedHash('BIP0340/nonce', masked, own.x, hash))));
  masked.fill(0);
  const challenge = Fn.create(bytesToNumberBE(taggedHash('BIP0340/challenge', nonce.x, own.x, hash)));
  return concat(nonce.x, Fn.toBytes(Fn.add(nonce.scalar, Fn.mul(challenge, own.scalar))));
}

/** The scalar, negated where its multiple of the generator has an odd y, and that multiple's x. Throws for 0. */
function evenMultiple(scalar: bigint): { readonly scalar: bigint; readonly x: Uint8Array } {
  const { x, y } = Point.BASE.multiply(scalar).toAffine();
  return { scalar: (y & 1n) === 1n ? Fn.neg(scalar) : scalar, x: Fp.toBytes(x) };
}
