import type { ChainSource, WalletTransaction } from '../../companion/chain-source.ts';
import type { Ledger } from '../../companion/ledger/ledger.ts';
import { completePayment, type PaymentDraft } from '../../companion/plan/payment-plan.ts';
import type { QueueEntry, VersionReason } from '../../companion/queue/queue.ts';
import type { AddressDeriver } from '../../wallet/address.ts';
import { plannedReply, previousTransactions, psbtsWithReservations, type PlannedPsbt } from './planning.ts';
import { enqueue } from './queueing.ts';

export interface VersionTask {
  readonly source: ChainSource;
  readonly ledger: Ledger;
  readonly deriver: AddressDeriver;
  /** The wallet's. */
  readonly transactions: readonly WalletTransaction[];
  readonly draft: PaymentDraft;
  /** ISO 8601, UTC. */
  readonly plannedAt: string;
  readonly expiresInDays: number;
  /** `paymentId` null: a payment of its own. */
  readonly versionOf?: { readonly paymentId: string | null; readonly reason: VersionReason };
  readonly parentTxid?: string;
  /** Previous transactions that are known already. */
  readonly previous?: Map<string, Uint8Array>;
}

/** A plan that was booked, and its place in the queue. */
export interface BookedVersion {
  readonly planned: PlannedPsbt;
  readonly entry: QueueEntry;
}

/** Finishes a draft: its PSBT, its change address, the books and the queue, all or nothing. @throws as `psbtsWithReservations` */
export async function bookVersion({ source, ledger, deriver, transactions, draft, plannedAt, expiresInDays, versionOf, parentTxid, previous }: VersionTask): Promise<BookedVersion> {
  const known = await previousTransactions(source, draft, previous ?? new Map());
  const entries: QueueEntry[] = [];
  const [planned] = psbtsWithReservations(
    ledger,
    [{ ledger, deriver, transactions, draft, previous: known, plannedAt, complete: (next) => completePayment(draft, draft.changeSats > 0n ? next(1) : null) }],
    ([made]) => {
      const version = versionOf === undefined ? {} : { versionOf: { paymentId: versionOf.paymentId, reason: versionOf.reason } };
      entries.push(enqueue({ ledger, wallet: deriver.wallet, planned: made as PlannedPsbt, signers: 'cold', plannedAt, expiresInDays, ...version, ...(parentTxid === undefined ? {} : { parentTxid }) }));
    },
  );
  return { planned: planned as PlannedPsbt, entry: entries[0] as QueueEntry };
}

/** As it crosses the boundary. */
export const versionReply = ({ planned, entry }: BookedVersion, now: string) =>
  ({ ...plannedReply(planned, 'cold', now), queue: { planId: entry.planId, paymentId: entry.paymentId, version: entry.version, expiresAt: entry.expiresAt } });
