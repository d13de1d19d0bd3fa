import { equalBytes } from '../domain/bytes.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { verifySchnorr } from '../wallet/secp256k1-public.ts';

/** One implementation of Schnorr signatures on secp256k1. */
export interface SchnorrSigner {
  /** Names the implementation in errors. */
  readonly name: string;
  /**
   * @param hash 32 bytes, signed as it is
   * @param privateKey already tweaked
   * @param auxRand 32 bytes
   * @returns 64 bytes
   * @see BIP340, "Default Signing"
   */
  signSchnorr(hash: Uint8Array, privateKey: Uint8Array, auxRand: Uint8Array): Uint8Array;
}

/**
 * BIP340 lets the nonce take in chance against faults and eavesdroppers on the power line. Two implementations that must
 * agree catch the fault, and a signature that depends on nothing but key and hash can be made again and compared: no nonce can
 * carry a secret out unseen.
 */
const NO_CHANCE = new Uint8Array(32);

/**
 * A signature that two implementations agree on byte for byte, and that verifies.
 * @param publicKey 32 bytes, x only: the output key
 * @returns 64 bytes
 * @throws StrongroomError `sign.disagreement`
 */
export function signSchnorrAgreed(curves: { readonly first: SchnorrSigner; readonly second: SchnorrSigner }, hash: Uint8Array, privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array {
  const first = curves.first.signSchnorr(hash, privateKey, NO_CHANCE.slice());
  const second = curves.second.signSchnorr(hash, privateKey, NO_CHANCE.slice());
  if (first.length !== 64 || !equalBytes(first, second) || !verifySchnorr(hash, publicKey, first)) {
    throw new StrongroomError('sign.disagreement', `${curves.first.name} and ${curves.second.name} do not make the same valid signature. None was given out.`, { first: curves.first.name, second: curves.second.name }, 'Do not use this installation. Install Strongroom again and compare its checksum.');
  }
  return first;
}
