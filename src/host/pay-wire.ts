import * as v from 'valibot';
import { command } from './contract.ts';
import { NodeUrl, PlannedPsbt } from './plan-wire.ts';
import { FeeRateText, SatsText, SmallText, TxidHex } from './wire.ts';

/** `txid:vout`. */
export const OutpointText = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}:(0|[1-9][0-9]{0,9})$/));
export const TagText = v.pipe(v.string(), v.minLength(1), v.maxLength(40));
const Outpoints = v.pipe(v.array(OutpointText), v.maxLength(10_000));
const Tags = v.pipe(v.array(TagText), v.maxLength(100));
/** A plan's id or its transaction's, whole or the first eight digits and more. */
export const PlanStart = v.pipe(v.string(), v.regex(/^[0-9a-f]{8,64}$/));
const ExpiryDays = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(365));

/** Which outputs may be spent. */
const CoinChoice = v.strictObject({
  only: v.optional(v.nullable(Outpoints)),
  exclude: v.optional(Outpoints),
  tags: v.optional(v.nullable(Tags)),
  excludeTags: v.optional(Tags),
});

/** The plan's place in the signing queue. */
export const Queued = v.strictObject({ planId: TxidHex, paymentId: TxidHex, version: v.number(), expiresAt: v.string() });

const Version = v.strictObject({ planId: TxidHex, feeSats: SatsText, feeRateSatPerVb: FeeRateText });
const Planned = v.strictObject({ ...PlannedPsbt.entries, queue: Queued });
const Replacement = v.strictObject({
  ...Planned.entries,
  /** The version whose place it takes. */
  replaces: Version,
  /** The highest fee that it had to pass: of all versions, with what spends from them. */
  replacedFeeSats: SatsText,
});

export const payContract = {
  /**
   * One transaction for all payments of a file, put into the signing queue. Outputs that a payment which still waits is to spend stay with
   * it, unless it is this one, planned again: then the new plan takes its place.
   */
  'pay.plan': command(
    v.strictObject({
      wallet: SmallText, paymentsCsv: v.pipe(v.string(), v.maxLength(4_194_304)), node: NodeUrl, feeRate: v.nullable(FeeRateText),
      coins: v.optional(CoinChoice),
      expiresInDays: v.optional(ExpiryDays),
      /** Pay the same once more, beside a plan of the same payments that still waits. */
      payAgain: v.optional(v.boolean()),
    }),
    Planned,
  ),
  /** A version with a higher fee in place of one that waits, whether it was signed or sent. `feeRate` null: the least that nodes take. */
  'pay.bump': command(v.strictObject({ plan: PlanStart, node: NodeUrl, feeRate: v.nullable(FeeRateText), expiresInDays: v.optional(ExpiryDays) }), Replacement),
  /** A version that pays nobody but the wallet itself: takes a payment back that may be signed or sent already. */
  'pay.cancel': command(v.strictObject({ plan: PlanStart, node: NodeUrl, feeRate: v.nullable(FeeRateText), expiresInDays: v.optional(ExpiryDays) }), Replacement),
  /** A child that spends what an unconfirmed transaction gave the wallet, with a fee for both. */
  'pay.cpfp': command(
    v.strictObject({ wallet: SmallText, txid: TxidHex, node: NodeUrl, feeRate: FeeRateText, expiresInDays: v.optional(ExpiryDays) }),
    v.strictObject({
      ...Planned.entries,
      /** The transaction, what it waits for, and the child. */
      package: v.strictObject({ transactions: v.number(), vsizeVb: v.number(), feeSats: SatsText, feeRateSatPerVb: FeeRateText }),
    }),
  ),
} as const;
