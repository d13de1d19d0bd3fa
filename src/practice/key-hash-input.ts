import { encode as encodeSignature } from 'bitcoinjs-lib/src/script_signature';
import { concat } from '../domain/bytes.ts';
import { SIGHASH_ALL } from '../psbt/sighash-types.ts';
import type { SighasherV0 } from '../psbt/sighash-v0.ts';
import type { PracticeKey } from './practice-keys.ts';

/**
 * The final witness of a P2WPKH input.
 * @see BIP143, "P2WPKH"
 */
export function signKeyHashInput(sighasher: SighasherV0, index: number, coin: { readonly scriptPubKey: Uint8Array; readonly amountSats: bigint }, key: PracticeKey): readonly Uint8Array[] {
  const scriptCode = concat(Uint8Array.of(0x76, 0xa9, 0x14), coin.scriptPubKey.subarray(2), Uint8Array.of(0x88, 0xac));
  const signature = key.sign(sighasher.hash(index, scriptCode, coin.amountSats, SIGHASH_ALL));
  return [encodeSignature(signature, SIGHASH_ALL), key.publicKey];
}
