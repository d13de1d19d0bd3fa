import { feeRateOf, type FeeRate } from '../../domain/fee-rate.ts';
import { parseOutpoint } from '../../domain/outpoint.ts';
import { admit, admitBytes, type Admission, type ChainView } from './admission.ts';
import { createBlock, createCoinbase, genesisBlock, type PracticeBlock } from './block.ts';
import { MAX_BLOCK_WEIGHT, subsidyAt } from './chain-rules.ts';
import type { BlockMoment } from './finality.ts';
import { Mempool } from './mempool.ts';
import { coinsOf, readTransaction, type Coin, type PracticeTransaction } from './practice-transaction.ts';
import { UtxoSet } from './utxo-set.ts';

export interface MineOptions {
  /** Who gets the reward. */
  readonly scriptPubKey: Uint8Array;
  /** Now, in seconds; the block's time is this, or just after the median of the last eleven. */
  readonly time: number;
  /** Whether the mempool's transactions go in. */
  readonly includeMempool: boolean;
  /** Transactions that the miner knows of besides; they drive out of the mempool what spends the same. */
  readonly own?: readonly Uint8Array[];
}

const MEDIAN_SPAN = 11;
/** Room for the header and the coinbase. */
const RESERVED_WEIGHT = 4_000;

/**
 * The practice network's node, as a value in memory: blocks, unspent outputs, mempool and the rules between them. Knows
 * no file, no clock and no private key; whoever keeps it hands in the time.
 */
export class PracticeChain implements ChainView {
  readonly chainId: string;
  readonly mempool = new Mempool();
  readonly utxos = new UtxoSet();
  readonly #blocks: PracticeBlock[];
  /** For each block, what each of its transactions spent. */
  readonly #spent: (readonly (readonly Coin[])[])[] = [[]];
  readonly #heights = new Map<string, number>();
  readonly #departed = new Map<string, PracticeTransaction>();
  #blocksMined: number;

  /** @param chainId random, 64 hex digits */
  constructor(chainId: string, genesisTime: number) {
    this.chainId = chainId;
    this.#blocks = [genesisBlock(chainId, genesisTime)];
    this.#blocksMined = 0;
  }

  get tip(): PracticeBlock {
    return this.#blocks.at(-1) as PracticeBlock;
  }

  get height(): number {
    return this.tip.height;
  }

  /** Blocks ever found, those taken back included. */
  get blocksMined(): number {
    return this.#blocksMined;
  }

  get moment(): BlockMoment {
    return { height: this.height + 1, medianTimePast: this.medianTimePastAt(this.height) };
  }

  blockAt(height: number): PracticeBlock | undefined {
    return this.#blocks[height];
  }

  /** Transactions that were in a block or the mempool and are in neither now. */
  departed(): readonly PracticeTransaction[] {
    return [...this.#departed.values()];
  }

  medianTimePastAt(height: number): number {
    const times = this.#blocks.slice(Math.max(0, height - MEDIAN_SPAN + 1), height + 1).map((block) => block.time).sort((a, b) => a - b);
    return times[Math.floor(times.length / 2)] as number;
  }

  coin(outpoint: string): Coin | undefined {
    const confirmed = this.utxos.get(outpoint);
    if (confirmed !== undefined) return confirmed;
    const { txid, vout } = parseOutpoint(outpoint);
    const parent = this.mempool.get(txid)?.practice;
    return parent === undefined ? undefined : coinsOf(parent, null)[vout];
  }

  hasUnspentOutputs({ txid, transaction }: PracticeTransaction): boolean {
    return this.#heights.has(txid) && transaction.outs.some((_, vout) => this.utxos.get(`${txid}:${vout}`) !== undefined);
  }

  /** A transaction of the chain or the mempool, with its height or `null` in the mempool. */
  find(txid: string): { readonly practice: PracticeTransaction; readonly height: number | null } | undefined {
    const height = this.#heights.get(txid);
    const practice = height === undefined ? this.mempool.get(txid)?.practice : this.#blocks[height]?.transactions.find((candidate) => candidate.txid === txid);
    return practice === undefined ? undefined : { practice, height: height ?? null };
  }

  /** Whether a node would relay these bytes now. */
  test(bytes: Uint8Array): Admission {
    return admitBytes(this, bytes);
  }

  /** Takes bytes into the mempool if the rules allow. */
  accept(bytes: Uint8Array): Admission {
    const admission = admitBytes(this, bytes);
    if (admission.accepted) this.#enter(admission);
    return admission;
  }

  /** Finds a block. */
  mine(options: MineOptions): PracticeBlock {
    const own = (options.own ?? []).map((bytes) => this.#takeOwn(bytes));
    const height = this.height + 1;
    const chosen = options.includeMempool ? this.#fill() : own;
    const feesSats = chosen.reduce((total, practice) => total + (this.mempool.get(practice.txid)?.feeSats ?? 0n), 0n);
    const coinbase = createCoinbase(height, this.#blocksMined, options.scriptPubKey, subsidyAt(height) + feesSats);
    const time = Math.max(options.time, this.medianTimePastAt(this.height) + 1);
    const block = createBlock(this.chainId, { height, previousHash: this.tip.hash, time, transactions: [coinbase, ...chosen] });
    this.#connect(block);
    this.#blocksMined += 1;
    return block;
  }

  /**
   * Takes the last blocks back, as when another branch of the chain turns out longer. Their transactions return to the
   * mempool where they are still valid without those blocks; coinbases and what descends from them are gone.
   * @param depth 1 to the height
   */
  disconnect(depth: number): void {
    if (!Number.isInteger(depth) || depth < 1 || depth > this.height) throw new RangeError('that many blocks cannot be taken back');
    const waiting = this.mempool.entries().map(({ practice }) => practice);
    for (const practice of waiting) this.mempool.remove(practice.txid);
    const returning: PracticeTransaction[] = [];
    for (let step = 0; step < depth; step += 1) {
      const block = this.#blocks.pop() as PracticeBlock;
      const spent = this.#spent.pop() as readonly (readonly Coin[])[];
      for (let index = block.transactions.length - 1; index >= 0; index -= 1) {
        const practice = block.transactions[index] as PracticeTransaction;
        this.utxos.undo(practice, spent[index] ?? []);
        this.#heights.delete(practice.txid);
        if (practice.transaction.isCoinbase()) this.#departed.set(practice.txid, practice);
        else returning.unshift(practice);
      }
    }
    for (const practice of [...returning, ...waiting]) {
      const admission = admit(this, practice, 'consensus');
      if (admission.accepted) this.#enter(admission);
      else this.#departed.set(practice.txid, practice);
    }
  }

  /** Rates that the transactions of the last blocks paid. */
  recentFeeRates(blocks: number): readonly FeeRate[] {
    const from = Math.max(1, this.height - blocks + 1);
    return this.#blocks.slice(from).flatMap((block) =>
      block.transactions.slice(1).map((practice, index) => {
        const spent = this.#spent[block.height]?.[index + 1] ?? [];
        const outputsSats = practice.transaction.outs.reduce((total, output) => total + output.value, 0n);
        return feeRateOf(spent.reduce((total, coin) => total + coin.amountSats, 0n) - outputsSats, practice.vsizeVb);
      }),
    );
  }

  /**
   * Puts back a block as it was stored. What it holds was checked when it was found.
   * @returns false when it does not continue the chain
   */
  restoreBlock(stored: { readonly height: number; readonly hash: string; readonly time: number; readonly transactions: readonly Uint8Array[] }): boolean {
    const transactions = stored.transactions.flatMap((bytes) => readTransaction(bytes) ?? []);
    const block = createBlock(this.chainId, { height: this.height + 1, previousHash: this.tip.hash, time: stored.time, transactions });
    const continues = stored.height === block.height && stored.hash === block.hash && transactions.length === stored.transactions.length;
    if (continues) this.#connect(block);
    return continues;
  }

  /** Puts back the mempool and what was remembered. @returns false when something does not fit the chain */
  restoreRest(mempool: readonly Uint8Array[], departed: readonly Uint8Array[], blocksMined: number): boolean {
    for (const { practice } of this.mempool.entries()) this.mempool.remove(practice.txid);
    this.#departed.clear();
    this.#blocksMined = blocksMined;
    for (const bytes of departed) {
      const practice = readTransaction(bytes);
      if (practice === null) return false;
      this.#departed.set(practice.txid, practice);
    }
    return mempool.every((bytes) => {
      const practice = readTransaction(bytes);
      const coins = practice?.inputs.flatMap((input) => this.coin(input.key) ?? []) ?? [];
      if (practice === null || coins.length < practice.inputs.length) return false;
      const outputsSats = practice.transaction.outs.reduce((total, output) => total + output.value, 0n);
      this.mempool.add({ practice, feeSats: coins.reduce((total, coin) => total + coin.amountSats, 0n) - outputsSats });
      return true;
    });
  }

  #connect(block: PracticeBlock): void {
    const spent = block.transactions.map((practice) => this.utxos.apply(practice, block.height));
    for (const practice of block.transactions) {
      this.mempool.remove(practice.txid);
      this.#departed.delete(practice.txid);
      this.#heights.set(practice.txid, block.height);
    }
    this.#blocks.push(block);
    this.#spent.push(spent);
  }

  #enter(admission: Extract<Admission, { accepted: true }>): void {
    for (const txid of admission.replaced) this.#evict(txid);
    this.#departed.delete(admission.practice.txid);
    this.mempool.add({ practice: admission.practice, feeSats: admission.feeSats });
  }

  #evict(txid: string): void {
    for (const practice of this.mempool.removeWithDescendants(txid)) this.#departed.set(practice.txid, practice);
  }

  /** A miner's own transaction: valid by consensus, and stronger than what waits in the mempool. */
  #takeOwn(bytes: Uint8Array): PracticeTransaction {
    const practice = readTransaction(bytes);
    if (practice === null) throw new TypeError('a miner\'s own transaction is malformed');
    const waiting = this.mempool.get(practice.txid)?.practice;
    if (waiting !== undefined) return waiting;
    for (const txid of this.mempool.conflictsOf(practice)) this.#evict(txid);
    const admission = admit(this, practice, 'consensus');
    if (!admission.accepted) throw new TypeError('a miner\'s own transaction is invalid');
    this.#enter(admission);
    return practice;
  }

  /** As much of the mempool as fits a block, parents first. */
  #fill(): readonly PracticeTransaction[] {
    let weight = RESERVED_WEIGHT;
    const left = new Set<string>();
    const chosen: PracticeTransaction[] = [];
    for (const { practice } of this.mempool.entries()) {
      const waits = weight + practice.weight > MAX_BLOCK_WEIGHT || practice.inputs.some(({ txid }) => left.has(txid));
      if (waits) {
        left.add(practice.txid);
      } else {
        weight += practice.weight;
        chosen.push(practice);
      }
    }
    return chosen;
  }
}

