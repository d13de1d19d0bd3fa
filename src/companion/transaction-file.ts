import { readPsbtFile } from '../airgap/psbt-file.ts';
import { parseHex } from '../domain/bytes.ts';
import type { NetworkName } from '../domain/network.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { decodePsbt } from '../psbt/codec/decode.ts';
import { extractTransaction, requireFinalized } from '../psbt/extractor.ts';
import { parseTransaction, transactionId } from '../psbt/transaction.ts';

/** A transaction that can be sent. */
export interface SendableTransaction {
  readonly txid: string;
  /** Id of the same transaction without signatures: what its plan was booked under. */
  readonly planId: string;
  readonly bytes: Uint8Array;
}

/**
 * The final transaction of a file: binary, hexadecimal, or a PSBT in any of its forms that is final.
 * @param network whose limits count for a PSBT; Bitcoin's, the narrowest, where it is not known
 * @throws StrongroomError `broadcast.malformed`; for a PSBT what `requireFinalized` and `extractTransaction` throw
 */
export function readTransactionFile(content: Uint8Array, network?: NetworkName): SendableTransaction {
  const raw = sendable(content) ?? sendable(bytesOfHexText(content));
  if (raw !== null) return raw;
  const psbtBytes = namedOrNull(() => readPsbtFile(content));
  if (psbtBytes === null) throw malformed();
  const { bytes } = extractTransaction(requireFinalized(decodePsbt(psbtBytes)), network);
  return sendable(bytes) as SendableTransaction;
}

/** The id of a transaction as if it had no signatures. Equal to its txid where all its inputs are native segwit. */
export function planIdOf(transactionBytes: Uint8Array): string {
  const { transaction } = parseTransaction(transactionBytes);
  for (const input of transaction.ins) {
    input.script = new Uint8Array(0);
    input.witness = [];
  }
  return transactionId(transaction);
}

function sendable(bytes: Uint8Array | null): SendableTransaction | null {
  const parsed = bytes === null ? null : namedOrNull(() => parseTransaction(bytes));
  if (bytes === null || parsed === null || parsed.transaction.outs.length === 0) return null;
  const isSigned = parsed.transaction.ins.length > 0 && parsed.transaction.ins.every((input) => input.script.length > 0 || input.witness.length > 0);
  // A block's first transaction has no input that anybody could sign; it is never sent on its own.
  if (!isSigned || parsed.transaction.isCoinbase()) return null;
  return { txid: parsed.txid, planId: planIdOf(bytes), bytes: new Uint8Array(bytes) };
}

/** The bytes of hexadecimal text with blanks around or between, or `null`. */
export function bytesOfHexText(content: Uint8Array): Uint8Array | null {
  const isText = content.length > 0 && content.every((byte) => byte === 0x09 || byte === 0x0a || byte === 0x0d || (byte >= 0x20 && byte < 0x67));
  if (!isText) return null;
  const parts: string[] = [];
  for (let start = 0; start < content.length; start += 8192) parts.push(String.fromCharCode(...content.subarray(start, start + 8192)));
  return namedOrNull(() => parseHex(parts.join('').replace(/\s+/g, '')));
}

function namedOrNull<T>(make: () => T): T | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof StrongroomError) return null;
    throw error;
  }
}

const malformed = (): StrongroomError =>
  new StrongroomError('broadcast.malformed', 'The file is not a final transaction.', {}, 'Choose the file that "finalize" wrote, or a final PSBT.');
