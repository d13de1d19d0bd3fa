import { chosenCurve, type PublicCurve } from './secp256k1-choice.ts';

/**
 * The public-key half of libsecp256k1. Zones without private keys reach the curve only through this file, so that no signing
 * function is in their module graph by name. It is compiled to WebAssembly; for the two operations that take the time of large
 * transactions a program may have chosen a native build of it when it started (`secp256k1-choice.ts`).
 */
export { isPoint, isXOnlyPoint, pointMultiply, verifySchnorr, xOnlyPointAddTweak } from 'tiny-secp256k1';

/** @see PublicCurve */
export const verify: PublicCurve['verify'] = (hash, publicKey, signature, strict) => chosenCurve().verify(hash, publicKey, signature, strict);

/** @see PublicCurve */
export const pointAddScalar: PublicCurve['pointAddScalar'] = (point, scalar, compressed) => chosenCurve().pointAddScalar(point, scalar, compressed);
