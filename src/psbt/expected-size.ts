import type { Transaction } from 'bitcoinjs-lib/src/transaction';
import { scriptTypeOf } from '../wallet/script-type.ts';

/** A DER signature with low r and low s and its sighash byte: what Strongroom and the peers that grind make. */
export const LOW_R_SIGNATURE_BYTES = 71;

/** A taproot key-path signature of the default sighash type. */
const SCHNORR_SIGNATURE_BYTES = 64;
const COMPRESSED_KEY_BYTES = 33;

export interface Quorum {
  readonly required: number;
  readonly total: number;
}

/**
 * Weight units that the witness of a P2WSH sorted-multisig input adds: item count, the empty item that CHECKMULTISIG takes
 * (BIP147), the signatures, the script.
 */
export function multisigWitnessWeight(quorum: Quorum, signatureBytes = LOW_R_SIGNATURE_BYTES): number {
  const scriptBytes = 3 + 34 * quorum.total;
  return 1 + 1 + quorum.required * (1 + signatureBytes) + (scriptBytes < 0xfd ? 1 : 3) + scriptBytes;
}

/**
 * Weight units that the signature of an input of one of the usual single-key types adds; 0 for an unknown type.
 * @param publicKeyBytes 33, or 65 of an uncompressed key
 */
export function singleKeyWeight(scriptPubKey: Uint8Array, publicKeyBytes = COMPRESSED_KEY_BYTES): number {
  switch (scriptTypeOf(scriptPubKey)) {
    case 'p2wpkh':
      return 1 + 1 + LOW_R_SIGNATURE_BYTES + 1 + publicKeyBytes;
    case 'p2tr':
      return 1 + 1 + SCHNORR_SIGNATURE_BYTES;
    case 'p2pkh':
      return 4 * (1 + LOW_R_SIGNATURE_BYTES + 1 + publicKeyBytes) + 1;
    case 'p2sh':
      // The usual wrapped P2WPKH; other scripts cannot be foreseen.
      return 4 * 23 + 1 + 1 + LOW_R_SIGNATURE_BYTES + 1 + publicKeyBytes;
    default:
      return 0;
  }
}

/**
 * Size of the transaction once it is signed, vB.
 * @param witnessWeights weight units that each input's signatures will add
 * @see BIP141, "Transaction size calculations"
 */
export function expectedVsize(transaction: Transaction, witnessWeights: readonly number[]): number {
  // Marker and flag weigh 2; inputs without a witness then need a zero count each, which the single-key weights include.
  const base = 4 * transaction.byteLength(false) + 2;
  return Math.ceil(witnessWeights.reduce((sum, weight) => sum + weight, base) / 4);
}
