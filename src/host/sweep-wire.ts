import * as v from 'valibot';
import { command } from './contract.ts';
import { NodeUrl, NodeWalletName, PlannedPsbt } from './plan-wire.ts';
import { FeeRateText, FingerprintText, Height, PercentText, Quorum, SatsText, SmallText, TxidHex } from './wire.ts';

/** Percent as people type it: `0.5`. */
export const TypedPercent = v.pipe(v.string(), v.regex(/^(0|[1-9][0-9]{0,2})(\.[0-9]{1,2})?$/));
const Confirmations = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000_000));
const Tags = v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(60))), v.maxLength(50));
const TargetBlocks = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1008));

/** What is swept: a wallet that the node keeps, wallets that Strongroom watches by their files, or single addresses. */
export const HotSource = v.variant('kind', [
  v.strictObject({ kind: v.literal('node-wallet'), name: NodeWalletName }),
  v.strictObject({ kind: v.literal('wallets'), wallets: v.pipe(v.array(SmallText), v.minLength(1), v.maxLength(20)) }),
  v.strictObject({ kind: v.literal('addresses'), addresses: SmallText }),
]);

/** When and how much is swept; what is left out limits nothing. */
export const SweepPolicy = v.strictObject({
  /** Stays hot. */
  floorSats: v.optional(v.nullable(SatsText)),
  /** Swept only above it, and then down to the floor. */
  ceilingSats: v.optional(v.nullable(SatsText)),
  /** The most that all transactions cost together. */
  budgetSats: v.optional(v.nullable(SatsText)),
  /** The most that each transaction costs, of what it moves out of the hot wallet. */
  budgetPercent: v.optional(v.nullable(TypedPercent)),
  /** The rate at which outputs could be moved some day: those wait for which the difference is above `premiumPercent` of their amount (1 where left out). */
  longTermFeeRate: v.optional(v.nullable(FeeRateText)),
  premiumPercent: v.optional(v.nullable(TypedPercent)),
  leastConfirmations: v.optional(v.nullable(Confirmations)),
  mostConfirmations: v.optional(v.nullable(Confirmations)),
  fromHeight: v.optional(v.nullable(Height)),
  toHeight: v.optional(v.nullable(Height)),
  /** Only outputs with one of these tags; none of those with one of `excludeTags`. */
  tags: v.optional(v.nullable(Tags)),
  excludeTags: v.optional(v.nullable(Tags)),
});

const sweepRequest = {
  source: HotSource,
  to: SmallText,
  node: NodeUrl,
  /** `null`: the node's estimate for `targetBlocks` (6 where left out). */
  feeRate: v.nullable(FeeRateText),
  targetBlocks: v.optional(v.nullable(TargetBlocks)),
  policy: SweepPolicy,
  /** Into as many transactions as it takes, each as large as nodes relay; otherwise one. */
  split: v.boolean(),
};

/** What the sweep would come to at one fee rate; `code` says why nothing would be swept. */
const PreviewLine = v.variant('swept', [
  v.strictObject({
    swept: v.literal(true), feeRateSatPerVb: FeeRateText, feeSats: SatsText, percent: PercentText, movedSats: SatsText, transactions: v.number(), inputs: v.number(),
    outputsLeft: v.number(), leftHotSats: SatsText, withinBudget: v.boolean(),
  }),
  v.strictObject({ swept: v.literal(false), feeRateSatPerVb: FeeRateText, code: v.string() }),
]);
/** The node's estimates for confirmation within some blocks; `null` where it cannot say. */
const FeeTarget = v.strictObject({ blocks: v.number(), feeRateSatPerVb: v.nullable(FeeRateText) });

const HotState = v.strictObject({ /** What could be spent now. */ usableSats: SatsText, outputs: v.number() });
const previews = { feeRateSatPerVb: FeeRateText, hot: HotState, preview: v.array(PreviewLine), targets: v.array(FeeTarget) };

/** What each address held, where addresses were given. */
const Found = v.array(v.strictObject({ address: v.string(), outputs: v.number(), amountSats: SatsText }));
/** Why outputs stay, with what moving them costs now and at the long-term rate, where one was given. */
const Left = v.strictObject({ txid: TxidHex, vout: v.number(), amountSats: SatsText, reason: v.string() });
const Economics = v.strictObject({
  longTermFeeRateSatPerVb: FeeRateText,
  /** Of the inputs that are moved: at the rate of now, and at the long-term rate. */
  movedNowSats: SatsText, movedLaterSats: SatsText,
  /** Of the outputs that wait for a lower rate, the same. */
  waiting: v.number(), waitingNowSats: SatsText, waitingLaterSats: SatsText,
});

const Signers = v.variant('kind', [
  v.strictObject({ kind: v.literal('node-wallet'), name: NodeWalletName }),
  v.strictObject({ kind: v.literal('wallets'), wallets: v.array(v.strictObject({ walletId: v.string(), name: v.string(), quorum: Quorum, fingerprints: v.array(FingerprintText) })) }),
  v.strictObject({ kind: v.literal('paper') }),
]);

/** Where a refill goes. */
export const HotTarget = v.variant('kind', [
  v.strictObject({ kind: v.literal('node-wallet'), name: NodeWalletName }),
  v.strictObject({ kind: v.literal('wallet'), wallet: SmallText }),
  v.strictObject({ kind: v.literal('address'), address: v.pipe(v.string(), v.maxLength(200)) }),
]);

export const sweepContract = {
  /** What a sweep would cost now and at lower rates. Takes no address and writes nothing. */
  'sweep.preview': command(v.strictObject(sweepRequest), v.strictObject(previews)),
  /** Unsigned transactions, each to an address of its own of the cold wallet, all booked or none. */
  'sweep.prepare': command(
    v.strictObject(sweepRequest),
    v.strictObject({
      plans: v.pipe(v.array(PlannedPsbt), v.minLength(1)),
      /** Of all transactions together. */
      totals: v.strictObject({
        transactions: v.number(), inputs: v.number(), movedSats: SatsText, paymentsSats: SatsText, feeSats: SatsText, feePercent: PercentText, vsizeVb: v.number(), leftHotSats: SatsText,
      }),
      /** Outputs that none of them spends, each with its reason as in a plan. */
      skipped: v.array(Left),
      signers: Signers,
      economics: v.nullable(Economics),
      found: v.optional(Found),
      ...previews,
    }),
  ),
  /** Brings a hot wallet that is below its floor up to a target, from the cold wallet. */
  'refill.plan': command(
    v.strictObject({ wallet: SmallText, to: HotTarget, node: NodeUrl, feeRate: v.nullable(FeeRateText), floorSats: SatsText, targetSats: SatsText }),
    v.strictObject({
      ...PlannedPsbt.entries,
      /** What the hot wallet holds, with what is on its way to it; of a lone address what that address holds. */
      hot: v.strictObject({ balanceSats: SatsText, floorSats: SatsText, targetSats: SatsText, /** Compare it with what the hot wallet itself shows. */ address: v.string() }),
      signers: Signers,
    }),
  ),
} as const;
