import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import type { ChainWork } from '../../../companion/chain-source.ts';
import type { NodeDescriptor, NodeOutput, PendingTransaction, WalletView } from '../../../companion/node-care/care-node.ts';
import { StrongroomError } from '../../../errors/strongroom-error.ts';
import { Amount, Count, HexBytes, Text, Txid, WalletNames } from './answers.ts';
import { ExactNumber } from './exact-json.ts';
import { readResult, rpcError, type RpcClient } from './rpc-client.ts';
import { scanUtxoSet } from './utxo-scan.ts';

const Descriptors = v.looseObject({ descriptors: v.array(v.looseObject({ desc: Text, active: v.optional(v.boolean(), false), internal: v.optional(v.boolean(), false), range: v.optional(v.tuple([Count, Count])) })) });
const Info = v.looseObject({ descriptors: v.optional(v.boolean(), false), private_keys_enabled: v.optional(v.boolean(), true) });
const Unspent = v.array(v.looseObject({ txid: Txid, vout: Count, amount: Amount, confirmations: Count }));
const Locked = v.array(v.looseObject({ txid: Txid, vout: Count }));
const Held = v.nullable(v.looseObject({ value: Amount, confirmations: Count }));
const Recent = v.array(v.looseObject({ txid: Txid, confirmations: v.pipe(v.instance(ExactNumber), v.transform((number) => Number(number.source))), abandoned: v.optional(v.boolean(), false) }));
const Full = v.looseObject({ hex: HexBytes });
const Addresses = v.pipe(v.array(Text), v.maxLength(1000));
const Owned = v.looseObject({ ismine: v.boolean() });
const Scanned = v.looseObject({ start_height: Count, stop_height: v.nullable(Count) });
const Scanning = v.looseObject({ scanning: v.optional(v.union([v.literal(false), v.looseObject({ progress: v.instance(ExactNumber) })])) });

/** How many addresses of each active descriptor are compared. */
const FIRST_ADDRESSES = 5;
/** Descriptors of the past are watched to at least this index when the UTXO set is searched. */
const SCANNED_RANGE = 1_000;
const SCAN_SILENCE_MS = 24 * 3600 * 1000;
const POLL_MS = 500;
/** Blocks until a block's reward can be spent; the wallet waits for one more. */
const COINBASE_MATURITY = 100;

/** Loads the node's wallet where it is on disk only. @throws StrongroomError `node.wallet` */
export async function requireLoaded(rpc: RpcClient, wallet: string): Promise<void> {
  if ((await rpc.call(WalletNames, 'listwallets')).includes(wallet)) return;
  const outcome = await rpc.attempt('loadwallet', { filename: wallet });
  if (!outcome.ok && !(await rpc.call(WalletNames, 'listwallets')).includes(wallet)) throw rpcError('loadwallet', outcome.errorCode);
}

/** The public descriptors of a wallet; none of a legacy one. `false` asks for those without private keys. */
async function publicDescriptors(rpc: RpcClient, wallet: string): Promise<v.InferOutput<typeof Descriptors>['descriptors']> {
  const { descriptors: isDescriptorWallet } = await rpc.call(Info, 'getwalletinfo', [], { wallet });
  return isDescriptorWallet ? (await rpc.call(Descriptors, 'listdescriptors', [false], { wallet })).descriptors : [];
}

/** What a wallet looks like from outside. */
export async function viewWallet(rpc: RpcClient, wallet: string): Promise<WalletView> {
  await requireLoaded(rpc, wallet);
  const info = await rpc.call(Info, 'getwalletinfo', [], { wallet });
  const held = await publicDescriptors(rpc, wallet);
  const descriptors = held.map(({ desc, active, internal }): NodeDescriptor => ({ descriptor: desc, active, internal })).sort(byText(({ descriptor }) => descriptor));
  const firstAddresses: string[] = [];
  for (const { desc, active, range } of held) {
    if (active && range !== undefined) firstAddresses.push(...(await rpc.call(Addresses, 'deriveaddresses', [desc, [0, FIRST_ADDRESSES - 1]])));
  }
  return { kind: info.descriptors ? 'descriptor' : 'legacy', privateKeys: info.private_keys_enabled, descriptors, firstAddresses, outputs: await outputsOf(rpc, wallet) };
}

/** Every unspent output of a wallet, also those that it locked. */
async function outputsOf(rpc: RpcClient, wallet: string): Promise<readonly NodeOutput[]> {
  const unspent = await rpc.call(Unspent, 'listunspent', { minconf: 0, include_unsafe: true }, { wallet });
  const locked = await rpc.call(Locked, 'listlockunspent', [], { wallet });
  const held = await rpc.batch(locked.map(({ txid, vout }) => ({ method: 'gettxout', params: [txid, vout, true] })));
  const outputs = unspent.map(({ txid, vout, amount, confirmations }): NodeOutput => ({ outpoint: `${txid}:${vout}`, amountSats: amount, confirmations }));
  held.forEach((outcome, position) => {
    const output = readResult(Held, 'gettxout', outcome);
    const { txid, vout } = locked[position] as { txid: string; vout: number };
    if (output !== null) outputs.push({ outpoint: `${txid}:${vout}`, amountSats: output.value, confirmations: output.confirmations });
  });
  return outputs.sort(byText(({ outpoint }) => outpoint));
}

export async function ownAddresses(rpc: RpcClient, wallet: string, addresses: readonly string[]): Promise<readonly boolean[]> {
  const answers = await rpc.batch(addresses.map((address) => ({ method: 'getaddressinfo', params: [address] })), { wallet });
  return answers.map((outcome) => readResult(Owned, 'getaddressinfo', outcome).ismine);
}

/** Transactions of a wallet that are in no block and were not given up. */
export async function pendingTransactions(rpc: RpcClient, wallet: string): Promise<readonly PendingTransaction[]> {
  await requireLoaded(rpc, wallet);
  const txids = new Set<string>();
  // The latest first; those that wait are among them unless a thousand came since.
  for (let skip = 0; ; skip += 1000) {
    const listed = await rpc.call(Recent, 'listtransactions', ['*', 1000, skip, true], { wallet });
    for (const { txid, confirmations, abandoned } of listed) if (confirmations === 0 && !abandoned) txids.add(txid);
    if (listed.length < 1000 || listed.every(({ confirmations }) => confirmations > 0)) break;
  }
  const pending: PendingTransaction[] = [];
  for (const txid of [...txids].sort()) {
    const { hex } = await rpc.call(Full, 'gettransaction', [txid, true], { wallet });
    pending.push({ txid, transaction: hex, inMempool: (await rpc.attempt('getmempoolentry', [txid])).ok });
  }
  return pending;
}

/** @throws StrongroomError `host.cancelled`, `node.pruned` */
export async function rescanWallet(rpc: RpcClient, wallet: string, fromHeight: number, work: ChainWork): Promise<{ readonly fromHeight: number; readonly toHeight: number }> {
  await requireLoaded(rpc, wallet);
  const scanning = rpc.attempt('rescanblockchain', [fromHeight], { wallet, silenceMs: SCAN_SILENCE_MS }).then((outcome) => ({ outcome }));
  let isStopped = false;
  try {
    for (;;) {
      const finished = await Promise.race([scanning, delay(POLL_MS, null)]);
      if (finished !== null) {
        if (isStopped) throw new StrongroomError('host.cancelled', 'The scan was stopped.', {}, 'Start it again whenever you like; nothing was lost.');
        // RPC_MISC_ERROR: blocks of that range are pruned.
        if (!finished.outcome.ok && finished.outcome.errorCode === -1) throw new StrongroomError('node.pruned', 'The node no longer has all blocks from that height on.', { height: fromHeight }, 'Scan from a later height, or use a node that keeps all blocks.');
        const { start_height, stop_height } = readResult(Scanned, 'rescanblockchain', finished.outcome);
        return { fromHeight: start_height, toHeight: stop_height ?? start_height };
      }
      const outcome = await rpc.attempt('getwalletinfo', [], { wallet });
      const state = outcome.ok ? readResult(Scanning, 'getwalletinfo', outcome).scanning : undefined;
      if (state !== undefined && state !== false) work.progress({ fraction: Math.min(1, Math.max(0, Number(state.progress.source))), activity: 'Scanning the chain for the wallet\'s transactions' });
      if (work.isCancelled() && !isStopped) {
        isStopped = true;
        await rpc.attempt('abortrescan', [], { wallet });
      }
    }
  } finally {
    scanning.catch(() => undefined);
  }
}

/** What the chain's set of unspent outputs holds for a wallet's descriptors. */
export async function scanWalletOutputs(rpc: RpcClient, wallet: string, work: ChainWork): Promise<readonly NodeOutput[]> {
  await requireLoaded(rpc, wallet);
  const targets = (await publicDescriptors(rpc, wallet)).map(({ desc, range }) => (range === undefined ? { desc } : { desc, range: [0, Math.max(range[1], SCANNED_RANGE)] }));
  if (targets.length === 0) throw new StrongroomError('node.wallet', 'The wallet has no descriptors to search the chain by.', { reason: 'legacy' }, 'It is of the old kind: migrate it after a backup, or scan it again.');
  const scan = await scanUtxoSet(rpc, targets, work);
  return scan.unspents
    // A block's reward is none of a wallet's outputs while it is too young to be spent; since Core 25 the node says which they are.
    .filter(({ height, ...more }) => !('coinbase' in more && more['coinbase'] === true && scan.height - height + 1 <= COINBASE_MATURITY))
    .map(({ txid, vout, amount, height }): NodeOutput => ({ outpoint: `${txid}:${vout}`, amountSats: amount, confirmations: scan.height - height + 1 }))
    .sort(byText(({ outpoint }) => outpoint));
}

/** `RPC_WALLET_ERROR`, `RPC_INVALID_PARAMETER`, `RPC_MISC_ERROR`: the node could not write, or read, the file. */
const fileRefusals: ReadonlySet<number> = new Set([-4, -8, -1]);

export async function backUpWallet(rpc: RpcClient, wallet: string, path: string): Promise<void> {
  await requireLoaded(rpc, wallet);
  const outcome = await rpc.attempt('backupwallet', [path], { wallet });
  if (outcome.ok) return;
  if (!fileRefusals.has(outcome.errorCode)) throw rpcError('backupwallet', outcome.errorCode);
  throw new StrongroomError('backup.node-cannot-write', 'The node could not write its wallet\'s file to us.', { rpcCode: outcome.errorCode }, 'The node runs as another user, or may not write there: name a folder that both may use with --staging, or back up on the node itself.');
}

export async function restoreWallet(rpc: RpcClient, name: string, path: string): Promise<void> {
  const outcome = await rpc.attempt('restorewallet', { wallet_name: name, backup_file: path, load_on_startup: false }, { silenceMs: SCAN_SILENCE_MS });
  if (outcome.ok) return;
  throw new StrongroomError('backup.node-cannot-restore', 'The node does not open this as a wallet\'s file.', { rpcCode: outcome.errorCode }, 'Try another backup. If all fail: the node may be too old for it (restorewallet came with 23.0), or may not read our folder (--staging).');
}

const byText = <T>(textOf: (item: T) => string) => (a: T, b: T): number => (textOf(a) < textOf(b) ? -1 : textOf(a) > textOf(b) ? 1 : 0);
