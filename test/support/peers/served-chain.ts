import { Block } from 'bitcoinjs-lib/src/block';
import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { RpcRefused, type RegtestNode } from './bitcoind.ts';
import { ChainIndex } from './chain-index.ts';

/** A chain that test servers serve. */
export interface ServedChain {
  readonly index: ChainIndex;
  /** Looks what is new; called before each answer. */
  refresh(): Promise<void>;
  /** The id, or the node's complaint. */
  broadcast(bytes: Buffer): Promise<{ readonly txid: string } | { readonly complaint: string }>;
  /** BTC/kvB as it is written in JSON. */
  readonly relayFee: string;
}

/** A real bitcoind, indexed as Electrum servers index it. */
export function servedBitcoind(node: RegtestNode): ServedChain {
  const index = new ChainIndex();
  let running: Promise<void> | null = null;

  const catchUp = async (): Promise<void> => {
    const tip = await node.rpc<number>('getblockcount');
    while (index.height > tip) index.disconnect();
    while (index.height >= 0 && (await node.rpc<string>('getblockhash', [index.height])) !== index.blocks.at(-1)?.hash) index.disconnect();
    while (index.height < tip) {
      const hash = await node.rpc<string>('getblockhash', [index.height + 1]).catch(() => null);
      if (hash === null) break;
      const raw = Buffer.from(await node.rpc<string>('getblock', [hash, 0]), 'hex');
      index.connect(raw.subarray(0, 80), Block.fromBuffer(raw).transactions ?? []);
    }
    const waiting = await node.rpc<string[]>('getrawmempool');
    const kept: string[] = [];
    for (const txid of waiting) {
      if (!index.mempool.has(txid)) {
        const hex = await node.rpc<string>('getrawtransaction', [txid]).catch(() => null);
        if (hex === null) continue;
        index.add(Transaction.fromBuffer(Buffer.from(hex, 'hex')));
      }
      kept.push(txid);
    }
    if (kept.length !== index.mempool.size || kept.some((txid) => !index.mempool.has(txid))) index.setMempool(kept);
  };
  return {
    index,
    relayFee: '0.00001000',
    // One look at a time; whoever asks meanwhile waits for a look that begins after.
    async refresh() {
      await running;
      running ??= catchUp().finally(() => {
        running = null;
      });
      await running;
    },
    async broadcast(bytes) {
      try {
        return { txid: await node.rpc<string>('sendrawtransaction', [bytes.toString('hex')]) };
      } catch (fault) {
        if (fault instanceof RpcRefused) return { complaint: fault.message };
        throw fault;
      }
    },
  };
}
