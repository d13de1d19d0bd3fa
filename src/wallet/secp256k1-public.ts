/**
 * The public-key half of libsecp256k1 (compiled to WebAssembly). Zones without private keys reach the curve only through
 * this file, so that no signing function is in their module graph by name.
 */
export { isPoint, isXOnlyPoint, pointAddScalar, verify, verifySchnorr, xOnlyPointAddTweak } from 'tiny-secp256k1';
