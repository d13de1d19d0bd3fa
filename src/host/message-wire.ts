import * as v from 'valibot';
import { AddressIndex, BranchName, FileBase64, FingerprintText, KeyHandle, Network, SatsText, SmallText } from './wire.ts';

/** The text itself; what is longer than a person reads is refused by a name of its own. */
const MessageText = v.pipe(v.string(), v.maxLength(100_000));
/** Base64 with the prefix of its form, or without one. */
const SignatureText = v.pipe(v.string(), v.maxLength(1_000_000));
const place = { branch: BranchName, index: AddressIndex, message: MessageText };
/** PSBTs of cosigners who signed the same message before. */
const files = v.pipe(v.array(FileBase64), v.maxLength(30));
const progress = { address: v.string(), signed: v.array(FingerprintText), stillNeeded: v.number(), /** The finished signature, where the quorum is complete. */ signature: v.nullable(v.string()) };

/** Proves control of a wallet's address by a message that its cosigners sign. @see BIP322 */
export const signMessage = {
  input: v.strictObject({ keyHandle: KeyHandle, registration: SmallText, ...place, psbtFilesBase64: files }),
  output: v.strictObject({ ...progress, psbtBase64: FileBase64 }),
};

/** Brings cosigners' files of one message together. */
export const finishMessage = {
  input: v.strictObject({ wallet: SmallText, ...place, psbtFilesBase64: files }),
  output: v.strictObject({ ...progress, psbtBase64: FileBase64 }),
};

export const verifyMessage = {
  input: v.strictObject({ network: Network, address: v.pipe(v.string(), v.maxLength(200)), message: MessageText, signature: SignatureText }),
  output: v.strictObject({
    state: v.picklist(['valid', 'invalid', 'inconclusive']),
    form: v.picklist(['simple', 'full', 'proof-of-funds']),
    locktime: v.number(),
    sequence: v.number(),
    /** What the signer can spend beside the address, as the signature states it; whether it is unspent, only a node can say. */
    funds: v.array(v.strictObject({ outpoint: v.string(), amountSats: SatsText })),
  }),
};
