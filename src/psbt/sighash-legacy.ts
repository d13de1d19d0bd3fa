import { sha256 } from '@noble/hashes/sha2.js';
import type { Transaction } from 'bitcoinjs-lib/src/transaction';
import { equalBytes } from '../domain/bytes.ts';
import { ByteReader } from './codec/byte-reader.ts';
import { ByteWriter } from '../domain/byte-writer.ts';
import { startSha256, type RunningSha256 } from './sha256-choice.ts';
import { ANYONE_CAN_PAY, SIGHASH_ALL, SIGHASH_NONE, SIGHASH_SINGLE } from './sighash-types.ts';

const OP_PUSHDATA1 = 0x4c;
const OP_PUSHDATA2 = 0x4d;
const OP_PUSHDATA4 = 0x4e;
const OP_CODESEPARATOR = 0xab;
const EMPTY = new Uint8Array(0);
/** Outpoint, an empty script's length, sequence. */
const EMPTY_INPUT_BYTES = 32 + 4 + 1 + 4;

/** Hashes that signatures of legacy inputs of one transaction sign. */
export interface SighasherLegacy {
  /**
   * @param scriptCode the script that is spent: of P2PKH the scriptPubKey, of P2SH the redeem script
   * @param sighashType all 32 bits are signed, the last byte decides
   */
  hash(inputIndex: number, scriptCode: Uint8Array, sighashType: number): Uint8Array;
}

/** What SIGHASH_ALL of one transaction shares between its inputs, and what it came to. */
interface Shared {
  /** The signed form with every script left out, the type included. */
  readonly bytes: Uint8Array;
  readonly firstInput: number;
  /** States of the hash before input 0, 1, ... */
  readonly before: RunningSha256[];
  /** By input: the script and the hash that was computed with it. */
  readonly known: Map<number, { readonly script: Uint8Array; readonly hash: Uint8Array }>;
}

/**
 * Of the transaction that was asked about last. Review, signing, combining and extraction ask for the same hashes one after the
 * other, each of a transaction of its own and some with scripts in it already; what is signed is these bytes and the script, so that
 * equal bytes have equal hashes, whatever objects they come from.
 */
let last: Shared | null = null;

function sharedOf(transaction: Transaction): Shared {
  const plain = serializeWithoutScripts(transaction);
  if (last === null || !equalBytes(last.bytes, plain.bytes)) last = { ...plain, before: [], known: new Map() };
  return last;
}

/**
 * A legacy sighasher. What an input signs is the whole transaction with every other script left out, so that a large batch
 * costs quadratic time by the protocol itself; for SIGHASH_ALL the state of the hash before each input is kept, which leaves
 * each input only what follows it, and serialises the transaction once.
 * @see Bitcoin Core, `SignatureHash` with `SigVersion::BASE`
 */
export function createSighasherLegacy(transaction: Transaction): SighasherLegacy {
  const shared = lazily(() => sharedOf(transaction));
  return {
    hash(inputIndex, scriptCode, sighashType) {
      const base = sighashType & 0x1f;
      // A quirk that is consensus: SINGLE without an output beside it signs the number one.
      if (base === SIGHASH_SINGLE && inputIndex >= transaction.outs.length) return Uint8Array.of(1, ...new Uint8Array(31));
      const script = withoutCodeSeparators(scriptCode);
      if (sighashType !== SIGHASH_ALL) return sha256(sha256(preimage(transaction, inputIndex, script, sighashType)));
      const { known } = shared();
      const found = known.get(inputIndex);
      if (found !== undefined && equalBytes(found.script, script)) return found.hash.slice();
      const hash = hashOfAll(shared(), transaction, inputIndex, script);
      known.set(inputIndex, { script: script.slice(), hash: hash.slice() });
      return hash;
    },
  };
}

function hashOfAll({ bytes, firstInput, before }: Shared, transaction: Transaction, inputIndex: number, script: Uint8Array): Uint8Array {
  if (before.length === 0) before.push(startSha256().update(bytes.subarray(0, firstInput)));
  while (before.length <= inputIndex) {
    const start = firstInput + EMPTY_INPUT_BYTES * (before.length - 1);
    before.push((before.at(-1) as RunningSha256).copy().update(bytes.subarray(start, start + EMPTY_INPUT_BYTES)));
  }
  const own = new ByteWriter();
  writeInput(own, transaction, inputIndex, script);
  const after = bytes.subarray(firstInput + EMPTY_INPUT_BYTES * (inputIndex + 1));
  return sha256((before[inputIndex] as RunningSha256).copy().update(own.bytes()).update(after).digest());
}

/** The signed form of SIGHASH_ALL with every script left out, the type included, and where its first input stands. */
function serializeWithoutScripts(transaction: Transaction): { readonly bytes: Uint8Array; readonly firstInput: number } {
  const head = new ByteWriter().uint32(transaction.version).compactSize(transaction.ins.length).bytes();
  const writer = new ByteWriter().raw(head);
  transaction.ins.forEach((_, index) => writeInput(writer, transaction, index, EMPTY));
  writeOutputs(writer, transaction.outs);
  return { bytes: writer.uint32(transaction.locktime).uint32(SIGHASH_ALL).bytes(), firstInput: head.length };
}

function preimage(transaction: Transaction, own: number, script: Uint8Array, sighashType: number): Uint8Array {
  const base = sighashType & 0x1f;
  const isPartial = base === SIGHASH_NONE || base === SIGHASH_SINGLE;
  const writer = new ByteWriter().uint32(transaction.version);
  if ((sighashType & ANYONE_CAN_PAY) !== 0) {
    writer.compactSize(1);
    writeInput(writer, transaction, own, script);
  } else {
    writer.compactSize(transaction.ins.length);
    transaction.ins.forEach((_, index) => (index === own ? writeInput(writer, transaction, index, script) : writeInput(writer, transaction, index, EMPTY, isPartial ? 0 : undefined)));
  }
  if (base === SIGHASH_NONE) writer.compactSize(0);
  else if (base === SIGHASH_SINGLE) writeSingleOutput(writer, transaction, own);
  else writeOutputs(writer, transaction.outs);
  return writer.uint32(transaction.locktime).uint32(sighashType).bytes();
}

function writeInput(writer: ByteWriter, transaction: Transaction, index: number, script: Uint8Array, sequence?: number): void {
  const input = transaction.ins[index] as Transaction['ins'][number];
  writer.raw(input.hash).uint32(input.index).sized(script).uint32(sequence ?? input.sequence);
}

function writeOutputs(writer: ByteWriter, outs: Transaction['outs']): void {
  writer.compactSize(outs.length);
  for (const output of outs) writer.int64(output.value).sized(output.script);
}

/** The output beside the input; those before it stand as empty ones of -1 satoshi. */
function writeSingleOutput(writer: ByteWriter, transaction: Transaction, own: number): void {
  writer.compactSize(own + 1);
  for (let index = 0; index < own; index += 1) writer.int64(-1n).sized(EMPTY);
  const output = transaction.outs[own] as Transaction['outs'][number];
  writer.int64(output.value).sized(output.script);
}

/** The script without its OP_CODESEPARATORs; from a push that is cut off on, it stays as it is. */
function withoutCodeSeparators(script: Uint8Array): Uint8Array {
  if (!script.includes(OP_CODESEPARATOR)) return script;
  const kept = new ByteWriter();
  let offset = 0;
  while (offset < script.length) {
    const end = endOfOperation(script, offset);
    if (end === null) return kept.raw(script.subarray(offset)).bytes();
    if (script[offset] !== OP_CODESEPARATOR) kept.raw(script.subarray(offset, end));
    offset = end;
  }
  return kept.bytes();
}

function endOfOperation(script: Uint8Array, offset: number): number | null {
  const reader = new ByteReader(script.subarray(offset));
  try {
    const opcode = reader.uint8();
    if (opcode < OP_PUSHDATA1) reader.skip(opcode);
    else if (opcode === OP_PUSHDATA1) reader.skip(reader.uint8());
    else if (opcode === OP_PUSHDATA2) reader.skip(reader.uint8() + 256 * reader.uint8());
    else if (opcode === OP_PUSHDATA4) reader.skip(reader.uint32());
    return offset + reader.offset;
  } catch {
    return null;
  }
}

function lazily<T extends object>(compute: () => T): () => T {
  let value: T | undefined;
  return () => (value ??= compute());
}
