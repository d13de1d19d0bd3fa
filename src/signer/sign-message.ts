import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from '../domain/bytes.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { encodePsbt } from '../psbt/codec/encode.ts';
import { mergeMessagePsbts, messageSignatureText } from '../psbt/messages/message-psbt.ts';
import { previousOutputs } from '../psbt/previous-outputs.ts';
import type { Psbt, PsbtInput, TxOutput } from '../psbt/psbt.ts';
import { SIGHASH_ALL, SIGHASH_DEFAULT } from '../psbt/sighash-types.ts';
import type { Branch } from '../wallet/address.ts';
import type { Curves } from './ecdsa-signer.ts';
import type { RegisteredWallet } from './registration.ts';
import { cosignerTask } from './sign.ts';
import { withSignatures } from './sign-tasks.ts';
import type { SigningKey } from './signing-key.ts';

/** The wallet's address that signs a message, and the message. */
export interface MessageToSign {
  readonly branch: Branch;
  readonly index: number;
  readonly message: string;
}

/** A message with this key's signature. */
export interface SignedMessage {
  readonly address: string;
  /** For the next cosigner, or to finish. */
  readonly psbtBytes: Uint8Array;
  /** Cosigners who have signed, and how many more must. */
  readonly signed: readonly string[];
  readonly stillNeeded: number;
  /** The finished signature, where the quorum is complete. @see BIP322 */
  readonly signature: string | null;
}

/**
 * Signs a message as one cosigner of a registered wallet's address. What is signed is made here from the address and the
 * message and spends an output that cannot exist, so that no file and no text makes it move money.
 * @param files of cosigners who signed before
 * @throws StrongroomError `message.too-long`, `message.other`, `psbt.signature-invalid`, `sign.nothing`, `sign.disagreement`,
 * `key.not-a-cosigner`, `key.locked`, `wallet.index-range`
 * @see BIP322
 */
export function signMessage(key: SigningKey, registered: RegisteredWallet, { branch, index, message }: MessageToSign, files: readonly Psbt[], curves: Curves): SignedMessage {
  const { deriver } = registered;
  const address = deriver.derive(branch, index);
  const { psbt } = mergeMessagePsbts(address, message, files, deriver);
  const task = cosignerTask(key, registered, address, psbt.inputs[0] as PsbtInput, 0);
  if (task === null) {
    throw new StrongroomError('sign.nothing', `Key ${key.fingerprint} has signed this message already.`, { fingerprint: key.fingerprint }, 'Hand the file to the next cosigner.');
  }
  const spent = previousOutputs(psbt).map((previous): TxOutput => {
    if (previous.proof === null) throw new TypeError('the virtual transaction proves what it spends');
    return previous.output;
  });
  const sighashType = address.taproot === null ? SIGHASH_ALL : SIGHASH_DEFAULT;
  const signed = withSignatures(psbt, spent, [{ ...task, index: 0, sighashType }], curves, toHex(sha256(encodePsbt(psbt))));
  // Every signature is verified once more, this key's too.
  const combined = mergeMessagePsbts(address, message, [signed], deriver);
  const { stillNeeded } = combined.quorum;
  return { address: address.address, psbtBytes: encodePsbt(combined.psbt), signed: combined.quorum.signed, stillNeeded, signature: stillNeeded === 0 ? messageSignatureText(combined, deriver) : null };
}
