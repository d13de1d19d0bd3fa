import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { equalBytes, reversed, toHex } from '../../domain/bytes.ts';
import { formatOutpoint, type Outpoint } from '../../domain/outpoint.ts';

/** A transaction with what every rule asks of it, computed once. Never written to. */
export interface PracticeTransaction {
  readonly txid: string;
  /** Hash with witness, hex in display order. */
  readonly wtxid: string;
  readonly bytes: Uint8Array;
  readonly transaction: Transaction;
  readonly vsizeVb: number;
  readonly weight: number;
  readonly inputs: readonly (Outpoint & { readonly key: string; readonly sequence: number })[];
}

/** An unspent output as the chain keeps it. */
export interface Coin {
  readonly txid: string;
  readonly vout: number;
  readonly amountSats: bigint;
  readonly scriptPubKey: Uint8Array;
  /** Height of its block, or `null` while in the mempool. */
  readonly height: number | null;
  readonly coinbase: boolean;
}

const fromTransaction = (transaction: Transaction, bytes: Uint8Array): PracticeTransaction => ({
  txid: transaction.getId(),
  wtxid: toHex(reversed(transaction.getHash(true))),
  bytes,
  transaction,
  vsizeVb: transaction.virtualSize(),
  weight: transaction.weight(),
  inputs: transaction.ins.map((input) => {
    const outpoint = { txid: toHex(reversed(input.hash)), vout: input.index };
    return { ...outpoint, key: formatOutpoint(outpoint), sequence: input.sequence };
  }),
});

/**
 * A transaction from its network serialisation, or `null` when the bytes are not exactly one. A second serialisation of
 * the same transaction (longer sizes than needed) is none.
 */
export function readTransaction(bytes: Uint8Array): PracticeTransaction | null {
  try {
    const transaction = Transaction.fromBuffer(bytes);
    return equalBytes(transaction.toBuffer(), bytes) ? fromTransaction(transaction, bytes.slice()) : null;
  } catch {
    return null;
  }
}

/** A transaction that was built here. */
export const sealTransaction = (transaction: Transaction): PracticeTransaction => fromTransaction(transaction, transaction.toBuffer());

/** The outputs as coins. */
export function coinsOf({ txid, transaction }: PracticeTransaction, height: number | null): readonly Coin[] {
  const coinbase = transaction.isCoinbase();
  return transaction.outs.map((output, vout) => ({ txid, vout, amountSats: output.value, scriptPubKey: output.script, height, coinbase }));
}

/** True for an output that no chain keeps as unspent, since nothing can spend it. */
export const isUnspendable = (script: Uint8Array): boolean => script[0] === 0x6a;
