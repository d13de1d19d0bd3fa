import { equalBytes } from '../domain/bytes.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { DerivedAddress, DerivedKey } from '../wallet/address.ts';
import { verifySchnorr } from '../wallet/secp256k1-public.ts';
import { isProvenEcdsa, readEcdsaSignature } from './ecdsa-signature.ts';
import { isProven } from './proven-signatures.ts';
import type { PartialSignature, PsbtInput } from './psbt.ts';
import { SIGHASH_ALL, SIGHASH_DEFAULT } from './sighash-types.ts';
import { leafSignaturesOf, tapKeySignatureOf, type LeafSignature } from './taproot-fields.ts';

/** The hash that signatures of a sighash type sign; `null` where something that would be signed is not known. */
export type HashForType = (sighashType: number) => Uint8Array | null;

/** What one ECDSA signature of an input came to. */
export interface CheckedSignature<Key extends { readonly publicKey: Uint8Array } = DerivedKey> {
  readonly signature: PartialSignature;
  /** Whose key it names, of those that spend this input; `null` where it is of none. */
  readonly key: Key | null;
  /** Of the last byte; `null` where there is no DER signature. */
  readonly sighashType: number | null;
  /** Verifies with the named key, whatever its sighash type. */
  readonly verifies: boolean;
  /** Verifies, is of one of the keys, and is of SIGHASH_ALL: counts towards the quorum. */
  readonly counts: boolean;
}

/** Checks every partial signature of an own input against the hash that its keys sign. */
export function checkSignatures<Key extends { readonly publicKey: Uint8Array }>(input: PsbtInput, keys: readonly Key[], hashFor: HashForType): readonly CheckedSignature<Key>[] {
  const hashes = new Map<number, Uint8Array | null>();
  return input.partialSignatures.map((signature) => {
    const key = keys.find((candidate) => equalBytes(candidate.publicKey, signature.publicKey)) ?? null;
    const parsed = readEcdsaSignature(signature.signature);
    if (key === null || parsed === null) return { signature, key, sighashType: parsed?.sighashType ?? null, verifies: false, counts: false };
    const hash = hashes.get(parsed.sighashType) ?? hashFor(parsed.sighashType);
    hashes.set(parsed.sighashType, hash);
    const verifies = hash !== null && isProvenEcdsa(signature.signature, hash, key.publicKey, parsed.compact);
    return { signature, key, sighashType: parsed.sighashType, verifies, counts: verifies && parsed.sighashType === SIGHASH_ALL };
  });
}

/** What one Schnorr signature of a taproot input came to. */
export interface CheckedTaprootSignature {
  /** DEFAULT where it has no type byte; `null` for a type byte that stands for DEFAULT, which is forbidden. @see BIP341 */
  readonly sighashType: number | null;
  readonly verifies: boolean;
  /** Verifies, and is of DEFAULT or ALL. */
  readonly counts: boolean;
}

/**
 * Checks the key-path signature of an own taproot input; `null` where there is none.
 * @param outputKey 32 bytes
 */
export function checkTaprootSignature(input: PsbtInput, outputKey: Uint8Array, hashFor: HashForType): CheckedTaprootSignature | null {
  const signature = tapKeySignatureOf(input);
  return signature === undefined ? null : checkSchnorr(signature, outputKey, hashFor);
}

function checkSchnorr(signature: Uint8Array, publicKey: Uint8Array, hashFor: HashForType): CheckedTaprootSignature {
  const typeByte = signature[64];
  const sighashType = typeByte === undefined ? SIGHASH_DEFAULT : typeByte === SIGHASH_DEFAULT ? null : typeByte;
  const hash = sighashType === null ? null : hashFor(sighashType);
  const verifies = hash !== null && isProvenSchnorr(signature, hash, publicKey, signature.subarray(0, 64));
  return { sighashType, verifies, counts: verifies && (sighashType === SIGHASH_DEFAULT || sighashType === SIGHASH_ALL) };
}

/** What one signature for an own leaf came to. */
export interface CheckedLeafSignature extends CheckedTaprootSignature {
  readonly signature: LeafSignature;
  /** `null` where it is of no cosigner, or for another leaf. */
  readonly key: DerivedKey | null;
}

/** Everything that was signed in an own input, each signature checked. */
export interface OwnInputSignatures {
  readonly signatures: readonly CheckedSignature[];
  /** `null` where there is none, or none can be. */
  readonly taprootSignature: CheckedTaprootSignature | null;
  readonly leafSignatures: readonly CheckedLeafSignature[];
  /** Cosigners whose signatures count, in the wallet's order, each key once. */
  readonly signedBy: readonly Fingerprint[];
}

/**
 * Checks every signature of a wallet's own input, whatever its script.
 * @param hashFor the hash that its keys sign, by the address's rule
 */
export function checkOwnInput(input: PsbtInput, derived: DerivedAddress, hashFor: HashForType): OwnInputSignatures {
  const { rule, keys } = derived;
  const signatures = checkSignatures(input, rule.kind === 'legacy' || rule.kind === 'segwit-v0' ? keys : [], hashFor);
  const taprootSignature = rule.kind === 'taproot-key' ? checkTaprootSignature(input, (keys[0] as DerivedKey).signingKey, hashFor) : null;
  const leafSignatures = rule.kind === 'taproot-leaf' ? checkLeafSignatures(input, keys, rule.leafHash, hashFor) : [];
  const counted = [...signatures, ...leafSignatures].flatMap(({ key, counts }) => (counts && key !== null ? [key] : []));
  const isKeyPathSigned = taprootSignature?.counts === true;
  return { signatures, taprootSignature, leafSignatures, signedBy: keys.filter((key) => isKeyPathSigned || counted.includes(key)).map((key) => key.masterFingerprint) };
}

function checkLeafSignatures(input: PsbtInput, keys: readonly DerivedKey[], leafHash: Uint8Array, hashFor: HashForType): readonly CheckedLeafSignature[] {
  return leafSignaturesOf(input).map((signature) => {
    const key = equalBytes(signature.leafHash, leafHash) ? (keys.find((candidate) => equalBytes(candidate.signingKey, signature.publicKey)) ?? null) : null;
    if (key === null) return { signature, key, sighashType: null, verifies: false, counts: false };
    return { signature, key, ...checkSchnorr(signature.signature, key.signingKey, hashFor) };
  });
}

/** True when the signature is the key's over the hash. Never throws, whatever the bytes are. @see BIP340, "Verification" */
export function isValidSchnorr(hash: Uint8Array, publicKey: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verifySchnorr(hash, publicKey, signature);
  } catch {
    // The curve library throws for keys off the curve and numbers outside the group's order.
    return false;
  }
}

/**
 * The same, without verifying twice what was verified before (`proven-signatures.ts`).
 * @param carrier the array that holds the signature
 */
export const isProvenSchnorr = (carrier: Uint8Array, hash: Uint8Array, publicKey: Uint8Array, signature: Uint8Array): boolean =>
  isProven(carrier, { hash, publicKey, signature }, (claim) => isValidSchnorr(claim.hash, claim.publicKey, claim.signature));

/** How far the quorum is over several inputs, each with the cosigners who signed it. */
export function quorumProgress(required: number, signedBy: readonly (readonly Fingerprint[])[]): { readonly signed: readonly Fingerprint[]; readonly stillNeeded: number } {
  const [first = [], ...others] = signedBy;
  const signed = first.filter((fingerprint) => others.every((signers) => signers.includes(fingerprint)));
  const fewest = signedBy.length === 0 ? 0 : Math.min(...signedBy.map((signers) => signers.length));
  return { signed, stillNeeded: Math.max(0, required - fewest) };
}
