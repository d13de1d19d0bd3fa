import type { FeeRate } from '../../domain/fee-rate.ts';
import type { NetworkName } from '../../domain/network.ts';
import { formatOutpoint, type Outpoint } from '../../domain/outpoint.ts';
import { compareBytes } from '../../domain/bytes.ts';
import type { TxOutput } from '../../psbt/psbt.ts';
import type { Branch } from '../../wallet/address.ts';
import type { PaymentNote } from '../payments/payments.ts';
import type { PrivacyNote } from '../payments/privacy-notes.ts';
import type { SpendKind } from './vsize.ts';

/** Where an output stands in a wallet that Strongroom watches. */
export interface OwnPlace {
  readonly branch: Branch;
  readonly index: number;
  /** Of which wallet, where the plan draws on another one than it pays to; otherwise it is the one that the plan is of. */
  readonly walletId?: string;
}

/** An output that a plan may spend. */
export interface Spendable extends Outpoint {
  readonly amountSats: bigint;
  readonly scriptPubKey: Uint8Array;
  readonly address: string | null;
  readonly confirmations: number;
  readonly kind: SpendKind;
  /** Where it stands in the wallet that Strongroom watches; `null` in a hot wallet that the node keeps. */
  readonly own: OwnPlace | null;
  /** Of its block, where it is known. */
  readonly height?: number;
}

/**
 * Why an output was left unspent: `limit` when the transaction was as large as nodes relay, `spent` when another transaction that
 * waits spends it, `immature` when it is a block's reward too young to be spent, `frozen` when a person said that it stays. By a
 * sweep's policy: `age` outside the confirmations or blocks asked for, `label` by its label or tag, `wait` when it is to be moved at
 * a lower fee rate, `budget` when the fee that may be spent was used up. In a payment: `excluded` when a person left it out, `reserved`
 * when another payment that still waits is to spend it.
 */
export type SkipReason = 'unconfirmed' | 'dust' | 'locked' | 'floor' | 'not-needed' | 'limit' | 'spent' | 'immature' | 'frozen' | 'age' | 'label' | 'wait' | 'budget' | 'excluded' | 'reserved';

export interface Skipped extends Outpoint {
  readonly amountSats: bigint;
  readonly reason: SkipReason;
}

export interface PlannedPayment {
  readonly address: string;
  readonly scriptPubKey: Uint8Array;
  readonly amountSats: bigint;
  readonly reference: string;
  readonly costCode?: string;
}

/** Money that comes back: to the cold wallet's change branch, or to the hot wallet by an address of the node. */
export interface PlannedChange {
  readonly address: string;
  readonly scriptPubKey: Uint8Array;
  readonly amountSats: bigint;
  readonly own: OwnPlace | null;
}

/** Everything that an unsigned transaction will do. Inputs = payments + change + fee, to the satoshi. */
export interface Plan {
  readonly kind: 'sweep' | 'pay';
  readonly network: NetworkName;
  readonly inputs: readonly Spendable[];
  readonly payments: readonly PlannedPayment[];
  readonly change: PlannedChange | null;
  readonly inputsSats: bigint;
  readonly paymentsSats: bigint;
  readonly feeSats: bigint;
  /** The rate asked for; the signed transaction pays at least this. */
  readonly askedFeeRate: FeeRate;
  /** The rate that the fee comes to over `vsizeVb`. */
  readonly feeRate: FeeRate;
  /** Upper bound. */
  readonly vsizeVb: number;
  /** Where a sweep goes; `null` for a payment. */
  readonly destination: { readonly address: string; readonly branch: Branch; readonly index: number } | null;
  readonly leftHotSats: bigint | null;
  readonly skipped: readonly Skipped[];
  readonly notes: readonly PaymentNote[];
  /** What one transaction for each payment would cost by `feeOfSingles`; of payments alone. Satoshis. */
  readonly singlesFeeSats?: bigint;
  readonly privacy?: readonly PrivacyNote[];
}

/**
 * Replaceable by a higher fee (BIP125), final at once. The locktime of every plan is 0: a height as locktime, as node
 * wallets set it against fee sniping, would ask the offline Signer to judge a height that it cannot know.
 */
export const PLAN_SEQUENCE = 0xffff_fffd;
export const PLAN_LOCKTIME = 0;

/**
 * The order of a plan's outputs and inputs: by amount and script, by id and position. It is the same for everybody and
 * tells nothing of which output is the change.
 * @see BIP69
 */
const byAmountAndScript = (a: TxOutput, b: TxOutput): number =>
  a.amountSats === b.amountSats ? compareBytes(a.scriptPubKey, b.scriptPubKey) : a.amountSats < b.amountSats ? -1 : 1;
export const byOutpoint = (a: Outpoint, b: Outpoint): number => (a.txid === b.txid ? a.vout - b.vout : a.txid < b.txid ? -1 : 1);

/** Largest first; equal amounts by outpoint, so that the order depends on nothing but the outputs themselves. */
export const largestFirst = (a: Spendable, b: Spendable): number =>
  a.amountSats === b.amountSats ? byOutpoint(a, b) : a.amountSats > b.amountSats ? -1 : 1;

export const skip = (output: Outpoint & { readonly amountSats: bigint }, reason: SkipReason): Skipped =>
  ({ txid: output.txid, vout: output.vout, amountSats: output.amountSats, reason });

/** The outputs of the plan's transaction in their final order. */
export const planOutputs = (plan: Plan): readonly (PlannedPayment | PlannedChange)[] =>
  [...plan.payments, ...(plan.change === null ? [] : [plan.change])].sort(byAmountAndScript);

/**
 * What of a plan leaves the wallet that it spends from, its fee included: a sweep "sends" nothing, so that this is what its fee is a
 * part of. What comes back as change was never moved.
 */
export const movedSats = (plan: Pick<Plan, 'inputsSats' | 'change'>): bigint => plan.inputsSats - (plan.change?.amountSats ?? 0n);

/** The plan's outpoints as texts. */
export const planOutpoints = (plan: Plan): readonly string[] => plan.inputs.map(formatOutpoint);
