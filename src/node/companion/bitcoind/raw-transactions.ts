import { requireTransaction } from '../../../companion/plan/previous-transaction.ts';
import { HexBytes, WalletNames, WalletTransactionAnswer } from './answers.ts';
import { NOT_FOUND, readResult, rpcError, type RpcClient } from './rpc-client.ts';

/**
 * Full bytes of many transactions: from the node's index and mempool in one batch, and what is missing there from the wallets that
 * were used, a batch each. What no wallet holds is left out.
 * @throws StrongroomError `node.*`; `node.malformed` for bytes that are another transaction
 */
export async function rawTransactions(rpc: RpcClient, txids: readonly string[], usedWallets: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  const keep = (txid: string, bytes: Uint8Array): void => {
    requireTransaction(bytes, txid);
    found.set(txid, bytes);
  };
  const direct = await rpc.batch(txids.map((txid) => ({ method: 'getrawtransaction', params: [txid, false] })));
  direct.forEach((outcome, position) => {
    if (!outcome.ok && outcome.errorCode !== NOT_FOUND) throw rpcError('getrawtransaction', outcome.errorCode);
    if (outcome.ok) keep(txids[position] as string, readResult(HexBytes, 'getrawtransaction', outcome));
  });
  const loaded = found.size === txids.length ? [] : await rpc.call(WalletNames, 'listwallets');
  for (const wallet of usedWallets.filter((name) => loaded.includes(name))) {
    const missing = txids.filter((txid) => !found.has(txid));
    const outcomes = await rpc.batch(missing.map((txid) => ({ method: 'gettransaction', params: [txid] })), { wallet });
    outcomes.forEach((outcome, position) => {
      if (outcome.ok) keep(missing[position] as string, readResult(WalletTransactionAnswer, 'gettransaction', outcome).hex);
    });
  }
  return found;
}
