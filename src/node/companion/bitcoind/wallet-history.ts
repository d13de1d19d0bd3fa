import type * as v from 'valibot';
import { formatOutpoint } from '../../../domain/outpoint.ts';
import type { BlockPoint, ChainWork, WalletChanges, WalletTransaction, WalletUtxo } from '../../../companion/chain-source.ts';
import { requireTransaction } from '../../../companion/plan/previous-transaction.ts';
import { StrongroomError } from '../../../errors/strongroom-error.ts';
import { txidOfHash, type ParsedTransaction } from '../../../psbt/transaction.ts';
import { addressOfScript, createAddressDeriver, type AddressDeriver, type DerivedAddress } from '../../../wallet/address.ts';
import type { Wallet } from '../../../wallet/wallet.ts';
import { AddressInfo, BlockHeader, SinceBlock, Unspent, WalletTransactionAnswer } from './answers.ts';
import { attemptWithNewer } from './older-nodes.ts';
import { deriveOwnOutput } from './own-outputs.ts';
import { malformedAnswer, NOT_FOUND, readResult, rpcError, type RpcClient, type RpcOutcome } from './rpc-client.ts';

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
 * What is new for the wallet since a block, oldest first: all of its history where none is named, or where that block is in the
 * chain no longer. The node says which transactions these are and which outputs are the wallet's; amounts and spends are read
 * from the transactions' own bytes, and each own output must be one that the wallet derives.
 */
export async function watchedChanges(rpc: RpcClient, name: string, wallet: Wallet, since: BlockPoint | null, work?: ChainWork): Promise<WalletChanges> {
  const isKnown = since !== null && (await isInChain(rpc, since));
  // Older nodes know no `include_change`; where they watch, the change branch counts as received (`watch-scripts.ts`).
  const listed = readResult(SinceBlock, 'listsinceblock', await attemptWithNewer(rpc, 'listsinceblock', { ...(isKnown ? { blockhash: since.hash } : {}), include_removed: false }, { include_change: true }, { wallet: name }));
  const tip = { height: (await rpc.call(BlockHeader, 'getblockheader', [listed.lastblock])).height, hash: listed.lastblock };
  const txids = [...new Set(listed.transactions.map((item) => item.txid))];
  const transactions = await fetchTransactions(rpc, name, txids, work);
  const dropped = await droppedFromMempool(rpc, [...transactions.values()].filter((item) => item.confirmations === 0).map((item) => item.txid));

  const own = new OwnOutputs(rpc, name, wallet);
  const received = listed.transactions.flatMap(({ txid, vout, category }) => {
    if (!ownCategories.has(category)) return [];
    const output = vout === undefined ? undefined : transactions.get(txid)?.transaction.outs[vout];
    if (output === undefined || vout === undefined) throw malformedAnswer('listsinceblock');
    return [{ txid, vout, script: output.script, amountSats: output.value }];
  });
  await own.add(received, true);
  if (isKnown) await addEarlierOutputs(rpc, name, own, listed.transactions, transactions, work);

  const ordered = [...transactions.values()].sort((a, b) => orderOf(a) - orderOf(b) || (a.blockindex ?? 0) - (b.blockindex ?? 0) || (a.time ?? 0) - (b.time ?? 0) || (a.txid < b.txid ? -1 : 1));
  return { transactions: ordered.map((item) => describe(item, own, dropped)), isWhole: !isKnown, tip };
}

type Fetched = v.InferOutput<typeof WalletTransactionAnswer> & Pick<ParsedTransaction, 'transaction'>;

function describe({ txid, confirmations, blockheight, blockhash, transaction }: Fetched, own: OwnOutputs, dropped: ReadonlySet<string>): WalletTransaction {
  const spent = transaction.ins.flatMap((input) => {
    const outpoint = { txid: txidOfHash(input.hash), vout: input.index };
    const held = own.get(outpoint);
    return held === undefined ? [] : [{ ...outpoint, amountSats: held.amountSats }];
  });
  const received = transaction.outs.flatMap((output, vout) => {
    const held = own.get({ txid, vout });
    return held === undefined ? [] : [{ vout, amountSats: output.value, branch: held.derived.branch, index: held.derived.index }];
  });
  const isAllOurs = spent.length > 0 && spent.length === transaction.ins.length;
  return {
    txid,
    height: confirmations > 0 ? (blockheight ?? null) : null,
    ...(confirmations > 0 && blockhash !== undefined ? { blockHash: blockhash } : {}),
    // The node counts conflicting blocks downwards from -1; how many does not matter here.
    confirmations: dropped.has(txid) ? -1 : Math.max(-1, confirmations),
    received,
    spent,
    feeSats: isAllOurs ? spent.reduce((sum, input) => sum + input.amountSats, 0n) - transaction.outs.reduce((sum, output) => sum + output.value, 0n) : null,
  };
}

async function isInChain(rpc: RpcClient, { height, hash }: BlockPoint): Promise<boolean> {
  const outcome = await rpc.attempt('getblockheader', [hash]);
  if (!outcome.ok && outcome.errorCode === NOT_FOUND) return false;
  const header = readResult(BlockHeader, 'getblockheader', outcome);
  return header.confirmations > 0 && header.height === height;
}

/** How many transactions are asked for between two looks at Cancel. */
const FETCHED_AT_ONCE = 500;

async function fetchTransactions(rpc: RpcClient, name: string, txids: readonly string[], work: ChainWork | undefined): Promise<ReadonlyMap<string, Fetched>> {
  const fetched = new Map<string, Fetched>();
  for (let start = 0; start < txids.length; start += FETCHED_AT_ONCE) {
    if (work?.isCancelled() === true) throw new StrongroomError('host.cancelled', 'Reading the wallet\'s history was stopped.', {}, 'Start it again whenever you like.');
    const asked = txids.slice(start, start + FETCHED_AT_ONCE);
    const outcomes = await rpc.batch(asked.map((txid) => ({ method: 'gettransaction', params: [txid] })), { wallet: name });
    asked.forEach((txid, position) => {
      const answer = readResult(WalletTransactionAnswer, 'gettransaction', outcomes[position] as RpcOutcome);
      fetched.set(txid, { ...answer, txid, transaction: requireTransaction(answer.hex, txid) });
    });
    if (txids.length > FETCHED_AT_ONCE) work?.progress({ fraction: Math.min(1, (start + FETCHED_AT_ONCE) / txids.length), activity: 'Reading the wallet\'s transactions' });
  }
  return fetched;
}

/** What new transactions spend was received earlier: those outputs are looked up, where the node says that the wallet spends at all. */
async function addEarlierOutputs(rpc: RpcClient, name: string, own: OwnOutputs, listed: readonly { readonly txid: string; readonly category: string }[], transactions: ReadonlyMap<string, Fetched>, work: ChainWork | undefined): Promise<void> {
  const spending = new Set(listed.filter(({ category }) => category === 'send').map(({ txid }) => txid));
  const inputs = [...spending].flatMap((txid) => (transactions.get(txid)?.transaction.ins ?? []).map((input) => ({ txid: txidOfHash(input.hash), vout: input.index })));
  const missing = [...new Set(inputs.map(({ txid }) => txid))].filter((txid) => !transactions.has(txid));
  const outcomes = await rpc.batch(missing.map((txid) => ({ method: 'gettransaction', params: [txid] })), { wallet: name });
  // What the wallet does not know is somebody else's.
  const known = missing.filter((_, position) => {
    const outcome = outcomes[position] as RpcOutcome;
    if (!outcome.ok && outcome.errorCode !== NOT_FOUND) throw rpcError('gettransaction', outcome.errorCode);
    return outcome.ok;
  });
  const earlier = await fetchTransactions(rpc, name, known, work);
  await own.add(inputs.flatMap(({ txid, vout }) => {
    const output = (earlier.get(txid) ?? transactions.get(txid))?.transaction.outs[vout];
    return output === undefined ? [] : [{ txid, vout, script: output.script, amountSats: output.value }];
  }), false);
}

/** The outputs that are the wallet's, each derived by us at the place that the node names. */
class OwnOutputs {
  readonly #rpc: RpcClient;
  readonly #name: string;
  readonly #network: Wallet['network'];
  readonly #deriver: AddressDeriver;
  readonly #held = new Map<string, { readonly derived: DerivedAddress; readonly amountSats: bigint }>();

  constructor(rpc: RpcClient, name: string, wallet: Wallet) {
    this.#rpc = rpc;
    this.#name = name;
    this.#network = wallet.network;
    this.#deriver = createAddressDeriver(wallet);
  }

  get(outpoint: { readonly txid: string; readonly vout: number }): { readonly derived: DerivedAddress; readonly amountSats: bigint } | undefined {
    return this.#held.get(formatOutpoint(outpoint));
  }

  /** @param isListed whether the node has said of each that it is the wallet's; otherwise it is asked */
  async add(outputs: readonly { readonly txid: string; readonly vout: number; readonly script: Uint8Array; readonly amountSats: bigint }[], isListed: boolean): Promise<void> {
    const addressed = outputs.filter((output) => !this.#held.has(formatOutpoint(output))).map((output) => ({ output, address: addressOfScript(output.script, this.#network) }));
    const addresses = [...new Set(addressed.flatMap(({ address }) => address ?? []))];
    const infos = await this.#rpc.batch(addresses.map((address) => ({ method: 'getaddressinfo', params: [address] })), { wallet: this.#name });
    const infoOf = new Map(infos.map((outcome, position) => [addresses[position] as string, readResult(AddressInfo, 'getaddressinfo', outcome)]));
    for (const { output, address } of addressed) {
      const info = address === null ? undefined : infoOf.get(address);
      if (!isListed && info?.ismine !== true) continue;
      this.#held.set(formatOutpoint(output), { derived: deriveOwnOutput(this.#deriver, output.script, info?.desc), amountSats: output.amountSats });
    }
  }
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
