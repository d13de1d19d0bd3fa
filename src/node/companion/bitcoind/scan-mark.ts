import { AddressInfo, Nothing } from './answers.ts';
import { WATCHED_RANGE } from './past-scan.ts';
import type { RpcClient } from './rpc-client.ts';

/**
 * How far the past of a watched wallet was scanned, and for how many addresses. It stands as the label of the wallet's first receive
 * address: the node keeps it with the wallet, not this machine.
 */
export interface ScanMark {
  /** `again`: it was scanned, and is to be scanned once more for more addresses. */
  readonly state: 'done' | 'begun' | 'again';
  /** The last block that is done, of a scan that was begun; -1 before the first. */
  readonly height: number;
  /** Of each branch: those that were watched while the past was scanned. */
  readonly addresses: number;
}

const MARK = /^strongroom: past (?:(scanned)|scanned to block (\d{1,9})|to be scanned)(?: for (\d{1,7}) addresses)?$/;

/** @returns `null` without a mark: a first scan that did not come far, or none */
export async function readMark(rpc: RpcClient, name: string, firstAddress: string): Promise<ScanMark | null> {
  const info = await rpc.call(AddressInfo, 'getaddressinfo', [firstAddress], { wallet: name });
  for (const label of info.ismine ? (info.labels ?? []) : []) {
    const match = typeof label === 'string' ? MARK.exec(label) : null;
    if (match === null) continue;
    const [, done, height, addresses] = match;
    return { state: done !== undefined ? 'done' : height !== undefined ? 'begun' : 'again', height: Number(height ?? -1), addresses: Number(addresses ?? WATCHED_RANGE) };
  }
  return null;
}

export async function writeMark(rpc: RpcClient, name: string, firstAddress: string, mark: ScanMark): Promise<void> {
  const words = { done: 'scanned', begun: `scanned to block ${mark.height}`, again: 'to be scanned' }[mark.state];
  const width = mark.addresses <= WATCHED_RANGE ? '' : ` for ${mark.addresses} addresses`;
  await rpc.call(Nothing, 'setlabel', [firstAddress, `strongroom: past ${words}${width}`], { wallet: name });
}
