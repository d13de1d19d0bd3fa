import { sha256 } from '@noble/hashes/sha2.js';
import type { Transaction } from 'bitcoinjs-lib/src/transaction';
import { ByteWriter } from '../domain/byte-writer.ts';
import type { TxOutput } from './psbt.ts';
import { ANYONE_CAN_PAY, SIGHASH_NONE, SIGHASH_SINGLE } from './sighash-types.ts';
import { taggedHash } from '../wallet/taproot.ts';

/** Version of the signature message; a spend by key, and one by a tapscript leaf, without an annex. */
const EPOCH = 0x00;
const KEY_PATH_WITHOUT_ANNEX = 0x00;
const LEAF_WITHOUT_ANNEX = 0x02;
/** Of the keys that tapscript knows, and where no OP_CODESEPARATOR was run. @see BIP342, "Common Signature Message Extension" */
const KEY_VERSION = 0x00;
const NO_CODE_SEPARATOR = 0xffff_ffff;
const definedTypes: readonly number[] = [0x00, 0x01, 0x02, 0x03, 0x81, 0x82, 0x83];

/** Hashes that taproot signatures of one transaction sign. */
export interface SighasherTaproot {
  /**
   * @param leafHash of the leaf that is spent, 32 bytes; `null` for a spend by key
   * @returns `null` for a sighash type that has no meaning, or SINGLE without an output beside the input
   */
  hash(inputIndex: number, sighashType: number, leafHash: Uint8Array | null): Uint8Array | null;
}

/**
 * A taproot sighasher. The hashes over all inputs and outputs are computed once: the library's method computes them
 * anew for each input.
 * @param spent what every input spends: taproot signatures commit to all of it
 * @see BIP341, "Common signature message"; BIP342
 */
export function createSighasherTaproot(transaction: Transaction, spent: readonly TxOutput[]): SighasherTaproot {
  const { ins, outs, version, locktime } = transaction;
  const all = lazily(() => ({
    prevouts: hashOf((writer) => ins.forEach((input) => writer.raw(input.hash).uint32(input.index))),
    amounts: hashOf((writer) => spent.forEach((output) => writer.int64(output.amountSats))),
    scripts: hashOf((writer) => spent.forEach((output) => writer.sized(output.scriptPubKey))),
    sequences: hashOf((writer) => ins.forEach((input) => writer.uint32(input.sequence))),
  }));
  const outputs = lazily(() => hashOf((writer) => outs.forEach((output) => writer.int64(output.value).sized(output.script))));
  return {
    hash(inputIndex, sighashType, leafHash) {
      const base = sighashType & 0x03;
      const anyone = (sighashType & ANYONE_CAN_PAY) !== 0;
      const single = outs[inputIndex];
      if (!definedTypes.includes(sighashType) || (base === SIGHASH_SINGLE && single === undefined)) return null;
      const writer = new ByteWriter().uint8(EPOCH).uint8(sighashType).uint32(version).uint32(locktime);
      if (!anyone) {
        const { prevouts, amounts, scripts, sequences } = all();
        writer.raw(prevouts).raw(amounts).raw(scripts).raw(sequences);
      }
      if (base !== SIGHASH_NONE && base !== SIGHASH_SINGLE) writer.raw(outputs());
      writer.uint8(leafHash === null ? KEY_PATH_WITHOUT_ANNEX : LEAF_WITHOUT_ANNEX);
      if (anyone) {
        const input = ins[inputIndex] as Transaction['ins'][number];
        const { amountSats, scriptPubKey } = spent[inputIndex] as TxOutput;
        writer.raw(input.hash).uint32(input.index).int64(amountSats).sized(scriptPubKey).uint32(input.sequence);
      } else writer.uint32(inputIndex);
      if (base === SIGHASH_SINGLE && single !== undefined) writer.raw(hashOf((part) => part.int64(single.value).sized(single.script)));
      if (leafHash !== null) writer.raw(leafHash).uint8(KEY_VERSION).uint32(NO_CODE_SEPARATOR);
      return taggedHash('TapSighash', writer.bytes());
    },
  };
}

function hashOf(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter();
  write(writer);
  return sha256(writer.bytes());
}

function lazily<T extends object>(compute: () => T): () => T {
  let value: T | undefined;
  return () => (value ??= compute());
}
