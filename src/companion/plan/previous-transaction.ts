import { equalBytes } from '../../domain/bytes.ts';
import { formatOutpoint, type Outpoint } from '../../domain/outpoint.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { TxOutput } from '../../psbt/psbt.ts';
import { parseTransaction, type ParsedTransaction } from '../../psbt/transaction.ts';

/**
 * The transaction of bytes that a node gave, which must hash to the id asked for.
 * @throws StrongroomError `node.malformed`
 */
export function requireTransaction(bytes: Uint8Array, txid: string): ParsedTransaction['transaction'] {
  const parsed = tryParseTransaction(bytes);
  if (parsed?.txid !== txid) {
    throw new StrongroomError('node.malformed', 'The node gave another transaction than the one asked for.', { txid }, 'Check which node this is; it may be damaged.');
  }
  return parsed.transaction;
}

/** The transaction, or `null` where the bytes are none. */
function tryParseTransaction(bytes: Uint8Array): ParsedTransaction | null {
  try {
    return parseTransaction(bytes);
  } catch (error) {
    if (error instanceof StrongroomError) return null;
    throw error;
  }
}

/**
 * Proves that a previous transaction holds the output that a plan spends, with this amount and script.
 * @throws StrongroomError `node.malformed`
 */
export function requirePreviousOutput(bytes: Uint8Array, output: Outpoint & TxOutput): void {
  const held = requireTransaction(bytes, output.txid).outs[output.vout];
  if (held === undefined || held.value !== output.amountSats || !equalBytes(held.script, output.scriptPubKey)) {
    throw new StrongroomError('node.malformed', 'The node contradicts itself about an unspent output.', { outpoint: formatOutpoint(output) }, 'Check which node this is; it may be damaged.');
  }
}
