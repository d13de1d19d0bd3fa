import { isMoney } from '../../domain/amount.ts';
import { toHex } from '../../domain/bytes.ts';
import type { NetworkName } from '../../domain/network.ts';
import { formatOutpoint } from '../../domain/outpoint.ts';
import { txidOfHash } from '../../psbt/transaction.ts';
import { requireTransaction } from '../plan/previous-transaction.ts';
import { INNER_NODE_BYTES } from './merkle-proof.ts';
import { falseHistory, falseProof } from './refusals.ts';

/** What a transaction says by its own bytes, which hash to its id: no server can lie about these. */
export interface TransactionFacts {
  readonly txid: string;
  readonly isCoinbase: boolean;
  /** Outpoints that it spends, as `txid:vout`; none of a coinbase. */
  readonly spends: readonly string[];
  readonly outputs: readonly { readonly amountSats: bigint; readonly scriptHex: string }[];
  readonly vsizeVb: number;
}

/**
 * @throws StrongroomError `node.malformed` where the bytes are another transaction's, `node.proof`, `node.history`
 */
export function readTransactionFacts(bytes: Uint8Array, txid: string, network: NetworkName): TransactionFacts {
  const transaction = requireTransaction(bytes, txid);
  if (transaction.byteLength(false) === INNER_NODE_BYTES) throw falseProof('inner-node', { txid });
  const isPossible = transaction.outs.every((output) => isMoney(output.value, network)) && isMoney(transaction.outs.reduce((sum, output) => sum + output.value, 0n), network);
  if (!isPossible) throw falseHistory('amount', { txid });
  const isCoinbase = transaction.isCoinbase();
  return {
    txid,
    isCoinbase,
    spends: isCoinbase ? [] : transaction.ins.map((input) => formatOutpoint({ txid: txidOfHash(input.hash), vout: input.index })),
    outputs: transaction.outs.map((output) => ({ amountSats: output.value, scriptHex: toHex(output.script) })),
    vsizeVb: transaction.virtualSize(),
  };
}
