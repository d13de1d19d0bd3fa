import * as v from 'valibot';
import { AddressIndex, BranchName, FeeRateText, FileBase64, FileName, Height, PercentText, SatsText, SignedSatsText, TxidHex } from './wire.ts';

/** `bitcoind://127.0.0.1:8332?cookie=PATH`, `practice://FOLDER`, ...: never with a credential inside. */
export const OneNodeUrl = v.pipe(v.string(), v.minLength(1), v.maxLength(2048));
/** One node, or several that must agree; see docs/chain-sources.md. */
export const NodeUrl = v.union([OneNodeUrl, v.pipe(v.array(OneNodeUrl), v.minLength(1), v.maxLength(10))]);

/** Whom an answer rests on, where several nodes were asked. `node` is host and port of our own URL. */
export const Sources = v.array(
  v.strictObject({
    node: v.string(), state: v.picklist(['agrees', 'asked', 'lagging', 'disagrees', 'unreachable', 'unasked']), height: v.nullable(Height),
    /** Of its last failure; `null` where there was none. */
    code: v.nullable(v.string()),
  }),
);
/** The name of a wallet that the node itself keeps (a hot wallet). */
export const NodeWalletName = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

const PlanInput = v.strictObject({ txid: TxidHex, vout: v.number(), amountSats: SatsText, address: v.nullable(v.string()), confirmations: v.number() });
const PlanPayment = v.strictObject({ address: v.string(), amountSats: SatsText, reference: v.string(), /** Left out where there is none. */ costCode: v.optional(v.string()) });

/** What an unsigned transaction will do, in the same words as the Signer's review. */
export const Plan = v.strictObject({
  kind: v.picklist(['sweep', 'pay']),
  inputs: v.array(PlanInput),
  inputsSats: SatsText,
  payments: v.array(PlanPayment),
  paymentsSats: SatsText,
  feeSats: SatsText,
  feeRateSatPerVb: FeeRateText,
  feePercent: PercentText,
  vsizeVb: v.number(),
  change: v.nullable(v.strictObject({ address: v.string(), amountSats: SatsText, branch: v.nullable(BranchName), index: v.nullable(AddressIndex) })),
  /** Where a sweep goes; `null` for a payment. */
  destination: v.nullable(v.strictObject({ address: v.string(), branch: BranchName, index: AddressIndex })),
  /** What a sweep leaves in the hot wallet; `null` for a payment. */
  leftHotSats: v.nullable(SatsText),
  /** Outputs that were not spent, each with its reason. */
  skipped: v.array(v.strictObject({ txid: TxidHex, vout: v.number(), amountSats: SatsText, reason: v.picklist(['unconfirmed', 'dust', 'locked', 'floor', 'not-needed', 'limit', 'spent', 'immature', 'frozen', 'age', 'label', 'wait', 'budget', 'excluded', 'reserved']) })),
  /** What the payments file should make a person think of; lines count from 1, the header included. */
  notes: v.optional(v.array(v.strictObject({ code: v.picklist(['payments.duplicate', 'payments.same-address']), lines: v.array(v.number()) }))),
  /** What one transaction for each payment would cost, and what the batch saves of it; negative where it saves nothing. */
  singlesFeeSats: v.optional(SatsText),
  feeSavedSats: v.optional(SignedSatsText),
  feeSavedPercent: v.optional(PercentText),
  /** What the transaction tells beyond what it must: lines of the payments file, and outputs (`txid:vout`). */
  privacy: v.optional(v.array(v.strictObject({
    code: v.picklist(['privacy.payee-address-reused', 'privacy.own-address-reused', 'privacy.address-left-behind', 'privacy.joins-addresses', 'privacy.links-hot-and-cold', 'privacy.round-amounts', 'privacy.change-type', 'privacy.dust-coin', 'privacy.pays-own-wallet']),
    lines: v.array(v.number()), outpoints: v.array(v.string()),
  }))),
});
export const PlannedPsbt = v.strictObject({ plan: Plan, psbtBase64: FileBase64, psbtSha256: v.string(), suggestedName: FileName });
