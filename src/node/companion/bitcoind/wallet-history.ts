import { formatOutpoint } from '../../../domain/outpoint.ts';
import type { WalletTransaction, WalletUtxo } from '../../../companion/chain-source.ts';
import { requireTransaction } from '../../../companion/plan/previous-transaction.ts';
import { txidOfHash } from '../../../psbt/transaction.ts';
import { addressOfScript, createAddressDeriver, type DerivedAddress } from '../../../wallet/address.ts';
import type { Wallet } from '../../../wallet/wallet.ts';
import { AddressInfo, SinceBlock, Unspent, WalletTransactionAnswer } from './answers.ts';
import { deriveOwnOutput } from './own-outputs.ts';
import { malformedAnswer, NOT_FOUND, readResult, rpcError, type RpcClient } from './rpc-client.ts';

/** Categories under which the node lists an output that is the wallet's own. */
const ownCategories = new Set(['receive', 'generate', 'immature', 'orphan']);

/** The wallet's unspent outputs by the node, each at the place where the wallet derives it. */
export async function watchedUtxos(rpc: RpcClient, name: string, wallet: Wallet): Promise<readonly WalletUtxo[]> {
  const deriver = createAddressDeriver(wallet);
  // Named: positions after the addresses differ between versions of the node.
  const unspent = await rpc.call(Unspent, 'listunspent', { minconf: 0, include_unsafe: true }, { wallet: name });
  return unspent.map(({ txid, vout, amount, scriptPubKey, confirmations, desc }) => {
    const { address, branch, index } = deriveOwnOutput(deriver, scriptPubKey, desc);
    return { txid, vout, amountSats: amount, scriptPubKey, address, branch, index, confirmations };
  });
}

/**
 * Every transaction that touches the wallet, oldest first. The node says which these are and which outputs are the wallet's;
 * amounts and spends are read from the transactions' own bytes, and each own output must be one that the wallet derives.
 */
export async function watchedTransactions(rpc: RpcClient, name: string, wallet: Wallet): Promise<readonly WalletTransaction[]> {
  const listed = await rpc.call(SinceBlock, 'listsinceblock', { include_removed: false, include_change: true }, { wallet: name });
  const txids = [...new Set(listed.transactions.map((item) => item.txid))];
  const outcomes = await rpc.batch(txids.map((txid) => ({ method: 'gettransaction', params: [txid] })), { wallet: name });
  const transactions = outcomes.map((outcome, position) => {
    const txid = txids[position] as string;
    const answer = readResult(WalletTransactionAnswer, 'gettransaction', outcome);
    return { ...answer, txid, transaction: requireTransaction(answer.hex, txid) };
  });
  const dropped = await droppedFromMempool(rpc, transactions.filter((item) => item.confirmations === 0).map((item) => item.txid));
  const byId = new Map(transactions.map((item) => [item.txid, item]));

  const addresses = [...new Set(listed.transactions.flatMap((item) => (ownCategories.has(item.category) && item.address !== undefined ? [item.address] : [])))];
  const infos = await rpc.batch(addresses.map((address) => ({ method: 'getaddressinfo', params: [address] })), { wallet: name });
  const descriptorOf = new Map(infos.map((outcome, position) => [addresses[position], readResult(AddressInfo, 'getaddressinfo', outcome).desc]));
  const deriver = createAddressDeriver(wallet);
  const own = new Map<string, { readonly derived: DerivedAddress; readonly amountSats: bigint }>();
  for (const { txid, vout, category } of listed.transactions) {
    if (!ownCategories.has(category)) continue;
    const output = vout === undefined ? undefined : byId.get(txid)?.transaction.outs[vout];
    if (output === undefined || vout === undefined) throw malformedAnswer('listsinceblock');
    const address = addressOfScript(output.script, wallet.network);
    const derived = deriveOwnOutput(deriver, output.script, address === null ? undefined : descriptorOf.get(address));
    own.set(formatOutpoint({ txid, vout }), { derived, amountSats: output.value });
  }

  const ordered = [...transactions].sort((a, b) => orderOf(a) - orderOf(b) || (a.blockindex ?? 0) - (b.blockindex ?? 0) || (a.time ?? 0) - (b.time ?? 0) || (a.txid < b.txid ? -1 : 1));
  return ordered.map(({ txid, confirmations, blockheight, transaction }): WalletTransaction => {
    const spent = transaction.ins.flatMap((input) => {
      const outpoint = { txid: txidOfHash(input.hash), vout: input.index };
      const held = own.get(formatOutpoint(outpoint));
      return held === undefined ? [] : [{ ...outpoint, amountSats: held.amountSats }];
    });
    const received = transaction.outs.flatMap((output, vout) => {
      const held = own.get(formatOutpoint({ txid, vout }));
      return held === undefined ? [] : [{ vout, amountSats: output.value, branch: held.derived.branch, index: held.derived.index }];
    });
    const isAllOurs = spent.length > 0 && spent.length === transaction.ins.length;
    const feeSats = isAllOurs ? spent.reduce((sum, input) => sum + input.amountSats, 0n) - transaction.outs.reduce((sum, output) => sum + output.value, 0n) : null;
    return {
      txid,
      height: confirmations > 0 ? (blockheight ?? null) : null,
      // The node counts conflicting blocks downwards from -1; how many does not matter here.
      confirmations: dropped.has(txid) ? -1 : Math.max(-1, confirmations),
      received,
      spent,
      feeSats,
    };
  });
}

/**
 * Unconfirmed transactions that are not in the mempool: replaced by a higher fee, or dropped. The node's wallet goes on
 * counting them as unconfirmed, until the chain settles it.
 */
async function droppedFromMempool(rpc: RpcClient, txids: readonly string[]): Promise<ReadonlySet<string>> {
  const entries = await rpc.batch(txids.map((txid) => ({ method: 'getmempoolentry', params: [txid] })));
  entries.forEach((entry) => {
    if (!entry.ok && entry.errorCode !== NOT_FOUND) throw rpcError('getmempoolentry', entry.errorCode);
  });
  return new Set(txids.filter((_, position) => entries[position]?.ok === false));
}

const orderOf = (item: { readonly confirmations: number; readonly blockheight?: number | undefined }): number =>
  item.confirmations > 0 && item.blockheight !== undefined ? item.blockheight : Number.MAX_SAFE_INTEGER;
