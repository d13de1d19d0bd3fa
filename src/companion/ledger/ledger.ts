import type { NetworkName } from '../../domain/network.ts';
import type { Branch } from '../../wallet/address.ts';
import type { BookStore } from './book-store.ts';
import type { CoinStore } from '../coins/coins.ts';
import type { QueueStore } from '../queue/queue.ts';
import type { ScheduleStore } from '../schedule/schedule-store.ts';

/** What a transaction is to a wallet: planned here as a sweep or a payment, or only seen to arrive or leave. */
export type EntryKind = 'sweep' | 'pay' | 'receive' | 'spend';

/**
 * Where a booked transaction stands. `broadcast`: known, not in a block. `confirmed`: in the chain. `reorganised`: it was in
 * a block that is no longer in the chain, and is not in another one yet. `replaced`: it can no longer confirm, because the
 * chain spent its inputs otherwise or the node gave it up.
 */
export type EntryState = 'broadcast' | 'confirmed' | 'reorganised' | 'replaced';

export interface BookedWallet {
  readonly walletId: string;
  readonly name: string;
  readonly network: NetworkName;
}

/** An output of the wallet. */
export interface BookedOutput {
  readonly vout: number;
  readonly amountSats: bigint;
  readonly branch: Branch;
  readonly index: number;
}

/** An output of the wallet that a transaction spends. */
export interface BookedSpend {
  readonly txid: string;
  readonly vout: number;
  readonly amountSats: bigint;
}

/** What one transaction did to one wallet. The books hold outputs and spends; every sum is computed from them. */
export interface BookedTransaction {
  readonly txid: string;
  readonly walletId: string;
  readonly kind: EntryKind;
  readonly state: EntryState;
  /** Whether the node knew it, in a block or its mempool, when the books were last refreshed. Only then does it count. */
  readonly live: boolean;
  /** `null` while in no block. */
  readonly height: number | null;
  /** Of its block, where the source said it. */
  readonly blockHash?: string;
  /** How high the chain was when it was first seen without a block. */
  readonly seenHeight?: number;
  readonly feeSats: bigint | null;
  /** ISO 8601, UTC: when the ledger first knew of it. */
  readonly bookedAt: string;
  readonly received: readonly BookedOutput[];
  readonly spent: readonly BookedSpend[];
  readonly references: readonly string[];
}

/** An unsigned transaction that was planned here: what its confirmation will be called, and the address it took. */
export interface BookedPlan {
  /** Id of the transaction without signatures. */
  readonly planId: string;
  readonly kind: 'sweep' | 'pay';
  readonly walletId: string;
  readonly plannedAt: string;
  /** `txid:vout` of every input. */
  readonly outpoints: readonly string[];
  readonly references: readonly string[];
  /** The cold address that was offered to this plan: the sweep's destination, the payment's change. */
  readonly reserved: { readonly branch: Branch; readonly index: number } | null;
}

/** A plan as it is booked, with its unsigned PSBT: replies are merged into it, and what is sent is compared with it. */
export interface NewPlan extends BookedPlan {
  readonly psbt?: Uint8Array;
  /** Addresses of other wallets that it took: the change of a hot wallet that is swept. */
  readonly alsoReserved?: readonly { readonly walletId: string; readonly branch: Branch; readonly index: number }[];
}

/** An address of a wallet that a plan holds. */
export interface Reservation {
  readonly index: number;
  /** The outpoints of the plan that holds it. */
  readonly outpoints: readonly string[];
}

/**
 * The intention to send a transaction, written before it is sent, so that nothing is forgotten when the program or the
 * machine stops in between, and nothing is sent twice.
 */
export interface BroadcastIntent {
  readonly txid: string;
  /** Id of the same transaction without signatures: finds its plan. */
  readonly planId: string;
  readonly network: NetworkName;
  readonly transaction: Uint8Array;
  readonly references: readonly string[];
  readonly intendedAt: string;
  /** `intended` until the node is known to have it; `refused` when the node's test refused it and it was not sent. */
  readonly state: 'intended' | 'sent' | 'refused';
}

/** The height up to which the books of a network are up to date. */
export interface BookedTip {
  readonly network: NetworkName;
  readonly height: number;
  readonly refreshedAt: string;
}

/**
 * The books as stored. Reads and writes are synchronous and short; what belongs together is written in one `atomically`,
 * which either happens or does not, whenever the machine stops. May fail with `ledger.malformed`, `ledger.busy`,
 * `file.disk-full`, `file.unwritable`.
 */
export interface Ledger {
  /** Runs the work as the only writer; an exception undoes it. Does not nest. */
  atomically<T>(work: () => T): T;

  saveWallet(wallet: BookedWallet): void;
  wallets(): readonly BookedWallet[];
  /** The highest index of both branches that somebody had a wallet watched to; -1 where nobody did. */
  watchedTo(walletId: string): number;
  /** Never becomes less. @param at ISO 8601, UTC */
  saveWatchedTo(walletId: string, index: number, at: string): void;
  saveTip(tip: BookedTip): void;
  tips(): readonly BookedTip[];

  /** Of one wallet, or of all, whole and into memory; oldest booking first. Lists and sums are asked of `books`. */
  transactions(walletId: string | null): readonly BookedTransaction[];
  /**
   * Writes or replaces, by txid and wallet, and posts what follows from it.
   * @param at ISO 8601, UTC: when it became known; the time of booking when left out
   */
  saveTransaction(transaction: BookedTransaction, at?: string): void;
  /** The double entry over these transactions: lists, balances, periods. */
  readonly books: BookStore;

  savePlan(plan: NewPlan): void;
  plan(planId: string): BookedPlan | null;
  /** The unsigned PSBT of a plan; `null` where it is not kept: of a plan of an earlier version, or one of the oldest. */
  plannedPsbt(planId: string): Uint8Array | null;
  /** Plans that spend any of these outputs (`txid:vout`), the latest first. */
  plansSpending(outpoints: readonly string[]): readonly BookedPlan[];
  reservations(walletId: string, branch: Branch): readonly Reservation[];

  saveIntent(intent: BroadcastIntent): void;
  intent(txid: string): BroadcastIntent | null;
  /** All that are in this state on a network. */
  intents(network: NetworkName, state: BroadcastIntent['state']): readonly BroadcastIntent[];

  /** Plans that wait to be signed and sent, and the versions of each payment. */
  readonly queue: QueueStore;
  /** Labels, frozen outputs, tags, offered addresses. */
  readonly coins: CoinStore;
  /** Standing rules and what they prepared. */
  readonly schedules: ScheduleStore;

  close(): void;
}
