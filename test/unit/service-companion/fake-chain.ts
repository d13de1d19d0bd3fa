import type { ChainSource, NodeStatus, RejectReason, TransactionStatus } from '../../../src/companion/chain-source.ts';
import { formatOutpoint } from '../../../src/domain/outpoint.ts';
import type { FeeRate } from '../../../src/domain/fee-rate.ts';
import { StrongroomError } from '../../../src/errors/strongroom-error.ts';
import { decodePsbt } from '../../../src/psbt/codec/decode.ts';
import { parseTransaction, txidOfHash } from '../../../src/psbt/transaction.ts';
import { addressOfScript, type AddressDeriver } from '../../../src/wallet/address.ts';
import { equalBytes } from '../../../src/domain/bytes.ts';

/** A chain in memory that one test bends as it likes: transactions with heights, one wallet, one hot script. */
export class FakeChain {
  readonly transactions = new Map<string, { bytes: Uint8Array; height: number | null }>();
  height = 100;
  network: NodeStatus['network'] = 'regtest';
  synced = true;
  estimate: FeeRate | null = null;
  reject: RejectReason | null = null;
  /** What `broadcast` does instead of working. */
  broadcastFault: StrongroomError | null = null;
  historyFault: StrongroomError | null = null;
  hotSigner: (psbt: Uint8Array) => Uint8Array = (psbt) => psbt;
  readonly calls: string[] = [];
  readonly deriver: AddressDeriver;
  readonly hotScript: Uint8Array;
  constructor(deriver: AddressDeriver, hotScript: Uint8Array) {
    this.deriver = deriver;
    this.hotScript = hotScript;
  }

  add(bytes: Uint8Array, height: number | null): string {
    const { txid } = parseTransaction(bytes);
    this.transactions.set(txid, { bytes, height });
    return txid;
  }

  private outputs() {
    const all = [...this.transactions].flatMap(([txid, { bytes, height }]) => parseTransaction(bytes).transaction.outs.map((output, vout) => ({ txid, vout, amountSats: output.value, scriptPubKey: output.script, confirmations: height === null ? 0 : this.height - height + 1 })));
    const spent = new Set([...this.transactions.values()].flatMap(({ bytes }) => parseTransaction(bytes).transaction.ins.map((input) => formatOutpoint({ txid: txidOfHash(input.hash), vout: input.index }))));
    return { all, unspent: all.filter((output) => !spent.has(formatOutpoint(output))) };
  }
  private own(script: Uint8Array) {
    for (const branch of [0, 1] as const) for (let index = 0; index < 8; index += 1) if (equalBytes(this.deriver.derive(branch, index).scriptPubKey, script)) return this.deriver.derive(branch, index);
    return null;
  }

  /** Of the block at a height; a chain that is bent otherwise sets other ones. */
  hashAt = (height: number): string => height.toString(16).padStart(64, '0');

  source(): ChainSource {
    const called = (name: string): void => void this.calls.push(name);
    const source: ChainSource = {
      status: async () => ({ network: this.network, chain: this.network, height: this.height, headers: this.height + (this.synced ? 0 : 5), pruned: false, synced: this.synced, version: '1', minimumFeeRate: 1000n as FeeRate }),
      watch: async () => (called('watch'), [1_000, 1_000]),
      utxos: async () => this.outputs().unspent.flatMap((output) => {
        const derived = this.own(output.scriptPubKey);
        return derived === null ? [] : [{ ...output, address: derived.address, branch: derived.branch, index: derived.index }];
      }),
      transactions: async () => {
        if (this.historyFault !== null) throw this.historyFault;
        const { all } = this.outputs();
        return [...this.transactions].flatMap(([txid, { bytes, height }]) => {
          const { transaction } = parseTransaction(bytes);
          const received = transaction.outs.flatMap((output, vout) => {
            const derived = this.own(output.script);
            return derived === null ? [] : [{ vout, amountSats: output.value, branch: derived.branch, index: derived.index }];
          });
          const spent = transaction.ins.flatMap((input) => all.filter((output) => output.txid === txidOfHash(input.hash) && output.vout === input.index && this.own(output.scriptPubKey) !== null)).map(({ txid: from, vout, amountSats }) => ({ txid: from, vout, amountSats }));
          return received.length + spent.length === 0 ? [] : [{ txid, height, confirmations: height === null ? 0 : this.height - height + 1, received, spent, feeSats: null }];
        });
      },
      changesSince: async (wallet) => ({ transactions: await source.transactions(wallet), isWhole: true, tip: { height: this.height, hash: this.hashAt(this.height) } }),
      blockHash: async (height) => (height > this.height ? null : this.hashAt(height)),
      rawTransaction: async (txid) => (this.transactions.get(txid) as { bytes: Uint8Array }).bytes,
      transactionStatus: async (txid): Promise<TransactionStatus> => {
        const found = this.transactions.get(txid);
        if (found === undefined) return { state: 'unknown' };
        return found.height === null ? { state: 'mempool' } : { state: 'confirmed', height: found.height, confirmations: this.height - found.height + 1 };
      },
      mempoolEntry: async (txid) => {
        const found = this.transactions.get(txid);
        if (found === undefined || found.height !== null) return null;
        const { transaction } = parseTransaction(found.bytes);
        const { all } = this.outputs();
        const spent = transaction.ins.flatMap((input) => all.filter((output) => output.txid === txidOfHash(input.hash) && output.vout === input.index));
        const feeSats = spent.reduce((sum, { amountSats }) => sum + amountSats, 0n) - transaction.outs.reduce((sum, { value }) => sum + value, 0n);
        const alone = { count: 1, vsizeVb: transaction.virtualSize(), feeSats };
        return { feeSats, vsizeVb: alone.vsizeVb, ancestors: alone, descendants: alone };
      },
      hotUtxos: async () => this.outputs().unspent.filter((output) => equalBytes(output.scriptPubKey, this.hotScript)).map((output) => ({ ...output, address: addressOfScript(output.scriptPubKey, 'regtest'), spendable: true })),
      hotChangeAddress: async () => addressOfScript(this.hotScript, 'regtest') as string,
      hotSign: async (_, psbt) => {
        decodePsbt(psbt);
        return this.hotSigner(psbt);
      },
      estimateFeeRate: async () => this.estimate,
      testAccept: async () => {
        called('testAccept');
        return this.reject === null ? { accepted: true } : { accepted: false, reason: this.reject };
      },
      broadcast: async (transaction) => {
        called('broadcast');
        if (this.broadcastFault !== null) throw this.broadcastFault;
        return this.add(transaction, null);
      },
      scanUtxoSet: async () => ({ height: this.height, blockHash: this.hashAt(this.height), utxos: this.outputs().unspent.filter((output) => output.confirmations > 0 && this.own(output.scriptPubKey) !== null).map((output) => ({ ...output, height: this.height - output.confirmations + 1 })) }),
      scriptUtxos: async (scripts) => this.outputs().unspent.filter((output) => scripts.some((script) => equalBytes(script, output.scriptPubKey)))
        .map((output) => ({ ...output, height: output.confirmations === 0 ? null : this.height - output.confirmations + 1, state: 'free' as const })),
      close: async () => called('close'),
    };
    return source;
  }
}
