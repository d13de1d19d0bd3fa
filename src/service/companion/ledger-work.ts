import type { BookFault } from '../../companion/ledger/book-store.ts';
import type { ChainWork } from '../../companion/chain-source.ts';
import type { NetworkName } from '../../domain/network.ts';

/** What books hold, in a few numbers. */
export interface BooksFacts {
  readonly entries: number;
  /** ISO 8601, UTC: of the last entry; `null` where there is none. */
  readonly lastBookedAt: string | null;
  readonly closes: number;
  /** By network: how far they were brought up to date, and when. */
  readonly tips: readonly { readonly network: NetworkName; readonly height: number; readonly refreshedAt: string }[];
  readonly balances: readonly { readonly walletId: string; readonly walletName: string; readonly confirmedSats: bigint; readonly unconfirmedSats: bigint }[];
}

/** What a backup says of itself before it is gone through. */
export interface BackupContents extends BooksFacts {
  readonly sha256: string;
  readonly bytes: number;
  /** Whether its checksum stands beside it; where it does, it agrees. */
  readonly hasChecksum: boolean;
}

/** How long work is followed and stopped. */
export type LedgerWatch = Pick<ChainWork, 'isCancelled'> & { readonly progress: (progress: { readonly fraction: number | null; readonly activity: string; readonly remainingSeconds?: number }) => void };

/** Work on the whole of the ledger's file. It takes minutes for large books and runs beside everything else. */
export interface LedgerWork {
  /**
   * Every rule of the books, on the state that they are in now.
   * @throws StrongroomError `ledger.*`, `file.*`, `host.cancelled`
   */
  readonly check: (watch: LedgerWatch) => Promise<{ readonly faults: readonly BookFault[]; readonly entries: number }>;
}
