import { sign } from 'tiny-secp256k1';
import type { EcdsaSigner } from './ecdsa-signer.ts';

/** libsecp256k1, written in C, as WebAssembly. */
export const libsecp256k1: EcdsaSigner = {
  name: 'libsecp256k1',
  sign: (hash, privateKey, extraEntropy) => sign(hash, privateKey, extraEntropy),
};
