import type { Transaction } from 'bitcoinjs-lib/src/transaction';
import { compactSizeBytes } from '../domain/byte-writer.ts';
import { unreachable } from '../domain/unreachable.ts';
import { scriptTypeOf } from '../wallet/script-type.ts';
import type { Wallet } from '../wallet/wallet.ts';

/** A DER signature with low r and low s and its sighash byte: what Strongroom and the peers that grind make. */
export const LOW_R_SIGNATURE_BYTES = 71;

/** A taproot key-path signature of the default sighash type. */
const SCHNORR_SIGNATURE_BYTES = 64;
const COMPRESSED_KEY_BYTES = 33;
/** Of a tree of one leaf. @see BIP341 */
const CONTROL_BLOCK_BYTES = 33;

/**
 * Weight units that the signatures and scripts of a wallet's input add to the unsigned transaction, an exact figure where
 * every signature has a low r.
 * @see BIP141, "Transaction size calculations"; BIP147; BIP342
 */
export function walletInputWeight({ script, required, cosigners }: Pick<Wallet, 'script' | 'required' | 'cosigners'>): number {
  const total = cosigners.length;
  switch (script) {
    case 'p2wsh':
      return multisigWitnessWeight(required, total);
    case 'p2sh-p2wsh':
      return 4 * (1 + 34) + multisigWitnessWeight(required, total);
    case 'p2sh': {
      const scriptBytes = multisigScriptBytes(required, total);
      const scriptSig = 1 + required * (1 + LOW_R_SIGNATURE_BYTES) + pushBytes(scriptBytes) + scriptBytes;
      // The length of an empty scriptSig is counted already; the empty witness is one byte.
      return 4 * (scriptSig + compactSizeBytes(scriptSig) - 1) + 1;
    }
    case 'p2tr-multi': {
      const leafBytes = 34 * total + numberBytes(required) + 1;
      return 1 + required * (1 + SCHNORR_SIGNATURE_BYTES) + (total - required) + compactSizeBytes(leafBytes) + leafBytes + 1 + CONTROL_BLOCK_BYTES;
    }
    case 'p2pkh':
      return 4 * (1 + LOW_R_SIGNATURE_BYTES + 1 + COMPRESSED_KEY_BYTES) + 1;
    case 'p2sh-p2wpkh':
      return 4 * 23 + keyHashWitnessWeight(COMPRESSED_KEY_BYTES);
    case 'p2wpkh':
      return keyHashWitnessWeight(COMPRESSED_KEY_BYTES);
    case 'p2tr':
      return 1 + 1 + SCHNORR_SIGNATURE_BYTES;
    default:
      return unreachable(script);
  }
}

/** Of a number from 1 to 20 in a script. */
const numberBytes = (value: number): number => (value <= 16 ? 1 : 2);
/** `OP_m <keys> OP_n OP_CHECKMULTISIG`. */
const multisigScriptBytes = (required: number, total: number): number => numberBytes(required) + 34 * total + numberBytes(total) + 1;
/** Bytes of the opcodes before a push of so many. */
const pushBytes = (length: number): number => (length <= 75 ? 1 : length <= 0xff ? 2 : 3);

/** Item count, the empty item that CHECKMULTISIG takes (BIP147), the signatures, the script. */
function multisigWitnessWeight(required: number, total: number): number {
  const scriptBytes = multisigScriptBytes(required, total);
  return 1 + 1 + required * (1 + LOW_R_SIGNATURE_BYTES) + compactSizeBytes(scriptBytes) + scriptBytes;
}

const keyHashWitnessWeight = (publicKeyBytes: number): number => 1 + 1 + LOW_R_SIGNATURE_BYTES + 1 + publicKeyBytes;

/**
 * Weight units that the signature of an input of one of the usual single-key types adds; 0 for an unknown type.
 * @param publicKeyBytes 33, or 65 of an uncompressed key
 */
export function singleKeyWeight(scriptPubKey: Uint8Array, publicKeyBytes = COMPRESSED_KEY_BYTES): number {
  switch (scriptTypeOf(scriptPubKey)) {
    case 'p2wpkh':
      return keyHashWitnessWeight(publicKeyBytes);
    case 'p2tr':
      return 1 + 1 + SCHNORR_SIGNATURE_BYTES;
    case 'p2pkh':
      return 4 * (1 + LOW_R_SIGNATURE_BYTES + 1 + publicKeyBytes) + 1;
    case 'p2sh':
      // The usual wrapped P2WPKH; other scripts cannot be foreseen.
      return 4 * 23 + keyHashWitnessWeight(publicKeyBytes);
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
