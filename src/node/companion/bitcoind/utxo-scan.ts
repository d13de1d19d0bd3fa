import { setTimeout as delay } from 'node:timers/promises';
import type * as v from 'valibot';
import type { ChainWork, ScriptUtxo } from '../../../companion/chain-source.ts';
import { equalBytes, toHex } from '../../../domain/bytes.ts';
import { StrongroomError } from '../../../errors/strongroom-error.ts';
import { createAddressDeriver, type Branch } from '../../../wallet/address.ts';
import { walletDescriptor, type Wallet } from '../../../wallet/wallet.ts';
import { ScanResult, ScanStatus, TxOut } from './answers.ts';
import { deriveOwnOutput } from './own-outputs.ts';
import { malformedAnswer, readResult, type RpcClient, type RpcOutcome } from './rpc-client.ts';

export interface ScannedOutput {
  readonly txid: string;
  readonly vout: number;
  readonly amountSats: bigint;
  readonly scriptPubKey: Uint8Array;
  readonly height: number;
  readonly place: { readonly branch: Branch; readonly index: number };
}

/** The whole set is read: minutes on mainnet. */
const SCAN_SILENCE_MS = 2 * 3600 * 1000;
const POLL_MS = 500;
/** The node's answer to a scan while another one runs (`RPC_INVALID_PARAMETER`). */
const SCAN_IN_PROGRESS = -8;

interface Scan {
  readonly height: number;
  readonly blockHash: string;
  readonly unspents: v.InferOutput<typeof ScanResult>['unspents'];
}

/**
 * The node's UTXO set, filtered by both descriptors of a wallet.
 * @param range how many addresses of each branch
 * @throws StrongroomError `node.*`, `host.cancelled`
 */
export async function scanDescriptors(rpc: RpcClient, wallet: Wallet, range: number, work: ChainWork): Promise<{ readonly height: number; readonly blockHash: string; readonly outputs: readonly ScannedOutput[] }> {
  const targets = ([0, 1] as const).map((branch) => ({ desc: walletDescriptor(wallet, branch), range: [0, range - 1] }));
  const scan = await scanUtxoSet(rpc, targets, work);
  const deriver = createAddressDeriver(wallet);
  const outputs = scan.unspents.map(({ txid, vout, amount, scriptPubKey, desc, height }): ScannedOutput => {
    const { branch, index } = deriveOwnOutput(deriver, scriptPubKey, desc);
    return { txid, vout, amountSats: amount, scriptPubKey, height, place: { branch, index } };
  });
  return { height: scan.height, blockHash: scan.blockHash, outputs };
}

/**
 * Unspent outputs of scripts in the node's UTXO set, and what the mempool does with them.
 * @param maturity blocks until a block's reward can be spent
 * @throws StrongroomError `node.*`, `host.cancelled`
 */
export async function scanScripts(rpc: RpcClient, scripts: readonly Uint8Array[], maturity: number, work: ChainWork): Promise<readonly ScriptUtxo[]> {
  const wanted = new Set(scripts.map(toHex));
  const { unspents, height: tip } = await scanUtxoSet(rpc, [...wanted].map((script) => ({ desc: `raw(${script})` })), work);
  if (unspents.some(({ scriptPubKey }) => !wanted.has(toHex(scriptPubKey)))) throw malformedAnswer('scantxoutset');
  // The set knows nothing of the mempool: an output that is missing here and was there is being spent by what waits in it.
  const now = await rpc.batch(unspents.map(({ txid, vout }) => ({ method: 'gettxout', params: [txid, vout, true] })));
  return unspents.map(({ txid, vout, amount, scriptPubKey, height }, position): ScriptUtxo => {
    const held = readResult(TxOut, 'gettxout', now[position] as RpcOutcome);
    if (held !== null && (held.value !== amount || !equalBytes(held.scriptPubKey.hex, scriptPubKey))) throw malformedAnswer('gettxout');
    const confirmations = tip - height + 1;
    const state = held === null ? 'spent' : held.coinbase && confirmations < maturity ? 'immature' : 'free';
    return { txid, vout, amountSats: amount, scriptPubKey, height, confirmations, state };
  });
}

/** One scan of the whole set, with progress. */
export async function scanUtxoSet(rpc: RpcClient, targets: readonly unknown[], work: ChainWork): Promise<Scan> {
  const scanning = rpc.attempt('scantxoutset', ['start', targets], { silenceMs: SCAN_SILENCE_MS }).then((outcome) => ({ outcome }));
  let isStopped = false;
  try {
    for (;;) {
      const finished = await Promise.race([scanning, delay(POLL_MS, null)]);
      if (finished === null) {
        const status = await rpc.call(ScanStatus, 'scantxoutset', ['status']);
        if (status !== null) work.progress({ fraction: Math.min(1, status.progress / 100), activity: 'Scanning the node\'s set of unspent outputs' });
        if (work.isCancelled() && !isStopped) {
          isStopped = true;
          await rpc.attempt('scantxoutset', ['abort']);
        }
        continue;
      }
      if (isStopped) throw new StrongroomError('host.cancelled', 'The scan was stopped.', {}, 'Start it again whenever you like.');
      if (!finished.outcome.ok && finished.outcome.errorCode === SCAN_IN_PROGRESS) {
        throw new StrongroomError('node.not-ready', 'The node is scanning for somebody else.', {}, 'Try again when that scan is done.');
      }
      const result = readResult(ScanResult, 'scantxoutset', finished.outcome);
      if (!result.success) throw malformedAnswer('scantxoutset');
      return { height: result.height, blockHash: result.bestblock, unspents: result.unspents };
    }
  } finally {
    scanning.catch(() => undefined);
  }
}
