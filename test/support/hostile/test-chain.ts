import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { ChainIndex, hash256, merkleRoot } from '../peers/chain-index.ts';
import type { ServedChain } from '../peers/served-chain.ts';

/** Regtest's first block. */
const GENESIS_HEADER = Buffer.from('0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4adae5494dffff7f2002000000', 'hex');
const BITS = 0x207fffff;
const REWARD_SATS = 5_000_000_000n;

/** An output that can be spent on, by whoever asks: nobody checks signatures on this chain. */
export interface Coin {
  readonly txid: string;
  readonly vout: number;
}

export interface Payment {
  readonly script: Uint8Array;
  readonly amountSats: bigint;
}

/** A transaction with a push of a number in its first input, so that no two are the same. */
export function testTransaction(inputs: readonly Coin[], outputs: readonly Payment[], salt = 0): Transaction {
  const transaction = new Transaction();
  transaction.version = 2;
  for (const { txid, vout } of inputs) transaction.addInput(Buffer.from(txid, 'hex').reverse(), vout, 0xffff_fffd, Buffer.from([4, salt & 255, (salt >> 8) & 255, (salt >> 16) & 255, 0]));
  for (const { script, amountSats } of outputs) transaction.addOutput(script, amountSats);
  return transaction;
}

export interface HeaderParts {
  readonly previous: Buffer;
  readonly root: Buffer;
  readonly time: number;
  readonly bits?: number;
}

/** 80 bytes with work for regtest's target, or deliberately without. */
export function makeHeader({ previous, root, time, bits = BITS }: HeaderParts, withWork = true): Buffer {
  const header = Buffer.alloc(80);
  header.writeUInt32LE(0x2000_0000, 0);
  previous.copy(header, 4);
  root.copy(header, 36);
  header.writeUInt32LE(time >>> 0, 68);
  header.writeUInt32LE(bits, 72);
  for (let nonce = 0; ; nonce += 1) {
    header.writeUInt32LE(nonce, 76);
    // The target's first byte is 0x7f: half of all hashes are below it.
    if (((hash256(header)[31] as number) < 0x7f) === withWork) return header;
  }
}

/** A regtest chain in memory with real headers and no rules of its own: it holds whatever a test puts in. */
export class TestChain implements ServedChain {
  readonly index = new ChainIndex();
  readonly relayFee = '0.00001000';
  #salt = 0;
  /** Seconds; blocks follow each other by ten minutes. */
  #time = 1_296_688_602;

  constructor() {
    const genesis = new Transaction();
    genesis.addInput(Buffer.alloc(32), 0xffff_ffff, 0xffff_ffff, Buffer.from('genesis'));
    genesis.addOutput(Buffer.from([0x51]), REWARD_SATS);
    this.index.connect(GENESIS_HEADER, [genesis]);
  }

  async refresh(): Promise<void> {}

  async broadcast(bytes: Buffer): Promise<{ readonly txid: string }> {
    return { txid: this.wait(Transaction.fromBuffer(bytes)) };
  }

  /** A block with these transactions; the reward goes to a script. */
  mine(transactions: readonly Transaction[] = [], rewardScript: Uint8Array = Buffer.from([0x51])): string {
    this.#salt += 1;
    this.#time += 600;
    const coinbase = new Transaction();
    coinbase.version = 2;
    coinbase.addInput(Buffer.alloc(32), 0xffff_ffff, 0xffff_ffff, Buffer.from(`block ${this.#salt}`));
    coinbase.addOutput(rewardScript, REWARD_SATS);
    const all = [coinbase, ...transactions];
    const tip = this.index.blocks.at(-1);
    this.index.connect(makeHeader({ previous: hash256(tip?.header ?? Buffer.alloc(0)), root: merkleRoot(all.map((each) => each.getId())), time: this.#time }), all);
    return coinbase.getId();
  }

  mineMany(count: number): void {
    for (let block = 0; block < count; block += 1) this.mine();
  }

  /** A transaction that pays these, out of nowhere: a fresh coin of no script that anybody asks for. */
  pay(...payments: readonly Payment[]): Transaction {
    this.#salt += 1;
    return testTransaction([{ txid: hash256(Buffer.from(`coin ${this.#salt}`)).toString('hex'), vout: 0 }], payments, this.#salt);
  }

  /** Puts a transaction into the mempool. */
  wait(transaction: Transaction): string {
    const txid = this.index.add(transaction);
    this.index.setMempool([...this.index.mempool, txid]);
    return txid;
  }

  forget(txid: string): void {
    this.index.setMempool([...this.index.mempool].filter((each) => each !== txid));
  }

  /** Takes blocks back and puts others in their place; `more` of them than were taken. */
  reorganise(depth: number, transactions: readonly Transaction[] = [], more = 1): void {
    for (let block = 0; block < depth; block += 1) this.index.disconnect();
    this.#time += 1;
    for (let block = 0; block < depth + more; block += 1) this.mine(block === 0 ? transactions : []);
  }
}
