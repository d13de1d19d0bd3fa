import { StrongroomError } from '../errors/strongroom-error.ts';
import { verify } from '../wallet/secp256k1-public.ts';
import { isProven } from './proven-signatures.ts';

export interface EcdsaSignature {
  /** r and s, 32 bytes each. */
  readonly compact: Uint8Array;
  readonly sighashType: number;
}

/**
 * A signature as it stands in a script: strict DER and one byte of sighash type; `null` for anything else.
 * @see BIP66, "DER encoding reference"
 */
export function readEcdsaSignature(bytes: Uint8Array): EcdsaSignature | null {
  const der = bytes.subarray(0, -1);
  if (der.length < 8 || der[0] !== 0x30 || der[1] !== der.length - 2) return null;
  const r = readInteger(der, 2);
  const s = r === null ? null : readInteger(der, r.end);
  if (r === null || s === null || s.end !== der.length) return null;
  const compact = new Uint8Array(64);
  compact.set(r.value, 32 - r.value.length);
  compact.set(s.value, 64 - s.value.length);
  return { compact, sighashType: bytes[bytes.length - 1] as number };
}

/** A positive DER integer in its shortest form, without its padding zero; `null` for anything else. */
function readInteger(der: Uint8Array, start: number): { readonly value: Uint8Array; readonly end: number } | null {
  const length = der[start + 1] ?? 0;
  const end = start + 2 + length;
  if (der[start] !== 0x02 || length === 0 || end > der.length) return null;
  const first = der[start + 2] as number;
  const second = der[start + 3] as number;
  if (first >= 0x80 || (first === 0 && length > 1 && second < 0x80)) return null;
  const value = der.subarray(start + (first === 0 ? 3 : 2), end);
  return value.length > 32 ? null : { value, end };
}

/**
 * True when the signature is the key's over the hash. High s values are refused, since nodes do not relay them (BIP146).
 * Never throws, whatever the bytes are.
 * @throws StrongroomError `curve.disagreement`
 */
export function isValidEcdsa(hash: Uint8Array, publicKey: Uint8Array, compact: Uint8Array): boolean {
  // The curve library takes 32 bytes for a key too, and they are none in ECDSA.
  if (publicKey.length !== 33 && publicKey.length !== 65) return false;
  try {
    return verify(hash, publicKey, compact, true);
  } catch (fault) {
    // Two curve libraries that contradict each other are no property of the bytes.
    if (fault instanceof StrongroomError) throw fault;
    // The curve library throws for keys off the curve, and for r or s outside the group's order.
    return false;
  }
}

/**
 * The same, without verifying twice what was verified before (`proven-signatures.ts`).
 * @param carrier the array that holds the signature
 */
export const isProvenEcdsa = (carrier: Uint8Array, hash: Uint8Array, publicKey: Uint8Array, compact: Uint8Array): boolean =>
  isProven(carrier, { hash, publicKey, signature: compact }, (claim) => isValidEcdsa(claim.hash, claim.publicKey, claim.signature));
