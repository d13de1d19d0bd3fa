import type { FeeRate } from '../domain/fee-rate.ts';
import type { ErrorCode } from '../errors/catalog.ts';
import type { NetworkName } from '../domain/network.ts';
import type { Branch } from '../wallet/address.ts';
import type { Wallet } from '../wallet/wallet.ts';

/** What a node says of itself. */
export interface NodeStatus {
  readonly network: NetworkName;
  /** The node's own name for its chain. */
  readonly chain: string;
  readonly height: number;
  readonly headers: number;
  readonly pruned: boolean;
  readonly synced: boolean;
  readonly version: string;
  /** The least rate that the node relays. */
  readonly minimumFeeRate: FeeRate;
}

/** An unspent output of a wallet that Strongroom watches, matched by its script to the wallet's own derivation. */
export interface WalletUtxo {
  readonly txid: string;
  readonly vout: number;
  readonly amountSats: bigint;
  readonly scriptPubKey: Uint8Array;
  readonly address: string;
  readonly branch: Branch;
  readonly index: number;
  /** 0 while in the mempool. */
  readonly confirmations: number;
}

/** An unspent output of a wallet that the node keeps itself. */
export interface HotUtxo {
  readonly txid: string;
  readonly vout: number;
  readonly amountSats: bigint;
  readonly scriptPubKey: Uint8Array;
  readonly address: string | null;
  readonly confirmations: number;
  /** Whether the node would spend it now: solvable, not locked, its parents trusted. */
  readonly spendable: boolean;
}

/** An unspent output of a script that was asked for, whoever's it is. */
export interface ScriptUtxo {
  readonly txid: string;
  readonly vout: number;
  readonly amountSats: bigint;
  readonly scriptPubKey: Uint8Array;
  /** Of its block; `null` while in the mempool. */
  readonly height: number | null;
  /** 0 while in the mempool. */
  readonly confirmations: number;
  /** `spent`: a transaction that waits spends it. `immature`: a block's reward too young to be spent. */
  readonly state: 'free' | 'spent' | 'immature';
}

/** What one transaction did to a watched wallet. */
export interface WalletTransaction {
  readonly txid: string;
  /** `null` while in the mempool. */
  readonly height: number | null;
  /** Of its block, where the source says it with the transaction. */
  readonly blockHash?: string;
  /** 0 in the mempool; -1 when it was in a block that is no longer in the chain, or was replaced. */
  readonly confirmations: number;
  /** Outputs to the wallet. */
  readonly received: readonly { readonly vout: number; readonly amountSats: bigint; readonly branch: Branch; readonly index: number }[];
  /** Outpoints of the wallet that it spends, with their amounts. */
  readonly spent: readonly { readonly txid: string; readonly vout: number; readonly amountSats: bigint }[];
  /** Known when every input is the wallet's. */
  readonly feeSats: bigint | null;
}

/** A block by height and hash: what the books were last compared with. */
export interface BlockPoint {
  readonly height: number;
  /** As people write it, 64 hexadecimal digits. */
  readonly hash: string;
}

/** What happened to a wallet since a block. */
export interface WalletChanges {
  /** Transactions in blocks after it, in the mempool, and those that are no longer in the block they were in; oldest first. */
  readonly transactions: readonly WalletTransaction[];
  /** True when `transactions` is the whole history: the block asked for is not in the chain any more, or none was named. */
  readonly isWhole: boolean;
  /** The best block that this is the state of; ask with it next time. */
  readonly tip: BlockPoint;
}

/** A transaction that waits, with what must be confirmed before it. Amounts in satoshis, sizes in virtual bytes. */
export interface MempoolEntry {
  readonly feeSats: bigint;
  readonly vsizeVb: number;
  /** Itself and everything unconfirmed that it spends from. */
  readonly ancestors: { readonly count: number; readonly vsizeVb: number; readonly feeSats: bigint };
  /** Itself and everything that spends from it. */
  readonly descendants: { readonly count: number; readonly vsizeVb: number; readonly feeSats: bigint };
}

export type TransactionStatus =
  | { readonly state: 'mempool' }
  | { readonly state: 'confirmed'; readonly height: number; readonly confirmations: number }
  | { readonly state: 'unknown' };

/** Why a node's test refused a transaction, in closed words; the node's own text is never shown. */
export type RejectReason = 'already-known' | 'inputs-missing-or-spent' | 'fee-too-low' | 'fee-too-high' | 'non-final' | 'policy' | 'invalid';

/** `untested`: the source has no test (Electrum, Esplora); whether it takes the transaction shows only when it is handed over. */
export type TestAccept = { readonly accepted: true } | { readonly accepted: false; readonly reason: RejectReason } | { readonly accepted: null; readonly reason: 'untested' };

/** What one of the sources that were asked had to say, for people to see whom a balance rests on. */
export interface SourceReport {
  /** Host and port of our own URL, or `practice`. */
  readonly node: string;
  /** `agrees`: with every other that answered. `asked`: answered, and nothing was compared yet. */
  readonly state: 'agrees' | 'asked' | 'lagging' | 'disagrees' | 'unreachable' | 'unasked';
  /** Of the newest block that it showed. */
  readonly height: number | null;
  /** The error of its last failure, where it failed. */
  readonly code: ErrorCode | null;
}

/** The outputs of a wallet that the chain held unspent as of one block. */
export interface UtxoSetScan {
  readonly height: number;
  readonly blockHash: string;
  readonly utxos: readonly {
    readonly txid: string; readonly vout: number; readonly amountSats: bigint; readonly scriptPubKey: Uint8Array; /** Of its block. */ readonly height: number;
    /** Where the wallet derives the script, by whoever looked for it there. */
    readonly place?: { readonly branch: Branch; readonly index: number };
  }[];
}

/** How far the addresses of a wallet are to be watched at least, whatever a source watches by itself. */
export interface WatchReach {
  /** The highest index that somebody asked for, on both branches; the past is looked through for it too. -1: nobody did. */
  readonly to: number;
  /** The highest index of each branch that is known to be paid, -1 for none: where a source must look that remembers nothing itself. */
  readonly paid?: () => readonly [receive: number, change: number];
}

/** The further of two, on each branch. */
export function furthestReach(a: WatchReach | undefined, b: WatchReach | undefined): WatchReach | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const paid = (): readonly [number, number] => {
    const [first, second] = [a.paid?.() ?? [-1, -1], b.paid?.() ?? [-1, -1]] as const;
    return [Math.max(first[0], second[0]), Math.max(first[1], second[1])];
  };
  return { to: Math.max(a.to, b.to), paid };
}

/** How many addresses of each branch are watched, from index 0 on. */
export type WatchedCounts = readonly [receive: number, change: number];

/** Progress and cancellation of long work. */
export interface ChainWork {
  readonly progress: (progress: { readonly fraction: number | null; readonly activity: string }) => void;
  readonly isCancelled: () => boolean;
}

/**
 * A view of one chain, as the organisation's own node or the practice network gives it. Every method may fail with
 * `node.unreachable`, `node.unauthorised`, `node.not-ready`, `node.rejected`, `node.malformed`. No text of a server ever
 * leaves an implementation.
 */
export interface ChainSource {
  status(): Promise<NodeStatus>;

  /**
   * Begins to watch a wallet: its descriptors, no keys. Scans the past on first use, and again where `reach` is further than before; what
   * is watched never becomes less. Safe to call again, also after it was stopped.
   */
  watch(wallet: Wallet, work: ChainWork, reach?: WatchReach): Promise<WatchedCounts>;
  utxos(wallet: Wallet): Promise<readonly WalletUtxo[]>;
  /** Every transaction that touches the wallet, oldest first. */
  transactions(wallet: Wallet, work?: ChainWork): Promise<readonly WalletTransaction[]>;
  /** What is new since a block; the whole history where `since` is `null` or in the chain no longer. */
  changesSince(wallet: Wallet, since: BlockPoint | null, work: ChainWork): Promise<WalletChanges>;
  /** The hash of the block at a height of the best chain; `null` above its tip. */
  blockHash(height: number): Promise<string | null>;
  /**
   * The median time past of the block at a height (BIP113), in seconds since 1970, which never runs backwards; `null` above the tip.
   * A source that cannot tell leaves it out: periods are then named by blocks.
   */
  blockTime?(height: number): Promise<number | null>;

  /**
   * Full bytes of a transaction in a block or the mempool, checked to hash to the id.
   * @param height of its block, where it is known: a node without a transaction index finds it by that
   */
  rawTransaction(txid: string, height?: number): Promise<Uint8Array>;
  /**
   * The same for many at once, by txid, each checked as `rawTransaction` checks it; those that are missing from the answer are to be
   * asked for one by one. A source that cannot do it better than that leaves it out.
   */
  rawTransactions?(wanted: readonly { readonly txid: string; readonly height?: number | undefined }[]): Promise<ReadonlyMap<string, Uint8Array>>;
  transactionStatus(txid: string): Promise<TransactionStatus>;
  /** `null` where the transaction is not in the mempool. */
  mempoolEntry(txid: string): Promise<MempoolEntry | null>;

  /** Unspent outputs of a wallet that the node keeps. @throws StrongroomError `node.wallet` */
  hotUtxos(walletName: string): Promise<readonly HotUtxo[]>;
  /** A new change address of a wallet that the node keeps. */
  hotChangeAddress(walletName: string): Promise<string>;
  /** A new receive address of a wallet that the node keeps. A source without such wallets leaves it out. */
  hotReceiveAddress?(walletName: string): Promise<string>;
  /** Has the node sign and finalize with its own wallet. Takes and gives PSBT bytes. */
  hotSign(walletName: string, psbt: Uint8Array): Promise<Uint8Array>;

  /** A rate for confirmation within some blocks, or `null` where the node cannot say. */
  estimateFeeRate(targetBlocks: number): Promise<FeeRate | null>;
  testAccept(transaction: Uint8Array): Promise<TestAccept>;
  /** @returns the id. @throws StrongroomError `broadcast.refused` */
  broadcast(transaction: Uint8Array): Promise<string>;

  /** The node's whole UTXO set, filtered by the wallet's descriptors, and somewhat past what is watched: the outside truth of an audit. */
  scanUtxoSet(wallet: Wallet, work: ChainWork, reach?: WatchReach): Promise<UtxoSetScan>;

  /** Unspent outputs of these scripts in the whole chain; those in the mempool only where the source knows of them. */
  scriptUtxos(scripts: readonly Uint8Array[], work: ChainWork): Promise<readonly ScriptUtxo[]>;

  /**
   * Has a wallet searched up to these indices at least, receive and change; left out where the source watches far enough by itself.
   * @returns whether that is further than before
   */
  watchTo?(wallet: Wallet, highest: readonly [number, number]): boolean;
  /** Whom it stands for, where it stands for several; the state of their last answers. */
  sources?(): readonly SourceReport[];

  close(): Promise<void>;
}
