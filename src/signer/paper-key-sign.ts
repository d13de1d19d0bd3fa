import { equalBytes, toHex } from '../domain/bytes.ts';
import type { SignedPsbt } from '../psbt/psbt.ts';
import { tapKeySignatureOf } from '../psbt/taproot-fields.ts';
import type { Approval } from '../review/approve.ts';
import type { Curves } from './ecdsa-signer.ts';
import type { PaperKey } from './paper-key.ts';
import { signApproved, staleInput, type OnProgress, type TaskFinder } from './sign-tasks.ts';

/**
 * Adds the signatures of paper keys to the inputs that they spend. Scripts come from the keys themselves; what of them the
 * approval does not name is not signed.
 * @param keys those that the review was made with
 * @throws StrongroomError `review.stale`, `key.locked`, `sign.nothing`, `sign.disagreement`
 * @see BIP174, "Signer"; BIP143, BIP341
 */
export function signWithPaperKeys(approval: Approval, keys: readonly PaperKey[], curves: Curves, onProgress?: OnProgress): SignedPsbt {
  return signApproved(approval, curves, paperKeyTasks(keys), { name: keys.length === 1 ? 'this paper key' : 'these paper keys', details: { keys: keys.length } }, onProgress);
}

function paperKeyTasks(keys: readonly PaperKey[]): TaskFinder {
  const byPublicKey = new Map(keys.map((key) => [toHex(key.publicKey), key]));
  return ({ index, input, spent, reviewed }) => {
    const key = reviewed.singleKey === null ? undefined : byPublicKey.get(reviewed.singleKey.publicKeyHex);
    const output = key?.outputs.find(({ script }) => script === reviewed.singleKey?.script);
    if (key === undefined || output === undefined || !equalBytes(output.scriptPubKey, spent.scriptPubKey)) throw staleInput(index);
    const isSigned = output.script === 'p2tr' ? tapKeySignatureOf(input) !== undefined : input.partialSignatures.length > 0;
    if (isSigned) return [];
    return [{ rule: output.rule, signingKey: output.signingKey, redeemScript: output.redeemScript, usePrivateKey: (use) => key.usePrivateKeyFor(output, use) }];
  };
}
