import type { FeeRate } from '../../domain/fee-rate.ts';
import type { NetworkName } from '../../domain/network.ts';
import type { RejectReason } from '../chain-source.ts';
import type { MerkleProof } from './merkle-proof.ts';

/** A line of a script's history, as a server tells it. */
export interface HistoryLine {
  readonly txid: string;
  /** `null` in the mempool. */
  readonly height: number | null;
}

export interface TipHeader {
  readonly height: number;
  /** 80 bytes. */
  readonly header: Uint8Array;
}

/**
 * What Electrum and Esplora servers can be asked. Nothing that they answer counts before it is proven: amounts by raw transactions,
 * confirmations by merkle proofs, those by headers. Answers are in the order of the questions. Every method may fail with
 * `node.unreachable`, `node.certificate`, `node.unauthorised`, `node.not-ready`, `node.rejected`, `node.malformed`.
 */
export interface LightServer {
  /** Host and port of our own URL: how errors and people call it. */
  readonly name: string;
  /** How many headers behind the tip are worth asking for: beyond, each stands for itself. `null`: all. */
  readonly linkDepth: number | null;
  tip(): Promise<TipHeader>;
  /** Headers of consecutive blocks; fewer where the server gives fewer at a time, at least one. */
  headers(startHeight: number, count: number): Promise<readonly Uint8Array[]>;
  histories(scripts: readonly Uint8Array[]): Promise<readonly (readonly HistoryLine[])[]>;
  /** Raw bytes; `null` where the server has no such transaction. */
  transactions(txids: readonly string[]): Promise<readonly (Uint8Array | null)[]>;
  merkleProofs(lines: readonly { readonly txid: string; readonly height: number }[]): Promise<readonly MerkleProof[]>;
  /** Where a transaction that it has is: a height, `null` for the mempool, `undefined` where it does not say. */
  heightOf(txid: string, bytes: Uint8Array): Promise<number | null | undefined>;
  /** Hands it over. What it answers is the id, or why it was refused in closed words. */
  broadcast(transaction: Uint8Array): Promise<{ readonly txid: string } | { readonly refused: RejectReason }>;
  estimateFeeRate(targetBlocks: number): Promise<FeeRate | null>;
  /** The least rate that it relays. */
  minimumFeeRate(): Promise<FeeRate>;
  /** Protocol and its number, in our words. */
  readonly version: string;
  /** Electrum and Esplora serve one chain; this is told apart by its first block, never by its word. */
  genesisHeader(): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** What a light server's words are held against. */
export interface LightClock {
  /** Seconds since 1970. */
  readonly now: () => number;
}

/** How old the newest block may be before a server counts as behind, seconds. On regtest blocks come when somebody asks for them. */
export const oldestTipSeconds = (network: NetworkName): number | null => (network === 'regtest' ? null : network === 'mainnet' ? 4 * 3600 : 24 * 3600);
