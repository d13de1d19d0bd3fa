import { equalBytes } from '../domain/bytes.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import type { SignedPsbt } from '../psbt/psbt.ts';
import type { Approval } from '../review/approve.ts';
import type { DerivedKey } from '../wallet/address.ts';
import type { Curves } from './ecdsa-signer.ts';
import type { RegisteredWallet } from './registration.ts';
import { signApproved, staleInput, type TaskFinder } from './sign-tasks.ts';
import type { SigningKey } from './signing-key.ts';

/**
 * Adds this key's signature, as a cosigner, to every input that it must sign. Scripts and keys come from the registered
 * wallets' own derivation.
 * @param wallets the verified registrations that the review was made with
 * @throws StrongroomError `review.stale`, `key.not-a-cosigner`, `key.locked`, `sign.nothing`, `sign.disagreement`
 * @see BIP174, "Signer"; BIP143
 */
export function signPsbt(approval: Approval, key: SigningKey, curves: Curves, wallets: readonly RegisteredWallet[]): SignedPsbt {
  return signApproved(approval, curves, cosignerTasks(key, wallets), { name: `key ${key.fingerprint}`, details: { fingerprint: key.fingerprint } });
}

const cosignerTasks = (key: SigningKey, wallets: readonly RegisteredWallet[]): TaskFinder => ({ index, input, spent, reviewed }) => {
  const registered = wallets.find(({ policyId }) => policyId.walletId === reviewed.walletId);
  if (registered === undefined || reviewed.branch === null || reviewed.childIndex === null) throw staleInput(index);
  const address = registered.deriver.derive(reviewed.branch, reviewed.childIndex);
  if (!equalBytes(spent.scriptPubKey, address.scriptPubKey)) throw staleInput(index);
  const { publicKey, path } = address.keys[registered.ownPosition] as DerivedKey;
  if (input.partialSignatures.some((partial) => equalBytes(partial.publicKey, publicKey))) return null;
  return {
    rule: { kind: 'segwit-v0', scriptCode: address.witnessScript },
    signingKey: publicKey,
    redeemScript: null,
    usePrivateKey(use) {
      if (!equalBytes(key.publicKeyAt(path), publicKey)) {
        throw new StrongroomError('key.not-a-cosigner', `Key ${key.fingerprint} is not the cosigner for whom the wallet was registered.`, { fingerprint: key.fingerprint, input: index }, 'Open the key file that belongs to the registration.');
      }
      return key.usePrivateKeyAt(path, use);
    },
  };
};
