import { equalBytes } from '../domain/bytes.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { unreachable } from '../domain/unreachable.ts';
import type { PsbtInput, SignedPsbt } from '../psbt/psbt.ts';
import { leafSignaturesOf, tapKeySignatureOf } from '../psbt/taproot-fields.ts';
import type { Approval } from '../review/approve.ts';
import type { DerivedAddress, DerivedKey } from '../wallet/address.ts';
import type { SigningRule } from '../wallet/signing-rule.ts';
import { keyPathTweak } from '../wallet/taproot.ts';
import type { Curves } from './ecdsa-signer.ts';
import { useKeyPathPrivateKey } from './key-path-private-key.ts';
import type { RegisteredWallet } from './registration.ts';
import { signApproved, staleInput, type OnProgress, type SigningTask, type TaskFinder } from './sign-tasks.ts';
import type { SigningKey } from './signing-key.ts';

/** A key, and the wallets of which its own registrations were verified. */
export interface Cosigner {
  readonly key: SigningKey;
  readonly wallets: readonly RegisteredWallet[];
}

/**
 * Adds this key's signature, as a cosigner, to every input that it must sign. Scripts and keys come from the registered
 * wallets' own derivation.
 * @param wallets the verified registrations that the review was made with
 * @throws StrongroomError `review.stale`, `key.not-a-cosigner`, `key.locked`, `sign.nothing`, `sign.disagreement`
 * @see BIP174, "Signer"; BIP143
 */
export const signPsbt = (approval: Approval, key: SigningKey, curves: Curves, wallets: readonly RegisteredWallet[], onProgress?: OnProgress): SignedPsbt =>
  signPsbtTogether(approval, [{ key, wallets }], curves, onProgress);

/**
 * The same by several keys in one step: each signs the inputs of the wallets that it registered.
 * @throws StrongroomError as `signPsbt`; `review.stale` also for an input of a wallet that none of them registered
 */
export function signPsbtTogether(approval: Approval, cosigners: readonly Cosigner[], curves: Curves, onProgress?: OnProgress): SignedPsbt {
  const fingerprints = cosigners.map(({ key }) => key.fingerprint).join(', ');
  return signApproved(approval, curves, cosignerTasks(cosigners), { name: `key ${fingerprints}`, details: { fingerprint: fingerprints } }, onProgress);
}

const cosignerTasks = (cosigners: readonly Cosigner[]): TaskFinder => ({ index, input, spent, reviewed }) => {
  const { branch, childIndex } = reviewed;
  const joined = cosigners.flatMap(({ key, wallets }) => {
    const registered = wallets.find(({ policyId }) => policyId.walletId === reviewed.walletId);
    return registered === undefined ? [] : [{ key, registered }];
  });
  if (joined.length === 0 || branch === null || childIndex === null) throw staleInput(index);
  return joined.flatMap(({ key, registered }) => {
    const address = registered.deriver.derive(branch, childIndex);
    if (!equalBytes(spent.scriptPubKey, address.scriptPubKey)) throw staleInput(index);
    const task = cosignerTask(key, registered, address, input, index);
    return task === null ? [] : [task];
  });
};

/**
 * What this key signs as a cosigner of an own input.
 * @returns `null` where it has signed already
 */
export function cosignerTask(key: SigningKey, registered: RegisteredWallet, address: DerivedAddress, input: PsbtInput, index: number): SigningTask | null {
  const { publicKey, signingKey, path } = address.keys[registered.ownPosition] as DerivedKey;
  if (isSigned(input, address.rule, signingKey)) return null;
  return {
    rule: address.rule,
    signingKey,
    redeemScript: address.redeemScript,
    usePrivateKey(use) {
      if (!equalBytes(key.publicKeyAt(path), publicKey)) {
        throw new StrongroomError('key.not-a-cosigner', `Key ${key.fingerprint} is not the cosigner for whom the wallet was registered.`, { fingerprint: key.fingerprint, input: index }, 'Open the key file that belongs to the registration.');
      }
      const { taproot } = address;
      if (taproot === null || taproot.leaf !== null) return key.usePrivateKeyAt(path, use);
      return key.usePrivateKeyAt(path, (privateKey) => useKeyPathPrivateKey(privateKey, keyPathTweak(taproot.internalKey), taproot.outputKey, use));
    },
  };
}

/** Whether this key's signature is there; whether it is valid, the review has said. */
function isSigned(input: PsbtInput, { kind }: SigningRule, signingKey: Uint8Array): boolean {
  switch (kind) {
    case 'taproot-key':
      return tapKeySignatureOf(input) !== undefined;
    case 'taproot-leaf':
      return leafSignaturesOf(input).some((signature) => equalBytes(signature.publicKey, signingKey));
    case 'legacy':
    case 'segwit-v0':
      return input.partialSignatures.some((partial) => equalBytes(partial.publicKey, signingKey));
    default:
      return unreachable(kind);
  }
}
