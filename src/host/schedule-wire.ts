import * as v from 'valibot';
import { command } from './contract.ts';
import { NodeUrl, PlannedPsbt } from './plan-wire.ts';
import { HotSource, HotTarget, SweepPolicy } from './sweep-wire.ts';
import { FeeRateText, FileName, FileBase64, SatsText, SmallText, TxidHex } from './wire.ts';

/** What a rule is called. */
export const RuleName = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,39}$/));
const Clock = v.pipe(v.string(), v.regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/));
const Hours = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(24 * 366));

/** When a rule may prepare; all times are UTC. */
const times = {
  name: RuleName,
  isOn: v.optional(v.boolean(), true),
  /** The node that it is evaluated against. */
  node: NodeUrl,
  /** At which it is prepared; `null`: the node's estimate of then. */
  feeRate: v.optional(v.nullable(FeeRateText), null),
  /** Nothing is prepared at a higher rate. */
  mostFeeRate: v.optional(v.nullable(FeeRateText), null),
  /** Empty: every day. */
  days: v.optional(v.array(v.picklist(['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'])), []),
  /** `null`: the whole day. */
  window: v.optional(v.nullable(v.strictObject({ from: Clock, to: Clock })), null),
  leastHoursBetween: v.optional(Hours, 0),
  /** A prepared transaction that was not sent is prepared anew after so many hours; `null` never. */
  renewAfterHours: v.optional(v.nullable(v.pipe(Hours, v.minValue(1))), null),
};

/** A rule. The wallet files are kept with it. */
export const ScheduleRule = v.variant('kind', [
  v.strictObject({ kind: v.literal('sweep'), ...times, source: HotSource, to: SmallText, /** With its floor and ceiling. */ policy: SweepPolicy }),
  v.strictObject({ kind: v.literal('refill'), ...times, from: SmallText, target: HotTarget, floorSats: SatsText, targetSats: SatsText }),
]);

const WaitReason = v.picklist(['off', 'day', 'time', 'interval', 'outstanding', 'below-ceiling', 'above-floor', 'fee-rate']);
const Prepared = v.strictObject({ planId: TxidHex, preparedAt: v.string(), fileName: FileName });

const ListedRule = v.strictObject({
  name: RuleName, kind: v.picklist(['sweep', 'refill']), isOn: v.boolean(), addedAt: v.string(), node: NodeUrl,
  /** In words: what is swept or refilled, and from where. */
  hot: v.strictObject({ kind: v.string(), names: v.array(v.string()) }), cold: v.strictObject({ walletId: v.string(), name: v.string() }),
  floorSats: SatsText, /** Of a refill the target. */ ceilingSats: SatsText, feeRate: v.nullable(FeeRateText), mostFeeRate: v.nullable(FeeRateText), days: v.array(v.string()), window: v.nullable(v.strictObject({ from: Clock, to: Clock })),
  leastHoursBetween: v.number(), renewAfterHours: v.nullable(v.number()),
  lastRun: v.nullable(v.strictObject({ ranAt: v.string(), outcome: v.picklist(['prepared', 'waiting', 'failed']), details: v.array(v.string()) })),
  prepared: v.array(Prepared),
});

/** What a rule came to in one run. `outstanding` files were prepared before and still wait; they are the same bytes as then. */
const RuleOutcome = v.variant('outcome', [
  v.strictObject({ name: RuleName, outcome: v.literal('prepared'), plans: v.array(PlannedPsbt) }),
  v.strictObject({ name: RuleName, outcome: v.literal('waiting'), reasons: v.array(WaitReason), hotSats: SatsText, feeRateSatPerVb: FeeRateText, outstanding: v.array(v.strictObject({ ...Prepared.entries, psbtBase64: FileBase64 })) }),
  v.strictObject({ name: RuleName, outcome: v.literal('failed'), code: v.string(), message: v.string(), hint: v.string() }),
]);

export const scheduleContract = {
  'schedule.list': command(v.strictObject({}), v.strictObject({ rules: v.array(ListedRule) })),
  /** Adds a rule; with `replace` instead of one of the same name, whose prepared plans stay known. */
  'schedule.add': command(v.strictObject({ rule: ScheduleRule, replace: v.optional(v.boolean(), false) }), v.strictObject({ rule: ListedRule })),
  'schedule.remove': command(v.strictObject({ name: RuleName }), v.strictObject({})),
  'schedule.switch': command(v.strictObject({ name: RuleName, isOn: v.boolean() }), v.strictObject({ rule: ListedRule })),
  /** Looks at every rule, or at one, and prepares what is due. Sends nothing. */
  'schedule.run': command(v.strictObject({ name: v.nullable(RuleName) }), v.strictObject({ outcomes: v.array(RuleOutcome) })),
} as const;

