import { secp256k1 } from '@noble/curves/secp256k1.js';
import type { EcdsaSigner } from './ecdsa-signer.ts';

/** noble-curves, written in JavaScript. */
export const nobleCurves: EcdsaSigner = {
  name: 'noble-curves',
  sign: (hash, privateKey, extraEntropy) =>
    secp256k1.sign(hash, privateKey, { prehash: false, lowS: true, format: 'compact', ...(extraEntropy === undefined ? {} : { extraEntropy }) }),
};
