import { sign, signSchnorr } from 'tiny-secp256k1';
import type { CurveSigner } from './ecdsa-signer.ts';

/** libsecp256k1, written in C, as WebAssembly. */
export const libsecp256k1: CurveSigner = {
  name: 'libsecp256k1',
  sign: (hash, privateKey, extraEntropy) => sign(hash, privateKey, extraEntropy),
  signSchnorr: (hash, privateKey, auxRand) => signSchnorr(hash, privateKey, auxRand),
};
