import type { ChainWork } from '../../../companion/chain-source.ts';
import { createAddressDeriver, MAX_ADDRESS_INDEX, type AddressDeriver, type Branch } from '../../../wallet/address.ts';
import { walletDescriptor, type Wallet } from '../../../wallet/wallet.ts';
import { AddressInfo, Nothing, ReceivedByAddress } from './answers.ts';
import { firstScanTime, importWithProgress, isMarkedScanned, SCANNED_LABEL, WATCHED_RANGE } from './past-scan.ts';
import { malformedAnswer, readResult, type RpcClient } from './rpc-client.ts';

/** Paid addresses are looked at again in steps of this many. */
const STEP = WATCHED_RANGE;

/**
 * Watches a wallet on a node whose wallets hold scripts and no descriptors: the addresses of both branches are imported one range
 * after the other, since such a wallet does not go on past what is paid by itself. Safe to call again.
 * @returns the name of the node's wallet
 * @throws StrongroomError `node.*`, `node.pruned`, `host.cancelled`
 */
export async function watchScripts(rpc: RpcClient, wallet: Wallet, work: ChainWork, name: string): Promise<string> {
  const deriver = createAddressDeriver(wallet);
  const first = deriver.derive(0, 0).address;
  for (let imported = ''; ; ) {
    const ends = await wantedEnds(rpc, name);
    const isMarked = await isMarkedScanned(rpc, name, first);
    if (isMarked && (await areWatched(rpc, name, deriver, ends))) return name;
    // What was imported is watched, or the node does not do what it says.
    if (imported === ends.join()) throw malformedAnswer('importmulti');
    imported = ends.join();
    const timestamp = await firstScanTime(rpc, wallet, work);
    const requests = ([0, 1] as const).map((branch) => ({
      desc: walletDescriptor(wallet, branch),
      range: [0, ends[branch] - 1],
      timestamp,
      // Not as change: such a wallet lists no change among what it received.
      internal: false,
      watchonly: true,
    }));
    await importWithProgress(rpc, name, { method: 'importmulti', params: [requests, { rescan: true }], count: requests.length }, work);
    await rpc.call(Nothing, 'setlabel', [first, SCANNED_LABEL], { wallet: name });
  }
}

/** How far each branch must be watched: a whole step past the last address that was paid. */
async function wantedEnds(rpc: RpcClient, name: string): Promise<readonly [receive: number, change: number]> {
  const received = await rpc.call(ReceivedByAddress, 'listreceivedbyaddress', { minconf: 0, include_empty: false, include_watchonly: true }, { wallet: name });
  const infos = await rpc.batch(received.map(({ address }) => ({ method: 'getaddressinfo', params: [address] })), { wallet: name });
  const ends: [number, number] = [WATCHED_RANGE, WATCHED_RANGE];
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
