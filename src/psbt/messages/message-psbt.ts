import { equalBytes, toBase64 } from '../../domain/bytes.ts';
import { ByteWriter } from '../../domain/byte-writer.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { AddressDeriver, DerivedAddress } from '../../wallet/address.ts';
import { combinePsbts } from '../combiner.ts';
import { finalizePsbt } from '../finalizer.ts';
import type { Psbt, UpdatedPsbt } from '../psbt.ts';
import { serializeTransaction, transactionId, writeStack } from '../transaction.ts';
import { updatePsbt } from '../updater.ts';
import type { CreatedPsbt } from '../psbt.ts';
import { messageToSign, messageToSpend } from './message-transactions.ts';

/**
 * What the cosigners of a wallet's address sign to prove that they hold it: BIP322's virtual transaction as a PSBT, which goes
 * from hand to hand like any other. Nothing in it can move money.
 * @throws StrongroomError `message.too-long`
 */
export function createMessagePsbt(derived: DerivedAddress, message: string): UpdatedPsbt {
  const toSpend = messageToSpend(derived.scriptPubKey, message);
  const transaction = messageToSign(toSpend);
  const created: Psbt = { version: 0, transaction, globalFields: [], inputs: [{ partialSignatures: [], bip32Derivations: [], otherFields: [] }], outputs: [{ bip32Derivations: [], otherFields: [] }] };
  return updatePsbt(created as CreatedPsbt, { inputs: [{ previousTransaction: serializeTransaction(toSpend, false), derived }], outputs: [{}] });
}

/**
 * The same with the signatures of others' files, each verified.
 * @throws StrongroomError `message.other` for a file of another message or address; what `combinePsbts` throws
 */
export function mergeMessagePsbts(derived: DerivedAddress, message: string, files: readonly Psbt[], deriver: AddressDeriver): ReturnType<typeof combinePsbts> {
  const own = createMessagePsbt(derived, message);
  const unsigned = serializeTransaction(own.transaction, false);
  const strange = files.findIndex((file) => !equalBytes(serializeTransaction(file.transaction, false), unsigned));
  if (strange >= 0) {
    throw new StrongroomError('message.other', `File ${strange + 1} is of another message or another address.`, { file: strange + 1, transaction: transactionId((files[strange] as Psbt).transaction) }, 'Take the message and the address from the same place as the other cosigners; a blank at the end counts.');
  }
  // What the files say beside their signatures is not needed: all of it was made here.
  const stripped = files.map((file): Psbt => ({ ...own, inputs: own.inputs.map((input, index) => ({ ...input, ...signaturesOf(file.inputs[index] as Psbt['inputs'][number]) })) }));
  return combinePsbts([own, ...stripped], deriver);
}

function signaturesOf({ partialSignatures, finalScriptSig, finalScriptWitness, otherFields }: Psbt['inputs'][number]): Partial<Psbt['inputs'][number]> {
  return {
    partialSignatures, otherFields,
    ...(finalScriptSig === undefined ? {} : { finalScriptSig }),
    ...(finalScriptWitness === undefined ? {} : { finalScriptWitness }),
  };
}

/**
 * The signature's text: its witness alone where that is everything (`smp`), else the whole virtual transaction (`ful`).
 * @throws StrongroomError `psbt.incomplete`
 * @see BIP322, "Simple" and "Full"
 */
export function messageSignatureText({ psbt }: ReturnType<typeof combinePsbts>, deriver: AddressDeriver): string {
  const final = finalizePsbt(psbt, deriver);
  const { finalScriptSig = new Uint8Array(0), finalScriptWitness = [] } = final.inputs[0] as Psbt['inputs'][number];
  if (finalScriptSig.length === 0) {
    const writer = new ByteWriter();
    writeStack(writer, finalScriptWitness);
    return `smp${toBase64(writer.bytes())}`;
  }
  const transaction = final.transaction.clone();
  Object.assign(transaction.ins[0] as object, { script: finalScriptSig, witness: [...finalScriptWitness] });
  return `ful${toBase64(serializeTransaction(transaction, true))}`;
}
