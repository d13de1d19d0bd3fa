import type { Fingerprint } from '../domain/fingerprint.ts';
import type { FeeRate } from '../domain/fee-rate.ts';
import type { NetworkName } from '../domain/network.ts';
import type { Branch } from '../wallet/address.ts';
import type { SingleKeyScript } from '../domain/wallet-script.ts';
import type { Finding } from './finding.ts';

export type Verdict = 'ready' | 'judgement' | 'refused';

export interface ReviewedPayment {
  readonly index: number;
  /** `null` where the script has no address. */
  readonly address: string | null;
  readonly scriptHex: string;
  readonly amountSats: bigint;
  /** In a sweep: the registered wallet whose address this was proven to be. It stays a payment: a sweep has no change. */
  readonly to: { readonly walletId: string; readonly branch: Branch; readonly childIndex: number } | null;
}

/** An output that was proven to be the wallet's own by rebuilding its script from the registered descriptor. */
export interface ReviewedChange {
  readonly index: number;
  readonly address: string;
  readonly amountSats: bigint;
  readonly walletId: string;
  readonly branch: Branch;
  readonly childIndex: number;
}

export interface ReviewedInput {
  readonly index: number;
  readonly txid: string;
  readonly vout: number;
  readonly sequence: number;
  /** 0 where unproven; a finding says so. */
  readonly amountSats: bigint;
  readonly proof: 'previous-transaction' | 'taproot' | null;
  readonly walletId: string | null;
  readonly branch: Branch | null;
  readonly childIndex: number | null;
  /** The paper key that spends it, and the script that was rebuilt from it. */
  readonly singleKey: { readonly fingerprint: Fingerprint; readonly publicKeyHex: string; readonly script: SingleKeyScript } | null;
  readonly signedBy: readonly Fingerprint[];
}

export interface ReviewedQuorum {
  /** Of paper keys in a sweep: all of them, since each spends alone. */
  readonly required: number;
  readonly total: number;
  /** Cosigners whose valid signature stands on every input. */
  readonly signed: readonly Fingerprint[];
  readonly thisKey: Fingerprint | null;
  /** All keys at hand, `thisKey` the first of them; left out where there is one or none. */
  readonly keys?: readonly Fingerprint[];
  readonly stillNeeded: number;
}

/** What a transaction does, as far as it could be proven, and everything that speaks against signing it. */
export interface Review {
  readonly verdict: Verdict;
  /** SHA-256 of the PSBT's bytes, hex. */
  readonly reviewId: string;
  readonly psbtVersion: 0 | 2;
  readonly network: NetworkName;
  /** Of the transaction, not of the PSBT. */
  readonly version: number;
  /** 0 for none; below 500,000,000 a height, from there on a time. @see BIP65 */
  readonly locktime: number;
  readonly walletIds: readonly string[];
  readonly inputsSats: bigint;
  readonly paymentsSats: bigint;
  readonly changeSats: bigint;
  /** May be negative; a finding says so. */
  readonly feeSats: bigint;
  readonly feeRate: FeeRate;
  /** Hundredths of a percent of the payments, or of the inputs when nothing leaves; `null` when both are zero. */
  readonly feeBasisPoints: bigint | null;
  readonly payments: readonly ReviewedPayment[];
  readonly change: readonly ReviewedChange[];
  readonly inputs: readonly ReviewedInput[];
  readonly quorum: ReviewedQuorum;
  /** Complete, not only the first. */
  readonly findings: readonly Finding[];
}
