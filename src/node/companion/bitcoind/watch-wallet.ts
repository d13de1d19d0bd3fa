import { setTimeout as delay } from 'node:timers/promises';
import { StrongroomError } from '../../../errors/strongroom-error.ts';
import type { ChainWork } from '../../../companion/chain-source.ts';
import { createAddressDeriver } from '../../../wallet/address.ts';
import { policyIdOf } from '../../../wallet/policy-id.ts';
import { walletDescriptor, type Wallet } from '../../../wallet/wallet.ts';
import { AddressInfo, BlockchainInfo, BlockHeader, Descriptors, ImportResults, Nothing, Text, WalletDirectory, WalletInfo, WalletNames } from './answers.ts';
import { comparableDescriptor } from './own-outputs.ts';
import { readResult, rpcError, type RpcClient } from './rpc-client.ts';
import { scanDescriptors } from './utxo-scan.ts';

/** How many addresses of each branch the node watches at first; it watches as many past each one that is paid. */
export const WATCHED_RANGE = 1_000;
/** Set on the first receive address when the past has been scanned whole; without it a first scan was interrupted. */
const SCANNED_LABEL = 'strongroom: past scanned';
/** A scan of the whole chain may take hours; the node says nothing until it is done. */
const SCAN_SILENCE_MS = 24 * 3600 * 1000;
const POLL_MS = 1_000;
/** How far a block's time may lie behind another's (Bitcoin Core, `TIMESTAMP_WINDOW`). */
const TIMESTAMP_WINDOW_SECONDS = 7_200;

/** The node's wallet that watches one of ours. */
export const watchWalletName = (wallet: Wallet): string => `strongroom-${policyIdOf(wallet).walletId}`;

/**
 * Makes sure that the node watches a wallet: a wallet of the node without private keys that holds both descriptors, and whose
 * past was scanned to the end. Safe to call again, also after an interruption.
 * @returns the name of the node's wallet
 * @throws StrongroomError `node.*`, `node.pruned`, `host.cancelled`
 */
export async function ensureWatched(rpc: RpcClient, wallet: Wallet, work: ChainWork, name = watchWalletName(wallet)): Promise<string> {
  await ensureLoaded(rpc, name);
  await waitForScan(rpc, name, work);
  const first = createAddressDeriver(wallet).derive(0, 0).address;
  const wanted = ([0, 1] as const).map((branch) => ({ branch, descriptor: walletDescriptor(wallet, branch) }));
  const held = (await rpc.call(Descriptors, 'listdescriptors', [false], { wallet: name })).descriptors;
  const rangeOf = (descriptor: string): readonly [number, number] | undefined =>
    held.find((item) => comparableDescriptor(item.desc) === comparableDescriptor(descriptor))?.range;
  const isComplete = wanted.every(({ descriptor }) => rangeOf(descriptor) !== undefined);
  if (isComplete && (await isMarkedScanned(rpc, name, first))) return name;

  const timestamp = await firstScanTime(rpc, wallet, work);
  const requests = wanted.map(({ branch, descriptor }) => ({
    desc: descriptor,
    // A range may only grow.
    range: [0, Math.max(WATCHED_RANGE - 1, rangeOf(descriptor)?.[1] ?? 0)],
    timestamp,
    active: false,
    internal: branch === 1,
  }));
  await importWithProgress(rpc, name, requests, work);
  await rpc.call(Nothing, 'setlabel', [first, SCANNED_LABEL], { wallet: name });
  return name;
}

async function ensureLoaded(rpc: RpcClient, name: string): Promise<void> {
  const isLoaded = async (): Promise<boolean> => (await rpc.call(WalletNames, 'listwallets')).includes(name);
  if (!(await isLoaded())) {
    const isOnDisk = (await rpc.call(WalletDirectory, 'listwalletdir')).wallets.some((wallet) => wallet.name === name);
    const outcome = isOnDisk
      ? await rpc.attempt('loadwallet', { filename: name, load_on_startup: true })
      : await rpc.attempt('createwallet', { wallet_name: name, disable_private_keys: true, blank: true, descriptors: true, load_on_startup: true });
    // Another program of ours may have been quicker.
    if (!outcome.ok && !(await isLoaded())) throw rpcError(isOnDisk ? 'loadwallet' : 'createwallet', outcome.errorCode);
  }
  if ((await rpc.call(WalletInfo, 'getwalletinfo', [], { wallet: name })).private_keys_enabled) {
    throw new StrongroomError('node.wallet', 'The node\'s wallet of this name can hold private keys, so it is not ours.', { wallet: name }, 'Remove or rename that wallet of the node.');
  }
}

async function isMarkedScanned(rpc: RpcClient, name: string, firstAddress: string): Promise<boolean> {
  const info = await rpc.call(AddressInfo, 'getaddressinfo', [firstAddress], { wallet: name });
  return info.ismine && (info.labels ?? []).includes(SCANNED_LABEL);
}

/** A scan that somebody started already: a wallet is scanned once at a time. */
async function waitForScan(rpc: RpcClient, name: string, work: ChainWork): Promise<void> {
  for (;;) {
    const { scanning } = await rpc.call(WalletInfo, 'getwalletinfo', [], { wallet: name });
    if (scanning === undefined || scanning === false) return;
    reportScan(work, scanning.progress);
    if (work.isCancelled()) throw cancelled();
    await delay(POLL_MS);
  }
}

/**
 * From when on the past must be scanned: from the start where the node has all blocks. A pruned node is asked for the UTXO
 * set instead; it must still have the block of the oldest output of the wallet.
 * @returns seconds since 1970, or `now`
 */
async function firstScanTime(rpc: RpcClient, wallet: Wallet, work: ChainWork): Promise<number | 'now'> {
  const { pruned, pruneheight } = await rpc.call(BlockchainInfo, 'getblockchaininfo');
  if (!pruned) return 0;
  const { outputs } = await scanDescriptors(rpc, wallet, WATCHED_RANGE, work);
  const oldest = outputs.reduce<number | null>((lowest, output) => (lowest === null || output.height < lowest ? output.height : lowest), null);
  if (oldest === null) return 'now';
  if (oldest <= (pruneheight ?? 0)) {
    throw new StrongroomError('node.pruned', 'The node no longer has the blocks in which this wallet was paid.', { height: oldest }, 'Use a node that keeps all blocks for the first scan of this wallet.');
  }
  const hash = await rpc.call(Text, 'getblockhash', [oldest]);
  return Math.max(0, (await rpc.call(BlockHeader, 'getblockheader', [hash])).time - TIMESTAMP_WINDOW_SECONDS);
}

async function importWithProgress(rpc: RpcClient, name: string, requests: readonly object[], work: ChainWork): Promise<void> {
  const importing = rpc.attempt('importdescriptors', [requests], { wallet: name, silenceMs: SCAN_SILENCE_MS }).then((outcome) => ({ outcome }));
  const poll = new AbortController();
  let isStopped = false;
  try {
    for (;;) {
      const finished = await Promise.race([importing, delay(POLL_MS, null, { signal: poll.signal })]);
      if (finished !== null) {
        if (isStopped) throw cancelled();
        const results = readResult(ImportResults, 'importdescriptors', finished.outcome);
        const failed = results.find((result) => !result.success);
        if (results.length !== requests.length || failed !== undefined) throw rpcError('importdescriptors', failed?.error?.code ?? 0);
        return;
      }
      const { scanning } = await rpc.call(WalletInfo, 'getwalletinfo', [], { wallet: name });
      if (scanning !== undefined && scanning !== false) reportScan(work, scanning.progress);
      if (work.isCancelled() && !isStopped) {
        isStopped = true;
        await rpc.attempt('abortrescan', [], { wallet: name });
      }
    }
  } finally {
    poll.abort();
    // Where polling failed, the import's own failure has nobody left to tell.
    importing.catch(() => undefined);
  }
}

const reportScan = (work: ChainWork, progress: number): void =>
  work.progress({ fraction: Math.min(1, Math.max(0, progress)), activity: 'Scanning the chain for the wallet\'s past' });

const cancelled = (): StrongroomError =>
  new StrongroomError('host.cancelled', 'The scan was stopped.', {}, 'Start it again whenever you like; it begins anew.');
