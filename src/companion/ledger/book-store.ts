import type { NetworkName } from '../../domain/network.ts';
import type { Branch } from '../../wallet/address.ts';
import type { BlockPoint } from '../chain-source.ts';
import type { BookedUtxo } from './balance.ts';
import type { BookedTransaction, EntryKind, EntryState } from './ledger.ts';
import type { AccountName, Layer } from './postings.ts';

/** Which entries are asked for. Everything that is given must hold. */
export interface EntryQuery {
  readonly walletId?: string | null | undefined;
  readonly kind?: EntryKind | null | undefined;
  readonly state?: EntryState | null | undefined;
  /** Days or moments of booking (ISO 8601, UTC), both included; a day ends at midnight. */
  readonly fromDate?: string | null | undefined;
  readonly toDate?: string | null | undefined;
  /** Heights, both included. */
  readonly fromHeight?: number | null | undefined;
  readonly toHeight?: number | null | undefined;
  /** Part of a reference or cost code, the beginning of a transaction id, or an amount in satoshis or BTC. */
  readonly text?: string | null | undefined;
  readonly costCode?: string | null | undefined;
  /** By booking, or by height where heights are asked for. */
  readonly newestFirst?: boolean | undefined;
  /** Where the last page ended. */
  readonly after?: string | null | undefined;
  readonly limit: number;
}

/** An entry as it is listed: without its outputs. */
export interface ListedEntry extends Omit<BookedTransaction, 'received' | 'spent' | 'live'> {
  readonly changeSats: bigint;
  readonly costCodes: readonly string[];
}

export interface EntryPage {
  readonly entries: readonly ListedEntry[];
  /** Asks for the next page; `null` at the end. */
  readonly next: string | null;
}

export interface Balance {
  readonly confirmedSats: bigint;
  readonly unconfirmedSats: bigint;
}

/** What somebody noted about a transaction (`vout` null) or one of its outputs. */
export interface Annotation {
  readonly txid: string;
  readonly vout: number | null;
  readonly field: 'reference' | 'cost-code';
  readonly text: string;
}

export interface AnnotationChange {
  readonly txid: string;
  readonly vout: number | null;
  readonly field: Annotation['field'];
  /** `null`: there was none. */
  readonly before: string | null;
  /** `null`: it was taken away. */
  readonly after: string | null;
  readonly changedBy: string;
  /** ISO 8601, UTC. */
  readonly changedAt: string;
}

/** What happened to a transaction. `opened`: it was in the books before they were kept as double entry. */
export type JournalEvent = 'opened' | 'seen' | 'confirmed' | 'reorganised' | 'dropped' | 'amended';

export interface JournalEntry {
  readonly id: number;
  readonly network: NetworkName;
  readonly txid: string;
  readonly event: JournalEvent;
  /** The block that it was found in, or that it left. */
  readonly height: number | null;
  readonly blockHash: string | null;
  readonly bookedAt: string;
  readonly postings: readonly { readonly account: AccountName; readonly layer: Layer; readonly amountSats: bigint }[];
}

/** A closed period as the books remember it. */
export interface ClosedPeriod {
  readonly sha256: string;
  readonly network: NetworkName;
  /** Sorted. */
  readonly walletIds: readonly string[];
  readonly fromHeight: number;
  readonly to: BlockPoint;
  readonly previous: string | null;
  readonly closedAt: string;
  readonly balances: readonly { readonly walletId: string; readonly openingSats: bigint; readonly closingSats: bigint }[];
}

/** An entry of a period, with what else a close says of it. */
export interface PeriodEntry {
  readonly txid: string;
  readonly walletId: string;
  readonly height: number;
  readonly blockHash: string | null;
  readonly kind: EntryKind;
  readonly changeSats: bigint;
  readonly feeSats: bigint | null;
  readonly references: readonly string[];
  readonly costCodes: readonly string[];
}

/** A fault of the books that a check found, in closed words. */
export interface BookFault {
  readonly code: 'database' | 'foreign-key' | 'not-zero' | 'balance' | 'entry-sum' | 'wallet-balance' | 'unspent' | 'period-chain' | 'period-balance';
  /** What it is about: an account, a transaction id, a hash. */
  readonly subject: string;
}

/** How much of what a look brought is booked. */
export interface UnfinishedLook {
  readonly walletId: string;
  readonly booked: number;
  readonly total: number;
}

/** The double entry of the ledger: everything here is answered from indices, however long the books are. */
export interface BookStore {
  /** Blocks that the books of a wallet were compared with, the highest first. */
  checkpoints(walletId: string): readonly BlockPoint[];
  /** Those above are forgotten: the chain has left them. */
  saveCheckpoint(walletId: string, point: BlockPoint): void;
  /** Has the next refresh read the wallet's whole history: what is watched now was not watched in blocks that the books know. */
  forgetCheckpoints(walletId: string): void;

  /** Looks that are booked in parts and not through yet: until then the books say less than the node. */
  unfinished(): readonly UnfinishedLook[];
  saveUnfinished(look: UnfinishedLook): void;
  /** The look is through. */
  finished(walletId: string): void;

  entry(walletId: string, txid: string): BookedTransaction | null;
  /** What a look since a height must explain: entries in no block that may still come into one, and those in blocks above. */
  openEntries(walletId: string, aboveHeight: number): readonly BookedTransaction[];
  /** The transaction in the chain that spends an output of the wallet, as booked. */
  spenderInChain(walletId: string, outpoint: { readonly txid: string; readonly vout: number }): string | null;

  /** The highest address of a branch that any transaction has paid; -1 where none has. */
  highestIndex(walletId: string, branch: Branch): number;

  count(walletId: string | null): number;
  page(query: EntryQuery): EntryPage;
  balance(walletId: string): Balance;
  /** By blocks up to this height. */
  balanceAt(walletId: string, height: number): bigint;
  /** What blocks hold for the wallet. */
  unspent(walletId: string): readonly (BookedUtxo & { readonly height: number })[];
  accounts(network: NetworkName): readonly { readonly account: AccountName; readonly layer: Layer; readonly balanceSats: bigint }[];
  journal(txid: string): readonly JournalEntry[];

  /** `text` `null` takes the note away. Nothing happens where it says so already. */
  annotate(note: Omit<Annotation, 'text'> & { readonly text: string | null }, by: string, at: string): void;
  annotations(txid: string): { readonly notes: readonly Annotation[]; readonly changes: readonly AnnotationChange[] };

  /** In the chain between these heights, both included, by height and id. */
  periodEntries(walletIds: readonly string[], fromHeight: number, toHeight: number): Iterable<PeriodEntry>;
  lastPeriod(walletIds: readonly string[]): ClosedPeriod | null;
  periods(): readonly ClosedPeriod[];
  /** What was booked or noted after a period was closed and concerns a block of it or before. */
  changedSince(period: ClosedPeriod): { readonly journal: readonly JournalEntry[]; readonly notes: readonly AnnotationChange[] };
  savePeriod(period: ClosedPeriod): void;

  /** Goes through everything: seconds for a large ledger. */
  check(): readonly BookFault[];
}
