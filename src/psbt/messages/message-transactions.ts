import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { concat, utf8 } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { taggedHash } from '../../wallet/taproot.ts';
import { transactionHash } from '../transaction.ts';

/** The longest message, in bytes of UTF-8: what a person reads before signing it. */
export const MAX_MESSAGE_BYTES = 10_000;

/** `OP_RETURN` alone: the one output of what is signed. */
const NOTHING = Uint8Array.of(0x6a);
/** No transaction has this output, so nothing that spends it can ever be mined. */
const NO_OUTPOINT = { hash: new Uint8Array(32), index: 0xffff_ffff };

/**
 * @throws StrongroomError `message.too-long`
 * @see BIP322, "Full": the tag of the message's hash
 */
export function messageHash(message: string): Uint8Array {
  const bytes = utf8(message);
  if (bytes.length > MAX_MESSAGE_BYTES) {
    throw new StrongroomError('message.too-long', `The message has ${bytes.length} bytes; at most ${MAX_MESSAGE_BYTES} are signed.`, { bytes: bytes.length, limit: MAX_MESSAGE_BYTES }, 'Sign the SHA-256 of a longer text and hand over the text beside it.');
  }
  return taggedHash('BIP0322-signed-message', bytes);
}

/**
 * The virtual transaction that pays the address and commits to the message. It spends an output that cannot be, so neither it
 * nor what spends it can move money.
 * @see BIP322, "Full": to_spend
 */
export function messageToSpend(scriptPubKey: Uint8Array, message: string): Transaction {
  const transaction = new Transaction();
  transaction.version = 0;
  transaction.ins.push({ ...NO_OUTPOINT, script: concat(Uint8Array.of(0x00, 0x20), messageHash(message)), sequence: 0, witness: [] });
  transaction.outs.push({ script: scriptPubKey, value: 0n });
  return transaction;
}

/** The virtual transaction that the address's keys sign. @see BIP322, "Full": to_sign */
export function messageToSign(toSpend: Transaction): Transaction {
  const transaction = new Transaction();
  transaction.version = 0;
  transaction.ins.push({ hash: transactionHash(toSpend), index: 0, script: new Uint8Array(0), sequence: 0, witness: [] });
  transaction.outs.push({ script: NOTHING, value: 0n });
  return transaction;
}

/** Whether a transaction has the one output of BIP322, and spends the message first. */
export function isMessageToSign(transaction: Transaction, toSpend: Transaction): boolean {
  const [first] = transaction.ins;
  const [output, ...others] = transaction.outs;
  const spent = transactionHash(toSpend);
  return first !== undefined && first.index === 0 && first.hash.every((byte, at) => byte === spent[at])
    && output !== undefined && others.length === 0 && output.value === 0n && output.script.length === 1 && output.script[0] === NOTHING[0];
}
