import type { ChainSource } from '../../companion/chain-source.ts';
import type { CareEffects } from './care-effects.ts';
import type { Ledger } from '../../companion/ledger/ledger.ts';
import type { LedgerWork } from './ledger-work.ts';

/** Everything that the Companion's handlers need of the world. No private key is among it. */
export interface CompanionEffects {
  /**
   * A view of the chain by a node's URL, or by the agreement of several nodes; the caller closes it.
   * @throws StrongroomError `node.url`, and what the source's kind throws
   */
  readonly openChainSource: (node: string | readonly string[]) => Promise<ChainSource>;
  /** The books, opened on first use and kept open. @throws StrongroomError `ledger.malformed`, `ledger.busy`, `file.*` */
  readonly ledger: () => Promise<Ledger>;
  /** The books where they were begun, or `null`: for work that needs none, and must not begin any. @throws as `ledger` */
  readonly begunLedger: () => Promise<Ledger | null>;
  /** Goes through the whole of the books, beside everything else; where it is left out (books without a file), they are gone through where they are. */
  readonly checkBooks?: LedgerWork['check'];
  /** Lets everything else that waits have its turn, between two parts of long work. */
  readonly pause?: () => Promise<void>;
  /** Node care and the standby. */
  readonly care: CareEffects;
  /** Who is logged in on this machine: stands in the journal of notes. */
  readonly user?: () => string;
  /** ISO 8601, UTC. */
  readonly now: () => string;
}
