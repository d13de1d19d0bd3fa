import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { sha256 } from '@noble/hashes/sha2.js';
import { reversed, toHex } from '../domain/bytes.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { ByteReader, malformedPsbt, tooLargePsbt } from './codec/byte-reader.ts';
import { ByteWriter } from '../domain/byte-writer.ts';
import type { TxOutput } from './psbt.ts';

// Transactions are held as the library's class, so that its sighashes and sizes can be used, but read and written here:
// the library's reader copies the whole buffer for every integer (quadratic on hostile input), takes sizes that are not in
// their shortest form, and reads an unsigned transaction without inputs as one with witnesses.

/** Serialised size of the smallest input and output: what a stated count must fit into before anything is allocated. */
const MIN_INPUT_BYTES = 41;
const MIN_OUTPUT_BYTES = 9;

export interface ParsedTransaction {
  readonly transaction: Transaction;
  /** Hex in display order. */
  readonly txid: string;
}

export const doubleSha256 = (bytes: Uint8Array): Uint8Array => sha256(sha256(bytes));

/** The transaction id that an input's hash stands for, hex in display order. */
export const txidOfHash = (hash: Uint8Array): string => toHex(reversed(hash));

/** What a previous transaction proves. */
export interface PreviousTransaction {
  /** Hex in display order. */
  readonly txid: string;
  /** `undefined` where it has no such output. */
  outputAt(vout: number): TxOutput | undefined;
}

/**
 * A transaction in network serialisation, with or without witnesses; nothing may follow it.
 * @throws StrongroomError `psbt.malformed`; `psbt.unsupported` for one of Litecoin's extension blocks
 * @see BIP144
 */
export function parseTransaction(bytes: Uint8Array): ParsedTransaction {
  const transaction = new Transaction();
  const readBodyOf = (reader: ByteReader): number => {
    readBody(reader, transaction, Number.POSITIVE_INFINITY);
    return transaction.ins.length;
  };
  let input = 0;
  const readWitness = (reader: ByteReader): boolean => {
    const witness = readStack(reader);
    (transaction.ins[input++] as Transaction['ins'][number]).witness = witness;
    return witness.length > 0;
  };
  const { version, locktime, txid } = readWith(bytes, readBodyOf, readWitness);
  transaction.version = version;
  transaction.locktime = locktime;
  return { transaction, txid };
}

/**
 * The same of a previous transaction, of which nothing is made but the outputs that are asked for: witnesses prove nothing about
 * outputs and a hostile one has millions of items, and a file may hold half a million outputs that nobody spends.
 * @throws StrongroomError `psbt.malformed`
 */
export function parsePreviousTransaction(bytes: Uint8Array): PreviousTransaction {
  let outputStarts = new Uint32Array(0);
  const skipBody = (reader: ByteReader): number => {
    const inputs = readCount(reader, MIN_INPUT_BYTES, Number.POSITIVE_INFINITY, 'inputs');
    for (let index = 0; index < inputs; index += 1) {
      reader.skip(32 + 4);
      reader.skip(reader.compactSize());
      reader.skip(4);
    }
    outputStarts = new Uint32Array(readCount(reader, MIN_OUTPUT_BYTES, Number.POSITIVE_INFINITY, 'outputs'));
    for (let index = 0; index < outputStarts.length; index += 1) {
      outputStarts[index] = reader.skip(8);
      reader.skip(reader.compactSize());
    }
    return inputs;
  };
  const { txid } = readWith(bytes, skipBody, skipStack);
  return {
    txid,
    outputAt(vout) {
      const start = outputStarts[vout];
      if (start === undefined) return undefined;
      const reader = new ByteReader(bytes.subarray(start));
      return { amountSats: reader.int64(), scriptPubKey: reader.sized() };
    },
  };
}

/**
 * Whether a transaction is one of Litecoin's extension blocks, or the one of each block that goes with them: marked like one with
 * witnesses, by a bit of its own. Read as any other, it would be one without inputs.
 * @see LIP-0002; Litecoin Core, `UnserializeTransaction`
 */
export const isOfExtensionBlock = (bytes: Uint8Array): boolean => bytes.length > 6 && bytes[4] === 0x00 && ((bytes[5] as number) & ~0x01) === 0x08;

/** @internal Shared with the codec, which refuses the same transactions. */
export const extensionBlock = (): StrongroomError =>
  new StrongroomError('psbt.unsupported', 'A transaction is one of Litecoin\'s extension blocks (MWEB), which are not served.', { reason: 'extension-block' }, 'Use an output that was paid by an ordinary transaction.');

/**
 * @param readBodyOf reads inputs and outputs, and says how many inputs there are
 * @param readWitness reads one input's witness stack, and says whether it holds anything
 */
function readWith(bytes: Uint8Array, readBodyOf: (reader: ByteReader) => number, readWitness: (reader: ByteReader) => boolean): { readonly version: number; readonly locktime: number; readonly txid: string } {
  const withWitness = bytes.length > 6 && bytes[4] === 0x00 && bytes[5] === 0x01;
  if (isOfExtensionBlock(bytes)) throw extensionBlock();
  const reader = new ByteReader(bytes);
  const version = reader.uint32();
  if (withWitness) reader.skip(2);
  const bodyStart = reader.offset;
  const inputs = readBodyOf(reader);
  const bodyEnd = reader.offset;
  let hasWitness = false;
  for (let input = 0; withWitness && input < inputs; input += 1) hasWitness = readWitness(reader) || hasWitness;
  if (withWitness && !hasWitness) throw malformedPsbt('a transaction is marked as having witnesses and has none');
  const locktimeStart = reader.offset;
  const locktime = reader.uint32();
  if (reader.remaining > 0) throw malformedPsbt('bytes follow a transaction');
  const hash = sha256.create().update(bytes.subarray(0, 4)).update(bytes.subarray(bodyStart, bodyEnd)).update(bytes.subarray(locktimeStart)).digest();
  return { version, locktime, txid: txidOfHash(sha256(hash)) };
}

/**
 * The unsigned transaction of a PSBT: no witnesses, no scriptSigs, counts within the cap.
 * @throws StrongroomError `psbt.malformed`, `psbt.too-large`
 * @see BIP174, PSBT_GLOBAL_UNSIGNED_TX
 */
export function parseUnsignedTransaction(bytes: Uint8Array, maxCount: number): Transaction {
  const reader = new ByteReader(bytes);
  const transaction = new Transaction();
  transaction.version = reader.uint32();
  readBody(reader, transaction, maxCount);
  transaction.locktime = reader.uint32();
  if (reader.remaining > 0) throw malformedPsbt('bytes follow the unsigned transaction');
  if (transaction.ins.some((input) => input.script.length > 0)) throw malformedPsbt('the unsigned transaction holds a scriptSig');
  return transaction;
}

function readBody(reader: ByteReader, transaction: Transaction, maxCount: number): void {
  const inputs = readCount(reader, MIN_INPUT_BYTES, maxCount, 'inputs');
  for (let index = 0; index < inputs; index += 1) {
    transaction.ins.push({ hash: reader.slice(32), index: reader.uint32(), script: reader.sized(), sequence: reader.uint32(), witness: [] });
  }
  const outputs = readCount(reader, MIN_OUTPUT_BYTES, maxCount, 'outputs');
  for (let index = 0; index < outputs; index += 1) {
    transaction.outs.push({ value: reader.int64(), script: reader.sized() });
  }
}

function readCount(reader: ByteReader, minBytes: number, maxCount: number, what: string): number {
  const count = reader.compactSize();
  if (count * minBytes > reader.remaining) throw malformedPsbt(`it states more ${what} than it can hold`, { count });
  if (count > maxCount) throw tooLargePsbt(what, maxCount);
  return count;
}

/**
 * A witness stack: a count and that many sized items.
 * @param allow told of the count before anything is made of it
 * @throws StrongroomError `psbt.malformed`
 */
export function readStack(reader: ByteReader, allow: (count: number) => void = () => undefined): Uint8Array[] {
  const count = readStackCount(reader);
  allow(count);
  return Array.from({ length: count }, () => reader.sized());
}

/** Reads over a witness stack. @returns whether it holds anything */
function skipStack(reader: ByteReader): boolean {
  const count = readStackCount(reader);
  for (let item = 0; item < count; item += 1) reader.skip(reader.compactSize());
  return count > 0;
}

function readStackCount(reader: ByteReader): number {
  const count = reader.compactSize();
  if (count > reader.remaining) throw malformedPsbt('a witness states more items than it can hold', { count });
  return count;
}

/** Network serialisation; witnesses only where `withWitness` and there is one. */
export function serializeTransaction(transaction: Transaction, withWitness: boolean): Uint8Array {
  const witnesses = withWitness && transaction.hasWitnesses();
  const writer = new ByteWriter().uint32(transaction.version);
  if (witnesses) writer.raw(Uint8Array.of(0x00, 0x01));
  writer.compactSize(transaction.ins.length);
  for (const input of transaction.ins) writer.raw(input.hash).uint32(input.index).sized(input.script).uint32(input.sequence);
  writer.compactSize(transaction.outs.length);
  for (const output of transaction.outs) writer.int64(output.value).sized(output.script);
  if (witnesses) for (const input of transaction.ins) writeStack(writer, input.witness);
  return writer.uint32(transaction.locktime).bytes();
}

export function writeStack(writer: ByteWriter, items: readonly Uint8Array[]): void {
  writer.compactSize(items.length);
  for (const item of items) writer.sized(item);
}

/** The transaction's hash, in the order of an input that spends it. */
export const transactionHash = (transaction: Transaction): Uint8Array => doubleSha256(serializeTransaction(transaction, false));
/** The transaction's id, hex in display order. */
export const transactionId = (transaction: Transaction): string => txidOfHash(transactionHash(transaction));
