import type { BookFault } from '../../../companion/ledger/book-store.ts';
import type { ErrorDetails } from '../../../errors/strongroom-error.ts';
import type { BackupContents } from '../../../service/companion/ledger-work.ts';

/** What the ledger's thread is asked to do. A `copy` is a file that is not there yet and that only the thread knows; it stays when all went well. */
export type LedgerJob =
  /** Goes through a copy of the ledger, which is taken away again. */
  | { readonly kind: 'check'; readonly ledger: string; readonly copy: string }
  /** Makes a copy of the ledger that is whole, by every rule of the books. */
  | { readonly kind: 'copy'; readonly ledger: string; readonly copy: string }
  /** Says what a backup holds. */
  | { readonly kind: 'look'; readonly backup: string }
  /** Makes a copy of a backup that is whole; `sha256` where it is known already what its bytes are. */
  | { readonly kind: 'take'; readonly backup: string; readonly copy: string; readonly sha256: string | null };

/** What comes of each. */
export interface LedgerAnswers {
  readonly check: { readonly faults: readonly BookFault[]; readonly entries: number };
  readonly copy: { readonly sha256: string; readonly bytes: number };
  readonly look: BackupContents;
  readonly take: { readonly sha256: string };
}

/** Where the thread is: what is done, and where the present step will bring it. 0 to 1 both. */
export interface JobStep {
  readonly done: number;
  readonly until: number;
  readonly activity: string;
}

export type LedgerMessage =
  | { readonly kind: 'step'; readonly step: JobStep }
  | { readonly kind: 'done'; readonly answer: LedgerAnswers[LedgerJob['kind']] }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string; readonly details: ErrorDetails; readonly hint: string }
  /** A fault of the program: its kind and its places, no text. */
  | { readonly kind: 'fault'; readonly places: string };
