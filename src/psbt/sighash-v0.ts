import type { Transaction } from 'bitcoinjs-lib/src/transaction';
import { ByteWriter } from '../domain/byte-writer.ts';
import { ANYONE_CAN_PAY, SIGHASH_NONE, SIGHASH_SINGLE } from './sighash-types.ts';
import { doubleSha256 } from './transaction.ts';

const ZERO_HASH = new Uint8Array(32);

/** Hashes that segwit-v0 signatures of one transaction sign. */
export interface SighasherV0 {
  /**
   * @param scriptCode the witness script, or for P2WPKH the P2PKH script of the key hash
   * @param amountSats of the output that is spent
   */
  hash(inputIndex: number, scriptCode: Uint8Array, amountSats: bigint, sighashType: number): Uint8Array;
}

/**
 * A segwit-v0 sighasher that computes the hashes shared by all inputs once. The library's method computes them anew for each
 * input, so that a large batch takes quadratic time, which is what BIP143 was made to avoid.
 * @see BIP143, "Specification"
 */
export function createSighasherV0(transaction: Transaction): SighasherV0 {
  const { ins, outs, version, locktime } = transaction;
  const hashPrevouts = once(() => hashOf((writer) => ins.forEach((input) => writer.raw(input.hash).uint32(input.index))));
  const hashSequences = once(() => hashOf((writer) => ins.forEach((input) => writer.uint32(input.sequence))));
  const hashOutputs = once(() => hashOf((writer) => outs.forEach((output) => writer.int64(output.value).sized(output.script))));
  return {
    hash(inputIndex, scriptCode, amountSats, sighashType) {
      const input = ins[inputIndex] as Transaction['ins'][number];
      const base = sighashType & 0x1f;
      const anyone = (sighashType & ANYONE_CAN_PAY) !== 0;
      const allOutputs = base !== SIGHASH_SINGLE && base !== SIGHASH_NONE;
      const single = base === SIGHASH_SINGLE ? outs[inputIndex] : undefined;
      return hashOf((writer) => {
        writer.uint32(version).raw(anyone ? ZERO_HASH : hashPrevouts()).raw(anyone || !allOutputs ? ZERO_HASH : hashSequences());
        writer.raw(input.hash).uint32(input.index).sized(scriptCode).int64(amountSats).uint32(input.sequence);
        if (allOutputs) writer.raw(hashOutputs());
        else writer.raw(single === undefined ? ZERO_HASH : hashOf((part) => part.int64(single.value).sized(single.script)));
        writer.uint32(locktime).uint32(sighashType);
      });
    },
  };
}

function hashOf(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter();
  write(writer);
  return doubleSha256(writer.bytes());
}

function once(compute: () => Uint8Array): () => Uint8Array {
  let value: Uint8Array | undefined;
  return () => (value ??= compute());
}
