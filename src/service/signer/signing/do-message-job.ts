import { readPsbtFile } from '../../../airgap/psbt-file.ts';
import { parseBase64, toBase64 } from '../../../domain/bytes.ts';
import { decodePsbt } from '../../../psbt/codec/decode.ts';
import type { Curves } from '../../../signer/ecdsa-signer.ts';
import { verifyRegistration } from '../../../signer/registration.ts';
import { wipe } from '../../../signer/secrets/wipe.ts';
import { signMessage } from '../../../signer/sign-message.ts';
import { SigningKey } from '../../../signer/signing-key.ts';
import { parseRegistration } from '../../../wallet/registration.ts';
import type { TellStep } from './do-job.ts';
import { secretsOf, type MessageJob, type SigningAnswer } from './messages.ts';

/**
 * Signs a message for a registered wallet's address. What is signed is made here, from the registration and the message.
 * @param job its secrets are wiped, whatever happens
 * @throws StrongroomError what verifying the registration, reading the files and `signMessage` throw
 */
export function doMessageJob({ message: order, ...job }: MessageJob, curves: Curves, tell: TellStep): Extract<SigningAnswer, { kind: 'message-signed' }> {
  const { network, privateKey, chainCode } = job.signer;
  let key: SigningKey | null = null;
  try {
    tell('open', 0, 0);
    key = SigningKey.fromMaster({ depth: 0, parentFingerprint: 0, childNumber: 0, chainCode, privateKey }, network);
    const registered = verifyRegistration(key, parseRegistration(order.registration));
    const files = order.psbtFilesBase64.map((file) => decodePsbt(readPsbtFile(parseBase64(file))));
    const { psbtBytes, signed, ...done } = signMessage(key, registered, { branch: order.branch === 'receive' ? 0 : 1, index: order.index, message: order.message }, files, curves);
    return { kind: 'message-signed', reply: { ...done, signed: [...signed], psbtBase64: toBase64(psbtBytes) } };
  } finally {
    key?.wipe();
    wipe(...secretsOf({ message: order, ...job }));
  }
}
