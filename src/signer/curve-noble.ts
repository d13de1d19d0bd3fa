import { schnorr, secp256k1 } from '@noble/curves/secp256k1.js';
import type { CurveSigner } from './ecdsa-signer.ts';

/** noble-curves, written in JavaScript. */
export const nobleCurves: CurveSigner = {
  name: 'noble-curves',
  sign: (hash, privateKey, extraEntropy) =>
    secp256k1.sign(hash, privateKey, { prehash: false, lowS: true, format: 'compact', ...(extraEntropy === undefined ? {} : { extraEntropy }) }),
  signSchnorr: (hash, privateKey, auxRand) => schnorr.sign(hash, privateKey, auxRand),
};
