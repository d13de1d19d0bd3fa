import { concat, toHex } from '../domain/bytes.ts';
import { previousOutputs } from '../psbt/previous-outputs.ts';
import type { Psbt } from '../psbt/psbt.ts';
import { tapKeySignatureOf } from '../psbt/taproot-fields.ts';
import { fingerprintOf } from '../wallet/extended-public-key.ts';
import { scriptTypeOf } from '../wallet/script-type.ts';
import { isPoint } from '../wallet/secp256k1-public.ts';
import type { ReviewSingleKey } from './single-keys.ts';

/** A taproot output key as a point: BIP340 takes the one of the two with an even y. */
const EVEN = Uint8Array.of(0x02);

/**
 * The keys that signed a sweep of paper wallets, for whoever reviews it without them: where taproot's key path signed, the output key. What they
 * claim is judged by the review, which rebuilds the scripts and verifies the signatures; a signature of no such key makes its input foreign.
 * Fingerprints of output keys are not those of the papers' keys.
 */
export function signersOfSingleKeys(psbt: Psbt): readonly ReviewSingleKey[] {
  const keys = new Map<string, ReviewSingleKey>();
  previousOutputs(psbt).forEach((previous, index) => {
    const input = psbt.inputs[index];
    if (previous.proof === null || input === undefined) return;
    const { scriptPubKey } = previous.output;
    if (scriptTypeOf(scriptPubKey) === 'p2tr') {
      const outputKey = scriptPubKey.subarray(2);
      const publicKey = concat(EVEN, outputKey);
      if (tapKeySignatureOf(input) === undefined || !isPoint(publicKey)) return;
      // What the output key was tweaked from is not known, and nothing needs it: the signature is the output key's.
      const taproot = { internalKey: outputKey, outputKey, leaf: null };
      const onlyOutput = { script: 'p2tr', scriptPubKey, redeemScript: null, witnessScript: null, taproot, rule: { kind: 'taproot-key' }, signingKey: outputKey } as const;
      keys.set(toHex(scriptPubKey), { fingerprint: fingerprintOf(publicKey), publicKey, onlyOutput });
      return;
    }
    const publicKey = input.partialSignatures[0]?.publicKey;
    if (publicKey !== undefined && isPoint(publicKey)) keys.set(toHex(publicKey), { fingerprint: fingerprintOf(publicKey), publicKey });
  });
  return [...keys.values()];
}
