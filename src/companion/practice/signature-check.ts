import { decode as decodeSignature } from 'bitcoinjs-lib/src/script_signature';
import { verify, verifySchnorr } from '../../wallet/secp256k1-public.ts';

/** Gives the hash to be signed for a sighash type. */
export type Digest = (sighashType: number) => Uint8Array;

const BASE_TYPE = 0x1f;
const ANYONE_CAN_PAY = 0x80;
const SIGHASH_SINGLE = 3;

/** ALL, NONE or SINGLE, each also with ANYONECANPAY: no other type of an ECDSA signature has a meaning (BIP143). */
const isDefinedType = (type: number): boolean => {
  const base = type & ~ANYONE_CAN_PAY;
  return base >= 1 && base <= 3;
};

/**
 * Whether an ECDSA signature with its sighash type is a key's.
 * @see BIP66 (strict DER); BIP146 (low S, which every node asks for before it relays)
 */
export function isEcdsaOf(publicKey: Uint8Array, signature: Uint8Array, digest: Digest): boolean {
  const type = signature.at(-1);
  if (type === undefined || !isDefinedType(type)) return false;
  try {
    return verify(digest(type), publicKey, decodeSignature(signature).signature, true);
  } catch {
    return false;
  }
}

/**
 * Whether the signatures are of keys of a multisig script, in the order of its keys, as CHECKMULTISIG walks them.
 * @param signatures exactly as many as the script requires
 */
export function areMultisigOf(publicKeys: readonly Uint8Array[], signatures: readonly Uint8Array[], digest: Digest): boolean {
  let key = 0;
  return signatures.every((signature) => {
    while (key < publicKeys.length) {
      key += 1;
      if (isEcdsaOf(publicKeys[key - 1] as Uint8Array, signature, digest)) return true;
    }
    return false;
  });
}

/**
 * Whether a Schnorr signature is of a key: the output's for its key path, or one of a leaf.
 * @param publicKey 32 bytes
 * @param outputs how many outputs the transaction has: SIGHASH_SINGLE needs one beside the input
 * @see BIP341, "Taproot key path spending signature validation"; BIP342, "Rules for signature opcodes"
 */
export function isSchnorrOf(publicKey: Uint8Array, signature: Uint8Array, input: number, outputs: number, digest: Digest): boolean {
  const type = signature.length === 65 ? (signature[64] as number) : 0;
  // An explicit DEFAULT is forbidden, so that a signature has one form only.
  const isDefined = signature.length === 64 || (signature.length === 65 && isDefinedType(type));
  if (!isDefined || ((type & BASE_TYPE) === SIGHASH_SINGLE && input >= outputs)) return false;
  try {
    return verifySchnorr(digest(type), publicKey, signature.subarray(0, 64));
  } catch {
    return false;
  }
}
