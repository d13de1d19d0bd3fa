import { equalBytes } from '../domain/bytes.ts';
import { scriptTypeOf } from '../wallet/script-type.ts';
import type { Psbt, TxOutput } from './psbt.ts';
import { parsePreviousTransaction, txidOfHash, type PreviousTransaction } from './transaction.ts';

/** What an input spends, and what proves it: the enclosed previous transaction, or taproot's own signatures. */
export type PreviousOutput =
  | { readonly proof: 'previous-transaction' | 'taproot'; readonly output: TxOutput }
  | { readonly proof: null; readonly problem: 'missing' | 'hash' | 'vout' };

/**
 * The previous output of each input, as its full previous transaction shows it; or, where every input is taproot, as its witness
 * UTXO states it.
 *
 * SECURITY: a witness UTXO alone proves nothing for other inputs. Segwit v0 signatures commit only to the amount of their own input, so a
 * liar who has one transaction signed twice with different claims learns a pair of signatures that together burn the
 * difference as fee. The previous transaction's hash is part of what is signed, so its amounts cannot be lied about (BIP174,
 * PSBT_IN_NON_WITNESS_UTXO). Taproot signatures commit to the amounts and scripts of all inputs (BIP341), so that a lie about any
 * of them makes every signature worthless; that holds only where all signatures are such: beside one other input, a pair of
 * rounds with different lies would work again.
 */
export function previousOutputs(psbt: Psbt): readonly PreviousOutput[] {
  // Batches spend many outputs of one transaction; each is parsed and hashed once.
  const parsedByTxid = new Map<string, { readonly bytes: Uint8Array; readonly parsed: PreviousTransaction }>();
  const previous = psbt.inputs.map((input, index): PreviousOutput => {
    const spent = psbt.transaction.ins[index] as Psbt['transaction']['ins'][number];
    const bytes = input.nonWitnessUtxo;
    if (bytes === undefined) return { proof: null, problem: 'missing' };
    const txid = txidOfHash(spent.hash);
    const known = parsedByTxid.get(txid);
    const parsed = known !== undefined && equalBytes(known.bytes, bytes) ? known.parsed : parsePreviousTransaction(bytes);
    if (parsed.txid !== txid) return { proof: null, problem: 'hash' };
    parsedByTxid.set(txid, { bytes, parsed });
    const output = parsed.outputAt(spent.index);
    if (output === undefined) return { proof: null, problem: 'vout' };
    return { proof: 'previous-transaction', output };
  });
  const isTaprootOnly = previous.every((each, index) => isTaproot(each.proof === null ? claimOf(psbt, index, each) : each.output));
  return isTaprootOnly ? previous.map((each, index) => (each.proof === null ? { proof: 'taproot', output: claimOf(psbt, index, each) as TxOutput } : each)) : previous;
}

/** What an input without any previous transaction says that it spends. One with a wrong transaction is believed nothing. */
const claimOf = (psbt: Psbt, index: number, { problem }: Extract<PreviousOutput, { proof: null }>): TxOutput | undefined => (problem === 'missing' ? psbt.inputs[index]?.witnessUtxo : undefined);

const isTaproot = (output: TxOutput | undefined): boolean => output !== undefined && scriptTypeOf(output.scriptPubKey) === 'p2tr';
