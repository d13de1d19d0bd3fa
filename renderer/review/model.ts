/** What a transaction does, in the form that both a review (Signer) and a plan (Companion) are shown. Amounts: satoshis. */

export interface ReviewFinding {
  readonly severity: 'refuse' | 'acknowledge' | 'note';
  readonly code: string;
  readonly where: { readonly scope: 'global' | 'input' | 'output'; readonly index: number };
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

export interface ModelPayment {
  readonly key: string;
  /** `null` where the script has no address; then `scriptHex` is shown. */
  readonly address: string | null;
  readonly scriptHex: string | null;
  readonly amountSats: bigint;
  /** The order's reference, where a plan knows it. */
  readonly reference: string | null;
  /** Whose address it was proven to be, in words, where a sweep goes to a registered wallet; `null` where nobody proves it. */
  readonly proof: string | null;
}

export interface ModelChange {
  readonly key: string;
  readonly address: string;
  readonly amountSats: bigint;
  /** "derived by this wallet at receive/change branch and index", or where the change goes when nobody can prove it here. */
  readonly proof: string;
  readonly isProven: boolean;
}

export interface ModelInput {
  readonly key: string;
  readonly outpoint: string;
  /** `null` where no PSBT states it yet. */
  readonly sequence: string | null;
  readonly amountSats: bigint;
  /** How the amount was proven, in words. */
  readonly proof: string;
  readonly isProven: boolean;
  readonly signedBy: readonly string[];
}

export interface ReviewModel {
  readonly inputsSats: bigint;
  readonly paymentsSats: bigint;
  readonly feeSats: bigint;
  readonly changeSats: bigint;
  readonly feeRateSatPerVb: string;
  /** Percent of the payments (of the inputs when nothing leaves); `null` when there is nothing to compare with. */
  readonly feePercent: string | null;
  readonly payments: readonly ModelPayment[];
  readonly change: readonly ModelChange[];
  readonly inputs: readonly ModelInput[];
  /** What the transaction says of its own validity, in words; `null` of a plan, whose terms the PSBT will state. */
  readonly terms: readonly (readonly [string, string])[] | null;
  readonly findings: readonly ReviewFinding[];
}
