import { equalBytes } from '../domain/bytes.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { DerivedAddress, DerivedKey } from '../wallet/address.ts';
import { isValidEcdsa, readEcdsaSignature } from './ecdsa-signature.ts';
import type { PartialSignature, PsbtInput } from './psbt.ts';
import { SIGHASH_ALL, type SighasherV0 } from './sighash-v0.ts';

/** What one signature of an input came to. */
export interface CheckedSignature {
  readonly signature: PartialSignature;
  /** The cosigner whose key it names at this address, or `null` where it is of no cosigner. */
  readonly key: DerivedKey | null;
  /** Of the last byte; `null` where there is no DER signature. */
  readonly sighashType: number | null;
  /** Verifies with the named key, whatever its sighash type. */
  readonly verifies: boolean;
  /** Verifies, is a cosigner's, and is of SIGHASH_ALL: counts towards the quorum. */
  readonly counts: boolean;
}

/**
 * Checks every partial signature of a wallet's own input against the hash that its cosigners sign.
 * @param amountSats of the output that is spent, proven
 */
export function checkSignatures(input: PsbtInput, index: number, derived: DerivedAddress, amountSats: bigint, sighasher: SighasherV0): readonly CheckedSignature[] {
  const hashes = new Map<number, Uint8Array>();
  return input.partialSignatures.map((signature) => {
    const key = derived.keys.find((candidate) => equalBytes(candidate.publicKey, signature.publicKey)) ?? null;
    const parsed = readEcdsaSignature(signature.signature);
    if (key === null || parsed === null) return { signature, key, sighashType: parsed?.sighashType ?? null, verifies: false, counts: false };
    const hash = hashes.get(parsed.sighashType) ?? sighasher.hash(index, derived.witnessScript, amountSats, parsed.sighashType);
    hashes.set(parsed.sighashType, hash);
    const verifies = isValidEcdsa(hash, key.publicKey, parsed.compact);
    return { signature, key, sighashType: parsed.sighashType, verifies, counts: verifies && parsed.sighashType === SIGHASH_ALL };
  });
}

/** Fingerprints of the cosigners whose signatures count, in the wallet's order, each key once. */
export function signersOf(derived: DerivedAddress, signatures: readonly CheckedSignature[]): readonly Fingerprint[] {
  return derived.keys.filter((key) => signatures.some((checked) => checked.counts && checked.key === key)).map((key) => key.masterFingerprint);
}

/** How far the quorum is over several inputs, each with the cosigners who signed it. */
export function quorumProgress(required: number, signedBy: readonly (readonly Fingerprint[])[]): { readonly signed: readonly Fingerprint[]; readonly stillNeeded: number } {
  const [first = [], ...others] = signedBy;
  const signed = first.filter((fingerprint) => others.every((signers) => signers.includes(fingerprint)));
  const fewest = signedBy.length === 0 ? 0 : Math.min(...signedBy.map((signers) => signers.length));
  return { signed, stillNeeded: Math.max(0, required - fewest) };
}
