import type { ChainWork } from '../chain-source.ts';
import type { HealthFacts } from './health-facts.ts';

/** A wallet's public descriptors, as the node lists them without private keys. */
export interface NodeDescriptor {
  readonly descriptor: string;
  readonly active: boolean;
  readonly internal: boolean;
}

/** An unspent output of a wallet that the node keeps; `txid:vout`. */
export interface NodeOutput {
  readonly outpoint: string;
  readonly amountSats: bigint;
  readonly confirmations: number;
}

/** A transaction of a wallet that is in no block. */
export interface PendingTransaction {
  readonly txid: string;
  /** Full, as it can be sent again. */
  readonly transaction: Uint8Array;
  readonly inMempool: boolean;
}

/** What a wallet looks like from outside: all of it public. */
export interface WalletView {
  readonly kind: 'descriptor' | 'legacy';
  readonly privateKeys: boolean;
  /** Sorted; empty for a legacy wallet, which has none. */
  readonly descriptors: readonly NodeDescriptor[];
  /** The first addresses of each active descriptor. */
  readonly firstAddresses: readonly string[];
  /** Sorted by outpoint. */
  readonly outputs: readonly NodeOutput[];
}

/**
 * One node of the organisation, for its care: what its health is, and what is done with the wallets that it keeps. Nothing here asks
 * for a private key, and no method could return one. May fail with `node.*`; no text of the node leaves an implementation.
 */
export interface CareNode {
  /** Whether the node runs on this machine, so that files can go between it and us. */
  readonly isLocal: boolean;
  health(): Promise<HealthFacts>;

  /** Has the node write a wallet's file to a path on its own machine. @throws StrongroomError `backup.node-cannot-write` */
  backUpWallet(wallet: string, path: string): Promise<void>;
  /** Opens a wallet's file under a name of its own, which may be a folder's path. @throws StrongroomError `backup.node-cannot-restore` */
  restoreWallet(name: string, path: string): Promise<void>;
  unloadWallet(name: string): Promise<void>;
  viewWallet(wallet: string): Promise<WalletView>;
  /** Which of some addresses a wallet counts as its own. */
  ownAddresses(wallet: string, addresses: readonly string[]): Promise<readonly boolean[]>;

  pending(wallet: string): Promise<readonly PendingTransaction[]>;
  /** Has the node look for the wallet's transactions in all blocks from a height on. @throws StrongroomError `host.cancelled`, `node.pruned` */
  rescan(wallet: string, fromHeight: number, work: ChainWork): Promise<{ readonly fromHeight: number; readonly toHeight: number }>;
  /** Unspent outputs of a wallet's descriptors in the whole chain: a truth that the wallet had no part in. */
  scanOutputs(wallet: string, work: ChainWork): Promise<readonly NodeOutput[]>;
  close(): void;
}
