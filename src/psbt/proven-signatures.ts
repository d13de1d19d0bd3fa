import { equalBytes } from '../domain/bytes.ts';

/** A signature, and what it is said to be over. */
export interface SignatureClaim {
  /** 32 bytes. */
  readonly hash: Uint8Array;
  /** 33 or 65 bytes of ECDSA, 32 of Schnorr: no claim of one kind is taken for one of the other. */
  readonly publicKey: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

/**
 * What arrays that carry a signature were found to carry. A verification takes a fifth of a millisecond, and the roles that follow
 * each other in one process (combine, finalize, extract) each ask for the same ones.
 *
 * SECURITY: this says nothing about an array but what was verified here: hash, key and signature are kept as copies and compared
 * byte by byte, so that an array which was written to since, or is asked about for another hash or key, is verified like one
 * never seen. Whatever is read from a file is in new arrays, so what comes from outside is verified each time.
 */
const proven = new WeakMap<Uint8Array, readonly SignatureClaim[]>();
/** Of one array: a script holds at most as many signatures as CHECKMULTISIG takes. */
const MOST_CLAIMS = 20;

/**
 * Verifies a signature, unless this very one was verified before, out of the same array.
 * @param carrier the array that holds the signature: as it stands in a script, or the script
 * @param verify the curve's answer
 */
export function isProven(carrier: Uint8Array, claim: SignatureClaim, verify: (claim: SignatureClaim) => boolean): boolean {
  if (isKnown(carrier, claim)) return true;
  if (!verify(claim)) return false;
  add(carrier, [{ hash: claim.hash.slice(), publicKey: claim.publicKey.slice(), signature: claim.signature.slice() }]);
  return true;
}

/** Whether this very signature was verified, out of this array. */
export function isKnown(carrier: Uint8Array, { hash, publicKey, signature }: SignatureClaim): boolean {
  return (proven.get(carrier) ?? []).some((known) => equalBytes(known.hash, hash) && equalBytes(known.publicKey, publicKey) && equalBytes(known.signature, signature));
}

/** Hands on what is known of a signature to the array that it was copied into, for instance a script. */
export function carryProof(from: Uint8Array, to: Uint8Array): void {
  add(to, proven.get(from) ?? []);
}

function add(carrier: Uint8Array, claims: readonly SignatureClaim[]): void {
  if (claims.length > 0) proven.set(carrier, [...(proven.get(carrier) ?? []), ...claims].slice(-MOST_CLAIMS));
}
