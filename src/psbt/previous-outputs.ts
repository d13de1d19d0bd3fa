import { equalBytes } from '../domain/bytes.ts';
import type { Psbt, TxOutput } from './psbt.ts';
import { parsePreviousTransaction, txidOfHash, type ParsedTransaction } from './transaction.ts';

/** What an input spends, and whether the enclosed previous transaction proves it. */
export type PreviousOutput =
  | { readonly proof: 'previous-transaction'; readonly output: TxOutput }
  | { readonly proof: null; readonly problem: 'missing' | 'hash' | 'vout' };

/**
 * The previous output of each input, as its full previous transaction shows it.
 *
 * SECURITY: a witness UTXO alone proves nothing. Segwit v0 signatures commit only to the amount of their own input, so a
 * liar who has one transaction signed twice with different claims learns a pair of signatures that together burn the
 * difference as fee. The previous transaction's hash is part of what is signed, so its amounts cannot be lied about (BIP174,
 * PSBT_IN_NON_WITNESS_UTXO).
 */
export function previousOutputs(psbt: Psbt): readonly PreviousOutput[] {
  // Batches spend many outputs of one transaction; each is parsed and hashed once.
  const parsedByTxid = new Map<string, { readonly bytes: Uint8Array; readonly parsed: ParsedTransaction }>();
  return psbt.inputs.map((input, index): PreviousOutput => {
    const spent = psbt.transaction.ins[index] as Psbt['transaction']['ins'][number];
    const bytes = input.nonWitnessUtxo;
    if (bytes === undefined) return { proof: null, problem: 'missing' };
    const txid = txidOfHash(spent.hash);
    const known = parsedByTxid.get(txid);
    const parsed = known !== undefined && equalBytes(known.bytes, bytes) ? known.parsed : parsePreviousTransaction(bytes);
    if (parsed.txid !== txid) return { proof: null, problem: 'hash' };
    parsedByTxid.set(txid, { bytes, parsed });
    const output = parsed.transaction.outs[spent.index];
    if (output === undefined) return { proof: null, problem: 'vout' };
    return { proof: 'previous-transaction', output: { scriptPubKey: output.script, amountSats: output.value } };
  });
}
