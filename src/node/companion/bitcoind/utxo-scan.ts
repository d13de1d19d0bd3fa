import { setTimeout as delay } from 'node:timers/promises';
import type { ChainWork } from '../../../companion/chain-source.ts';
import { StrongroomError } from '../../../errors/strongroom-error.ts';
import { createAddressDeriver } from '../../../wallet/address.ts';
import { walletDescriptor, type Wallet } from '../../../wallet/wallet.ts';
import { ScanResult, ScanStatus } from './answers.ts';
import { deriveOwnOutput } from './own-outputs.ts';
import { malformedAnswer, readResult, type RpcClient } from './rpc-client.ts';

export interface ScannedOutput {
  readonly txid: string;
  readonly vout: number;
  readonly amountSats: bigint;
  readonly scriptPubKey: Uint8Array;
  readonly height: number;
}

/** The whole set is read: minutes on mainnet. */
const SCAN_SILENCE_MS = 2 * 3600 * 1000;
const POLL_MS = 500;
/** The node's answer to a scan while another one runs (`RPC_INVALID_PARAMETER`). */
const SCAN_IN_PROGRESS = -8;

/**
 * The node's UTXO set, filtered by both descriptors of a wallet.
 * @param range how many addresses of each branch
 * @throws StrongroomError `node.*`, `host.cancelled`
 */
export async function scanDescriptors(rpc: RpcClient, wallet: Wallet, range: number, work: ChainWork): Promise<{ readonly height: number; readonly outputs: readonly ScannedOutput[] }> {
  const targets = ([0, 1] as const).map((branch) => ({ desc: walletDescriptor(wallet, branch), range: [0, range - 1] }));
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
      const deriver = createAddressDeriver(wallet);
      const outputs = result.unspents.map(({ txid, vout, amount, scriptPubKey, desc, height }): ScannedOutput => {
        deriveOwnOutput(deriver, scriptPubKey, desc);
        return { txid, vout, amountSats: amount, scriptPubKey, height };
      });
      return { height: result.height, outputs };
    }
  } finally {
    scanning.catch(() => undefined);
  }
}
