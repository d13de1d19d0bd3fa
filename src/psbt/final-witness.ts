import { equalBytes } from '../domain/bytes.ts';
import type { DerivedAddress } from '../wallet/address.ts';
import { isProvenEcdsa, readEcdsaSignature } from './ecdsa-signature.ts';
import type { PartialSignature } from './psbt.ts';

/**
 * The signatures inside a final witness of a wallet's P2WSH multisig input, each attributed to the key that it verifies with;
 * `null` when the witness is of another form. Programs that see the quorum complete finalize at once and drop the partial
 * signatures, so this is where they are then.
 * @param hashFor the hash that a signature of a sighash type signs
 * @see BIP141 (witness program), BIP147 (the first item is empty)
 */
export function signaturesOfWitness(witness: readonly Uint8Array[], derived: DerivedAddress, hashFor: (sighashType: number) => Uint8Array): readonly PartialSignature[] | null {
  const [dummy, ...items] = witness;
  const script = items.pop();
  if (dummy?.length !== 0 || script === undefined || !equalBytes(script, derived.witnessScript) || items.length > derived.keys.length) return null;
  const signatures: PartialSignature[] = [];
  for (const signature of items) {
    const parsed = readEcdsaSignature(signature);
    const key = parsed === null ? undefined : derived.keys.find((candidate) => isProvenEcdsa(signature, hashFor(parsed.sighashType), candidate.publicKey, parsed.compact));
    if (key === undefined) return null;
    signatures.push({ publicKey: key.publicKey, signature });
  }
  return signatures;
}
