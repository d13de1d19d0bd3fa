import { sha256 } from '@noble/hashes/sha2.js';
import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { concat, parseHex, toHex, utf8 } from '../../domain/bytes.ts';
import { GENESIS_LABEL } from './chain-rules.ts';
import { sealTransaction, type PracticeTransaction } from './practice-transaction.ts';

/** A block of the practice network. There is no proof of work: its hash only commits to what it holds. */
export interface PracticeBlock {
  readonly height: number;
  /** Hex. */
  readonly hash: string;
  readonly previousHash: string;
  /** Seconds since 1970. */
  readonly time: number;
  /** The coinbase first; none in the genesis block. */
  readonly transactions: readonly PracticeTransaction[];
}

const uint64 = (value: number | bigint): Uint8Array => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
};

/** SHA-256d over label, chain id, previous hash, height, time and the witness hash of every transaction. */
function hashBlock(chainId: string, block: Omit<PracticeBlock, 'hash'>): string {
  const parts = [utf8(GENESIS_LABEL), parseHex(chainId), parseHex(block.previousHash), uint64(block.height), uint64(block.time)];
  const preimage = concat(...parts, ...block.transactions.map((practice) => parseHex(practice.wtxid)));
  return toHex(sha256(sha256(preimage)));
}

/** A block from what it holds. */
export const createBlock = (chainId: string, block: Omit<PracticeBlock, 'hash'>): PracticeBlock => ({ ...block, hash: hashBlock(chainId, block) });

/** The first block: no transaction, and a hash that depends on the chain's random id, so that no two practice chains mix. */
export const genesisBlock = (chainId: string, time: number): PracticeBlock => createBlock(chainId, { height: 0, previousHash: '0'.repeat(64), time, transactions: [] });

/** A minimally encoded script number as a push (BIP34). */
function pushNumber(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.push(rest % 256);
  if (((bytes.at(-1) ?? 0) & 0x80) !== 0) bytes.push(0);
  return Uint8Array.of(bytes.length, ...bytes);
}

/**
 * The transaction that pays a block's reward.
 * @param extraNonce makes the coinbases of two blocks at one height differ, as after a reorganisation
 */
export function createCoinbase(height: number, extraNonce: number, scriptPubKey: Uint8Array, rewardSats: bigint): PracticeTransaction {
  const transaction = new Transaction();
  transaction.version = 2;
  transaction.addInput(new Uint8Array(32), 0xffff_ffff, 0xffff_ffff, concat(pushNumber(height), Uint8Array.of(8), uint64(extraNonce)));
  transaction.addOutput(scriptPubKey, rewardSats);
  return sealTransaction(transaction);
}
