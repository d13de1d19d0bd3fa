import { StrongroomError } from '../../../errors/strongroom-error.ts';
import type { ChainWork, WatchedCounts } from '../../../companion/chain-source.ts';
import { createAddressDeriver } from '../../../wallet/address.ts';
import { policyIdOf } from '../../../wallet/policy-id.ts';
import { walletDescriptor, type Wallet } from '../../../wallet/wallet.ts';
import { Descriptors, WalletDirectory, WalletInfo, WalletNames } from './answers.ts';
import { METHOD_NOT_FOUND } from './older-nodes.ts';
import { comparableDescriptor } from './own-outputs.ts';
import { importWithProgress, waitForScan, WATCHED_RANGE } from './past-scan.ts';
import { firstScanHeight, scanPast } from './resumable-scan.ts';
import { readResult, rpcError, type RpcClient } from './rpc-client.ts';
import { readMark, writeMark } from './scan-mark.ts';
import { watchScripts } from './watch-scripts.ts';

/** The fewest addresses past the last that was paid that are to be watched; offered addresses stay within it. */
const LEAST_AHEAD = 200;
/** Each round looks a thousand addresses further; a wallet that needs more of them has a node that counts wrongly. */
const MOST_ROUNDS = 100;
/** The node's wallet that watches one of ours. */
export const watchWalletName = (wallet: Wallet): string => `strongroom-${policyIdOf(wallet).walletId}`;

/**
 * Makes sure that the node watches a wallet: a wallet of the node without private keys that holds both descriptors, and whose
 * past was scanned to the end. Safe to call again, also after an interruption: it goes on where it was.
 * @param least how many addresses of each branch must be watched, and have had the past scanned for them
 * @returns how many are watched
 * @throws StrongroomError `node.*`, `node.pruned`, `host.cancelled`
 */
export async function ensureWatched(rpc: RpcClient, wallet: Wallet, work: ChainWork, name = watchWalletName(wallet), least = 0, rounds = 0): Promise<WatchedCounts> {
  await ensureLoaded(rpc, name);
  await waitForScan(rpc, name, work);
  const first = createAddressDeriver(wallet).derive(0, 0).address;
  const wanted = ([0, 1] as const).map((branch) => ({ branch, descriptor: walletDescriptor(wallet, branch) }));
  const listed = await rpc.attempt('listdescriptors', [false], { wallet: name });
  if (!listed.ok && listed.errorCode === METHOD_NOT_FOUND) return watchScripts(rpc, wallet, work, name, least);
  let held = readResult(Descriptors, 'listdescriptors', listed).descriptors;
  const heldAs = (descriptor: string) => held.find((item) => comparableDescriptor(item.desc) === comparableDescriptor(descriptor));
  const counts = (): WatchedCounts => {
    const [receive = 0, change = 0] = wanted.map(({ descriptor }) => (heldAs(descriptor)?.range?.[1] ?? -1) + 1);
    return [receive, change];
  };
  const mark = await readMark(rpc, name, first);
  // Whoever once asked for more has them scanned for by every later scan too.
  const addresses = Math.max(WATCHED_RANGE, least, mark?.addresses ?? 0);
  // A node looks ahead of what is paid as far as its own configuration says; one that is set to little is told to look further.
  const isWide = (): boolean => wanted.every(({ descriptor }) => {
    const { range, next } = heldAs(descriptor) ?? {};
    return range === undefined || next === undefined || range[1] + 1 >= next + LEAST_AHEAD;
  });
  const isComplete = wanted.every(({ descriptor }) => heldAs(descriptor)?.range !== undefined);
  const isEnough = isComplete && isWide() && Math.min(...counts()) >= addresses;
  // A range that grew by what was paid in it was not there when the past was scanned.
  const isScannedFor = mark === null || mark.addresses >= addresses;
  if (isEnough && isScannedFor && mark?.state === 'done') return counts();

  const startHeight = await firstScanHeight(rpc, wallet, addresses, work);
  // What was scanned was scanned for fewer addresses.
  if (isComplete && !(isEnough && isScannedFor)) await writeMark(rpc, name, first, { state: 'again', height: -1, addresses });
  if (!isEnough) {
    const requests = wanted.map(({ branch, descriptor }) => ({
      desc: descriptor,
      // A range may only grow.
      range: [0, Math.max((heldAs(descriptor)?.next ?? 0) + WATCHED_RANGE - 1, heldAs(descriptor)?.range?.[1] ?? 0, addresses - 1)],
      // Without the past, which is scanned below: the node's own scan of it cannot go on where it was stopped.
      timestamp: 'now',
      active: false,
      internal: branch === 1,
    }));
    await importWithProgress(rpc, name, { method: 'importdescriptors', params: [requests], count: requests.length }, work);
  }
  if (startHeight === null) await writeMark(rpc, name, first, { state: 'done', height: -1, addresses });
  else await scanPast(rpc, name, first, { height: startHeight, addresses }, work);
  // Among what was found there may be addresses near the end of what is watched.
  held = (await rpc.call(Descriptors, 'listdescriptors', [false], { wallet: name })).descriptors;
  return isWide() || rounds >= MOST_ROUNDS ? counts() : ensureWatched(rpc, wallet, work, name, least, rounds + 1);
}

async function ensureLoaded(rpc: RpcClient, name: string): Promise<void> {
  const isLoaded = async (): Promise<boolean> => (await rpc.call(WalletNames, 'listwallets')).includes(name);
  if (!(await isLoaded())) {
    const isOnDisk = (await rpc.call(WalletDirectory, 'listwalletdir')).wallets.some((wallet) => wallet.name === name);
    const outcome = isOnDisk
      ? await rpc.attempt('loadwallet', { filename: name, load_on_startup: true })
      : await rpc.attempt('createwallet', { wallet_name: name, disable_private_keys: true, blank: true, descriptors: await keepsDescriptors(rpc), load_on_startup: true });
    // Another program of ours may have been quicker.
    if (!outcome.ok && !(await isLoaded())) throw rpcError(isOnDisk ? 'loadwallet' : 'createwallet', outcome.errorCode);
  }
  if ((await rpc.call(WalletInfo, 'getwalletinfo', [], { wallet: name })).private_keys_enabled) {
    throw new StrongroomError('node.wallet', 'The node\'s wallet of this name can hold private keys, so it is not ours.', { wallet: name }, 'Remove or rename that wallet of the node.');
  }
}

/** Older nodes have wallets of scripts, not of descriptors; some can make the newer kind and cannot list what is in it. */
async function keepsDescriptors(rpc: RpcClient): Promise<boolean> {
  const outcome = await rpc.attempt('listdescriptors', [false]);
  return outcome.ok || outcome.errorCode !== METHOD_NOT_FOUND;
}
