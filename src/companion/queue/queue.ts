import type { Fingerprint } from '../../domain/fingerprint.ts';
import type { NetworkName } from '../../domain/network.ts';

/** How a version of a payment came to be. `child`: it spends what an unconfirmed transaction gave us, to pull that one along. */
export const versionReasons = ['planned', 'planned-again', 'bumped', 'cancelled', 'child'] as const;
export type VersionReason = (typeof versionReasons)[number];

/** Whose keys sign: the cosigners of the cold wallet, a hot wallet (the node's own, or watched ones and their quorums), or those of paper wallets. */
export type QueueSigners = 'cold' | 'hot' | 'paper';

/** A payment of a plan, as it was ordered. */
export interface QueuedPayment {
  readonly address: string;
  readonly amountSats: bigint;
  readonly reference: string;
  readonly costCode: string | null;
}

/** A plan that waits to be signed and sent: one version of one payment. Amounts in satoshis, times in ISO 8601, UTC. */
export interface QueueEntry {
  /** Id of the transaction without signatures. */
  readonly planId: string;
  /** The plan of the payment's first version; the same for all of its versions. */
  readonly paymentId: string;
  /** From 1. */
  readonly version: number;
  readonly reason: VersionReason;
  readonly kind: 'sweep' | 'pay';
  readonly walletId: string;
  readonly network: NetworkName;
  readonly signers: QueueSigners;
  readonly plannedAt: string;
  readonly expiresAt: string;
  readonly inputsSats: bigint;
  readonly paymentsSats: bigint;
  readonly changeSats: bigint;
  readonly feeSats: bigint;
  readonly vsizeVb: number;
  readonly paymentCount: number;
  /** SHA-256 of the unsigned PSBT, hex: its files are named by it. */
  readonly psbtSha256: string;
  /** The transaction that a child pulls along. */
  readonly parentTxid: string | null;
  /** Signatures that the quorum lacks, or the one of several that lacks most; `null` where no cosigners sign. */
  readonly stillNeeded: number | null;
  /** The watched wallets that a sweep spends from, whose quorums sign it; none where anybody else signs. */
  readonly signingWallets: readonly SigningWallet[];
  readonly signatures: readonly QueuedSignature[];
  readonly handovers: readonly { readonly fingerprint: Fingerprint; readonly handedAt: string }[];
  readonly final: { readonly txid: string; readonly finalizedAt: string } | null;
  readonly discarded: { readonly at: string; readonly reason: string } | null;
}

/** A watched wallet that a sweep spends from. */
export interface SigningWallet {
  readonly walletId: string;
  readonly name: string;
  /** Signatures that its quorum takes. */
  readonly required: number;
  /** Signatures that its quorum lacks. */
  readonly stillNeeded: number;
}

/** Who signed a plan, by which file. */
export interface QueuedSignature {
  readonly fingerprint: Fingerprint;
  readonly receivedAt: string;
  readonly fileName: string;
}

/** A reply that was refused because its version was replaced, or is no longer awaited. Its bytes are not kept. */
export interface QuarantinedReply {
  readonly planId: string;
  readonly fileName: string;
  /** SHA-256 of the file, hex. */
  readonly sha256: string;
  readonly code: string;
  readonly signedBy: readonly Fingerprint[];
  readonly receivedAt: string;
}

/** A wallet whose plans wait, with what verifies signatures of it. */
export interface QueuedWallet {
  readonly walletId: string;
  /** Strongroom's wallet file. */
  readonly text: string;
  readonly required: number;
  readonly cosigners: readonly { readonly fingerprint: Fingerprint; readonly label: string }[];
}

/** What the books know of a plan's transaction. */
export interface QueueEvidence {
  /** Whether it was handed to a node; `null` where it never was meant to be. */
  readonly sent: 'intended' | 'sent' | 'refused' | null;
  /** As booked; `null` where the books have not seen it. */
  readonly booked: { readonly confirmed: boolean; readonly height: number | null } | null;
  /** Other transactions, known to the node at the last look, that spend any of its inputs. */
  readonly spentBy: readonly { readonly txid: string; /** The plan that it was sent as, where it was sent from here. */ readonly planId: string | null; readonly confirmed: boolean }[];
}

/** The signing queue as stored: part of the ledger, so that a plan, its reserved address and its place in the queue are written at once. */
export interface QueueStore {
  saveWallet(wallet: QueuedWallet): void;
  wallet(walletId: string): QueuedWallet | null;

  /** Puts a plan into the queue; one that is there already is renewed and keeps its signatures. */
  add(entry: NewQueueEntry, payments: readonly QueuedPayment[]): void;
  entry(planId: string): QueueEntry | null;
  /** Entries whose plan id, or final transaction id, begins so. */
  find(start: string): readonly QueueEntry[];
  /** Of one wallet, or of all; the latest first. */
  entries(walletId: string | null, most: number): readonly QueueEntry[];
  /** All versions of a payment, the first one first. */
  versions(paymentId: string): readonly QueueEntry[];
  payments(planId: string): readonly QueuedPayment[];
  evidence(planId: string): QueueEvidence;
  /** Addresses out of these that plans of the wallet have paid. */
  paidAddresses(walletId: string, addresses: readonly string[]): ReadonlySet<string>;
  /** Outputs (`txid:vout`) that a plan spends. */
  outpoints(planId: string): readonly string[];

  /** The PSBT with the signatures so far; `null` before the first. */
  signedPsbt(planId: string): Uint8Array | null;
  /** Keeps signatures that were verified, and who made them. @param stillNeededOf what each of the plan's signing wallets lacks, by wallet id */
  saveSigned(planId: string, psbt: Uint8Array, stillNeeded: number, signatures: readonly QueuedSignature[], stillNeededOf?: ReadonlyMap<string, number>): void;
  saveFinal(planId: string, final: { readonly txid: string; readonly transaction: Uint8Array; readonly finalizedAt: string }): void;
  finalTransaction(planId: string): Uint8Array | null;
  saveDiscarded(planId: string, at: string, reason: string): void;
  saveHandover(planId: string, fingerprint: Fingerprint, handedAt: string): void;
  quarantine(reply: QuarantinedReply): void;
  /** Of all versions of a payment, oldest first. */
  quarantined(paymentId: string): readonly QuarantinedReply[];
}

export type NewQueueEntry = Omit<QueueEntry, 'signatures' | 'handovers' | 'final' | 'discarded'>;

/** How long a plan waits for its signatures: fee rates and prices of two weeks ago are no order of today. */
export const DEFAULT_EXPIRY_DAYS = 14;

/** @param from ISO 8601, UTC */
export const expiryOf = (from: string, days: number): string => new Date(Date.parse(from) + days * 86_400_000).toISOString();
