import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import type { ChainWork } from '../../../companion/chain-source.ts';
import { StrongroomError } from '../../../errors/strongroom-error.ts';
import type { Wallet } from '../../../wallet/wallet.ts';
import { BlockchainInfo, Count, WalletInfo } from './answers.ts';
import { waitForScan } from './past-scan.ts';
import { readResult, rpcError, type RpcClient } from './rpc-client.ts';
import { readMark, writeMark } from './scan-mark.ts';
import { scanDescriptors } from './utxo-scan.ts';

/** A slice of the chain takes about this long, so that no more than this is lost when a scan is stopped; milliseconds. */
const SLICE_MS = { short: 4_000, long: 16_000 } as const;
const SLICE_BLOCKS = { first: 1_000, least: 50, most: 100_000 } as const;
/** One slice, on the slowest of disks. */
const SLICE_SILENCE_MS = 6 * 3600 * 1000;
const POLL_MS = 500;
/** What the node answers to a scan while another one of the same wallet runs (`RPC_WALLET_ERROR`). */
const WALLET_BUSY = -4;
const BUSY_TRIES = 20;

const Rescanned = v.looseObject({ start_height: Count, stop_height: v.nullable(Count) });

/**
 * The block from which on the past must be scanned: the first where the node has all blocks. A pruned node is asked for the UTXO set
 * instead; it must still have the block of the oldest output of the wallet.
 * @param addresses how many of each branch are looked for
 * @returns `null` where nothing of the past need be scanned
 * @throws StrongroomError `node.pruned`, `node.*`, `host.cancelled`
 */
export async function firstScanHeight(rpc: RpcClient, wallet: Wallet, addresses: number, work: ChainWork): Promise<number | null> {
  const { pruned, pruneheight } = await rpc.call(BlockchainInfo, 'getblockchaininfo');
  if (!pruned) return 0;
  const { outputs } = await scanDescriptors(rpc, wallet, addresses, work);
  const oldest = outputs.reduce<number | null>((lowest, output) => (lowest === null || output.height < lowest ? output.height : lowest), null);
  if (oldest !== null && oldest <= (pruneheight ?? 0)) {
    throw new StrongroomError('node.pruned', 'The node no longer has the blocks in which this wallet was paid.', { height: oldest }, 'Use a node that keeps all blocks for the first scan of this wallet.');
  }
  return oldest;
}

/**
 * Scans the past of a wallet whose descriptors the node holds already, slice by slice, and marks each that is done: a scan that was
 * stopped, or whose program was killed, goes on where it was. New blocks the node's wallet follows by itself.
 * @param from where a scan begins that has no mark yet, and how many addresses of each branch the node watches for it
 * @throws StrongroomError `host.cancelled`, `node.*`
 */
export async function scanPast(rpc: RpcClient, name: string, firstAddress: string, from: { readonly height: number; readonly addresses: number }, work: ChainWork): Promise<void> {
  const { addresses } = from;
  let blocks: number = SLICE_BLOCKS.first;
  let done = from.height - 1;
  for (let tries = 0; ;) {
    done = Math.max(done, (await readMark(rpc, name, firstAddress))?.height ?? -1);
    const next = done + 1;
    const { blocks: tip } = await rpc.call(BlockchainInfo, 'getblockchaininfo');
    if (next > tip) break;
    const last = Math.min(tip, next + blocks - 1);
    const begun = performance.now();
    const outcome = await scanSlice(rpc, name, { from: next, to: last, start: from.height, tip }, work);
    if (!outcome.ok) {
      tries += 1;
      if (outcome.errorCode !== WALLET_BUSY || tries > BUSY_TRIES) throw rpcError('rescanblockchain', outcome.errorCode);
      // Another program of ours scans the same wallet: its marks count for both.
      await waitForScan(rpc, name, work);
      await delay(POLL_MS);
      continue;
    }
    tries = 0;
    done = Math.max(last, readResult(Rescanned, 'rescanblockchain', outcome).stop_height ?? last);
    await writeMark(rpc, name, firstAddress, { state: 'begun', height: done, addresses });
    const tookMs = performance.now() - begun;
    if (tookMs < SLICE_MS.short) blocks = Math.min(SLICE_BLOCKS.most, blocks * 2);
    if (tookMs > SLICE_MS.long) blocks = Math.max(SLICE_BLOCKS.least, Math.floor(blocks / 2));
  }
  await writeMark(rpc, name, firstAddress, { state: 'done', height: done, addresses });
}

interface Slice {
  readonly from: number;
  readonly to: number;
  /** Of the whole scan. */
  readonly start: number;
  readonly tip: number;
}

async function scanSlice(rpc: RpcClient, name: string, { from, to, start, tip }: Slice, work: ChainWork) {
  const report = (done: number): void => {
    const height = Math.min(to, from + Math.floor(done * (to - from + 1)));
    work.progress({ fraction: Math.min(1, (height - start) / Math.max(1, tip - start + 1)), activity: `Scanning the chain for the wallet's past: block ${height} of ${tip}` });
  };
  report(0);
  if (work.isCancelled()) throw stopped();
  // The last slice has no end: only then does the node look at what waits in its mempool, also for what spends outputs found by now.
  const scanning = rpc.attempt('rescanblockchain', to >= tip ? [from] : [from, to], { wallet: name, silenceMs: SLICE_SILENCE_MS });
  const finished = scanning.then((outcome) => ({ outcome }));
  const poll = new AbortController();
  let isStopped = false;
  try {
    for (;;) {
      const done = await Promise.race([finished, delay(POLL_MS, null, { signal: poll.signal })]);
      if (done !== null) {
        // What was scanned before the stop is not marked: it is less than a slice.
        if (isStopped && !done.outcome.ok) throw stopped();
        return done.outcome;
      }
      const { scanning: state } = await rpc.call(WalletInfo, 'getwalletinfo', [], { wallet: name });
      if (state !== undefined && state !== false) report(state.progress);
      if (work.isCancelled() && !isStopped) {
        isStopped = true;
        await rpc.attempt('abortrescan', [], { wallet: name });
      }
    }
  } finally {
    poll.abort();
    // Where polling failed, the scan's own failure has nobody left to tell.
    finished.catch(() => undefined);
  }
}

const stopped = (): StrongroomError =>
  new StrongroomError('host.cancelled', 'The scan was stopped.', {}, 'Start it again whenever you like; it goes on where it was.');
