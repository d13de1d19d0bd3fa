import type { ChainWork, WatchedCounts } from '../../../companion/chain-source.ts';
import { createAddressDeriver, MAX_ADDRESS_INDEX, type AddressDeriver, type Branch } from '../../../wallet/address.ts';
import { walletDescriptor, type Wallet } from '../../../wallet/wallet.ts';
import { AddressInfo, ReceivedByAddress } from './answers.ts';
import { firstScanTime, importWithProgress, WATCHED_RANGE } from './past-scan.ts';
import { malformedAnswer, readResult, type RpcClient } from './rpc-client.ts';
import { readMark, writeMark } from './scan-mark.ts';

/** Paid addresses are looked at again in steps of this many. */
const STEP = WATCHED_RANGE;

/**
 * Watches a wallet on a node whose wallets hold scripts and no descriptors: the addresses of both branches are imported one range
 * after the other, since such a wallet does not go on past what is paid by itself. Safe to call again.
 * @param least how many addresses of each branch must be watched
 * @returns how many are watched
 * @throws StrongroomError `node.*`, `node.pruned`, `host.cancelled`
 */
export async function watchScripts(rpc: RpcClient, wallet: Wallet, work: ChainWork, name: string, least = 0): Promise<WatchedCounts> {
  const deriver = createAddressDeriver(wallet);
  const first = deriver.derive(0, 0).address;
  for (let imported = ''; ; ) {
    const mark = await readMark(rpc, name, first);
    const addresses = Math.min(Math.max(WATCHED_RANGE, least, mark?.addresses ?? 0), MAX_ADDRESS_INDEX + 1);
    const ends = await wantedEnds(rpc, name, addresses);
    if (mark?.state === 'done' && (await areWatched(rpc, name, deriver, ends))) return ends;
    // What was imported is watched, or the node does not do what it says.
    if (imported === ends.join()) throw malformedAnswer('importmulti');
    imported = ends.join();
    const timestamp = await firstScanTime(rpc, wallet, Math.max(...ends), work);
    const requests = ([0, 1] as const).map((branch) => ({
      desc: walletDescriptor(wallet, branch),
      range: [0, ends[branch] - 1],
      timestamp,
      // Not as change: such a wallet lists no change among what it received.
      internal: false,
      watchonly: true,
    }));
    await importWithProgress(rpc, name, { method: 'importmulti', params: [requests, { rescan: true }], count: requests.length }, work);
    // Each import scans the past for all that it imports.
    await writeMark(rpc, name, first, { state: 'done', height: -1, addresses });
  }
}

/** How far each branch must be watched: a whole step past the last address that was paid, and to the least end in any case. */
async function wantedEnds(rpc: RpcClient, name: string, least: number): Promise<WatchedCounts> {
  const received = await rpc.call(ReceivedByAddress, 'listreceivedbyaddress', { minconf: 0, include_empty: false, include_watchonly: true }, { wallet: name });
  const infos = await rpc.batch(received.map(({ address }) => ({ method: 'getaddressinfo', params: [address] })), { wallet: name });
  const ends: [number, number] = [least, least];
  for (const outcome of infos) {
    const [, branchText, indexText] = /\/([01])\/(\d{1,6})\]/.exec(readResult(AddressInfo, 'getaddressinfo', outcome).desc ?? '') ?? [];
    if (branchText === undefined) continue;
    const branch = Number(branchText) as Branch;
    ends[branch] = Math.max(ends[branch], Math.min((Math.floor(Number(indexText) / STEP) + 2) * STEP, MAX_ADDRESS_INDEX + 1));
  }
  return ends;
}

async function areWatched(rpc: RpcClient, name: string, deriver: AddressDeriver, ends: readonly [number, number]): Promise<boolean> {
  const infos = await rpc.batch(([0, 1] as const).map((branch) => ({ method: 'getaddressinfo', params: [deriver.derive(branch, ends[branch] - 1).address] })), { wallet: name });
  return infos.every((outcome) => readResult(AddressInfo, 'getaddressinfo', outcome).ismine);
}
