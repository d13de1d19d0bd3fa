import { pointFromScalar } from 'tiny-secp256k1';

/** What is computed for every child of a key besides its signature, and may be computed by another implementation than WebAssembly. */
export interface PrivateCurve {
  /**
   * @param privateKey 32 bytes, of a number that is on the curve
   * @returns 33 bytes, compressed
   */
  publicKeyOf(privateKey: Uint8Array): Uint8Array;
}

/** libsecp256k1 as WebAssembly: what is used unless the program chose otherwise. */
export const webAssemblyPrivateCurve: PrivateCurve = { publicKeyOf: (privateKey) => pointFromScalar(privateKey, true) as Uint8Array };

let chosen: PrivateCurve = webAssemblyPrivateCurve;

/** The public key of a private one, 33 bytes. @see PrivateCurve */
export const publicKeyOfPrivate: PrivateCurve['publicKeyOf'] = (privateKey) => chosen.publicKeyOf(privateKey);

/**
 * Chooses the implementation for this process; called once, by the Signer's effects.
 * @see docs/adr/0015-native-curve.md
 */
export function usePrivateCurve(curve: PrivateCurve): void {
  chosen = curve;
}
