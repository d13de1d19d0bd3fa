import { pointAddScalar, verify } from 'tiny-secp256k1';

/**
 * The operations on public keys and signatures that take the time of large transactions, and that another implementation may
 * therefore compute. All others are always the WebAssembly's.
 */
export interface PublicCurve {
  /**
   * @param hash 32 bytes
   * @param publicKey 33 or 65 bytes
   * @param signature 64 bytes: r and s
   * @param strict whether s must be in the lower half (BIP146)
   * @throws Error for a key off the curve and for numbers outside the group's order
   */
  verify(hash: Uint8Array, publicKey: Uint8Array, signature: Uint8Array, strict?: boolean): boolean;
  /**
   * The point plus a multiple of the generator, of BIP32.
   * @param scalar 32 bytes
   * @returns `null` where that is the point at infinity
   * @throws Error for a point off the curve and for a scalar outside the group's order
   */
  pointAddScalar(point: Uint8Array, scalar: Uint8Array, compressed?: boolean): Uint8Array | null;
}

/** libsecp256k1 as WebAssembly: what is used unless the program chose otherwise, and wherever a choice has no answer. */
export const webAssemblyCurve: PublicCurve = { verify, pointAddScalar };

let chosen: PublicCurve = webAssemblyCurve;

/** What `secp256k1-public.ts` asks. */
export const chosenCurve = (): PublicCurve => chosen;

/**
 * Chooses the implementation for this process. The one place where the core is told, and by rule (scripts/lib/zones.mjs) only the
 * adapter that loads and checks a native library can reach it.
 * @see docs/adr/0015-native-curve.md
 */
export function useCurve(curve: PublicCurve): void {
  chosen = curve;
}
