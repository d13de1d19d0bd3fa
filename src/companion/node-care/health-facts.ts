import type { FeeRate } from '../../domain/fee-rate.ts';

/** Programs that answer like Bitcoin Core; which one is told by the node's name for itself, which is never shown. */
export type NodeProgram = 'core' | 'knots' | 'litecoin' | 'dogecoin' | 'other';

/** How a wallet of a node keeps its keys. */
export interface HealthWallet {
  readonly name: string;
  readonly kind: 'descriptor' | 'legacy';
  readonly privateKeys: boolean;
  /** Whether its private keys are encrypted with a passphrase; `null` where it has none. */
  readonly encrypted: boolean | null;
  /** While it is not locked again. */
  readonly unlocked: boolean;
  readonly scanning: boolean;
}

/**
 * What a node says of its own health, as read. `null`: this source cannot say. No text of the node is in it but names of its
 * wallets, which its owner gave.
 */
export interface HealthFacts {
  readonly chain: string;
  readonly isTestChain: boolean;
  readonly height: number;
  readonly headers: number;
  readonly initialDownload: boolean;
  readonly pruned: boolean;
  /** Time of the best block, seconds since 1970. */
  readonly tipTime: number | null;
  readonly program: NodeProgram | null;
  /** As the node counts: 290500 is 29.5.0. */
  readonly version: number | null;
  readonly peers: { readonly inbound: number | null; readonly outbound: number | null; readonly total: number } | null;
  readonly networkActive: boolean;
  /** By how much the node's peers' clocks differ from its own, seconds. */
  readonly clockOffsetSeconds: number | null;
  readonly wallets: readonly HealthWallet[] | null;
  /** Bytes that the node's blocks take. */
  readonly sizeOnDisk: number | null;
  /** Bytes free where the node keeps them; known for a node on this machine only. */
  readonly diskFree: number | null;
  readonly mempool: { readonly loaded: boolean; readonly count: number; readonly bytes: number; readonly minimumFeeRate: FeeRate } | null;
  readonly feeRates: readonly { readonly blocks: number; readonly rate: FeeRate | null }[];
  readonly uptimeSeconds: number | null;
  /** Whether the node warns of something. Its text is not kept. */
  readonly hasWarnings: boolean | null;
}

/** The targets that fee rates are asked for, blocks. */
export const FEE_TARGETS = [1, 3, 6, 144] as const;
