import { setTimeout as delay } from 'node:timers/promises';
import type { ChainWork } from '../../../companion/chain-source.ts';
import { StrongroomError } from '../../../errors/strongroom-error.ts';
import type { Wallet } from '../../../wallet/wallet.ts';
import { BlockchainInfo, BlockHeader, ImportResults, Text, WalletInfo } from './answers.ts';
import { readResult, rpcError, type RpcClient } from './rpc-client.ts';
import { scanDescriptors } from './utxo-scan.ts';

/** How many addresses of each branch the node watches at first; it watches as many past each one that is paid. */
export const WATCHED_RANGE = 1_000;
/** A scan of the whole chain may take hours; the node says nothing until it is done. */
const SCAN_SILENCE_MS = 24 * 3600 * 1000;
const POLL_MS = 1_000;
/** How far a block's time may lie behind another's (Bitcoin Core, `TIMESTAMP_WINDOW`). */
const TIMESTAMP_WINDOW_SECONDS = 7_200;

/** A scan that somebody started already: a wallet is scanned once at a time. */
export async function waitForScan(rpc: RpcClient, name: string, work: ChainWork): Promise<void> {
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
 * @param addresses how many of each branch are looked for
 * @returns seconds since 1970, or `now`
 */
export async function firstScanTime(rpc: RpcClient, wallet: Wallet, addresses: number, work: ChainWork): Promise<number | 'now'> {
  const { pruned, pruneheight } = await rpc.call(BlockchainInfo, 'getblockchaininfo');
  if (!pruned) return 0;
  const { outputs } = await scanDescriptors(rpc, wallet, addresses, work);
  const oldest = outputs.reduce<number | null>((lowest, output) => (lowest === null || output.height < lowest ? output.height : lowest), null);
  if (oldest === null) return 'now';
  if (oldest <= (pruneheight ?? 0)) {
    throw new StrongroomError('node.pruned', 'The node no longer has the blocks in which this wallet was paid.', { height: oldest }, 'Use a node that keeps all blocks for the first scan of this wallet.');
  }
  const hash = await rpc.call(Text, 'getblockhash', [oldest]);
  return Math.max(0, (await rpc.call(BlockHeader, 'getblockheader', [hash])).time - TIMESTAMP_WINDOW_SECONDS);
}

/** @param call the import, and how many results it has */
export async function importWithProgress(rpc: RpcClient, name: string, call: { readonly method: string; readonly params: readonly unknown[]; readonly count: number }, work: ChainWork): Promise<void> {
  const importing = rpc.attempt(call.method, call.params, { wallet: name, silenceMs: SCAN_SILENCE_MS }).then((outcome) => ({ outcome }));
  const poll = new AbortController();
  let isStopped = false;
  try {
    for (;;) {
      const finished = await Promise.race([importing, delay(POLL_MS, null, { signal: poll.signal })]);
      if (finished !== null) {
        if (isStopped) throw cancelled();
        const results = readResult(ImportResults, call.method, finished.outcome);
        const failed = results.find((result) => !result.success);
        if (results.length !== call.count || failed !== undefined) throw rpcError(call.method, failed?.error?.code ?? 0);
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
