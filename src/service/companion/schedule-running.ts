import type { InferInput } from 'valibot';
import type { ChainSource, ChainWork, NodeStatus } from '../../companion/chain-source.ts';
import type { Ledger } from '../../companion/ledger/ledger.ts';
import { usableSatsOf } from '../../companion/plan/sweep-plan.ts';
import { decide } from '../../companion/schedule/decide.ts';
import type { KeptRule, PreparedPlan } from '../../companion/schedule/schedule-store.ts';
import { toBase64 } from '../../domain/bytes.ts';
import { formatFeeRate, type FeeRate } from '../../domain/fee-rate.ts';
import { formatOutpoint } from '../../domain/outpoint.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { scheduleContract } from '../../host/schedule-wire.ts';
import { encodePsbt } from '../../psbt/codec/encode.ts';
import { transactionId } from '../../psbt/transaction.ts';
import { parseSats } from '../../domain/amount.ts';
import { usableStatus, withChain } from './chain-access.ts';
import type { CompanionEffects } from './effects.ts';
import { feeRateFor, plannedName, plannedReply, type NextSigners, type PlannedPsbt } from './planning.ts';
import { openRefill, prepareRefill, type RefillRequest } from './refill-planning.ts';
import { coldWalletOf, decidingPart, readKeptRule, type RuleInput } from './schedule-rules.ts';
import { openSweep, policyOf, prepareSweep, type SweepRequest } from './sweep-preparing.ts';

type Outcome = InferInput<(typeof scheduleContract)['schedule.run']['output']>['outcomes'][number];

/** What a rule is about, as the node sees it now, and how its plan is made. */
interface OpenRule {
  readonly hotSats: bigint;
  /** Whether an output that a prepared plan spends is still there. */
  readonly isUnspent: (outpoint: string) => boolean;
  readonly signers: NextSigners;
  readonly prepare: (alsoBook: (planned: readonly PlannedPsbt[]) => void) => Promise<readonly PlannedPsbt[]>;
}

/**
 * Looks at one rule and prepares what is due. What it prepares is written with its plans, all or nothing: whenever the machine stops,
 * the next run either finds nothing and prepares it, or finds it and prepares nothing.
 */
export async function runRule(effects: CompanionEffects, ledger: Ledger, kept: KeptRule, context: ChainWork): Promise<Outcome> {
  const now = effects.now();
  const { name } = kept;
  try {
    const input = readKeptRule(kept);
    const rule = decidingPart(input);
    return await withChain(effects, input.node, ledger, async (source): Promise<Outcome> => {
      const status = await usableStatus(source, coldWalletOf(input).network);
      const feeRate = await feeRateFor(source, input.feeRate, status);
      const open = await openRule(source, ledger, input, status, feeRate, now, context);
      const before = ledger.schedules.prepared(name);
      const outstanding = before.filter((plan) => isOutstanding(ledger, plan, open));
      const decision = decide(rule, { nowMs: Date.parse(now), hotSats: open.hotSats, feeRate, lastPreparedMs: latest(before), outstandingSinceMs: latest(outstanding) });
      if (!decision.prepare) {
        ledger.schedules.saveRun({ name, ranAt: now, outcome: 'waiting', details: decision.reasons.join(' ') });
        return {
          name, outcome: 'waiting', reasons: [...decision.reasons], hotSats: String(open.hotSats), feeRateSatPerVb: formatFeeRate(feeRate),
          outstanding: outstanding.flatMap((plan) => withPsbt(ledger, plan)),
        };
      }
      const planned = await open.prepare((plans) => {
        if (!isSame(before, ledger.schedules.prepared(name))) throw preparedMeanwhile(name);
        for (const { plan, psbt } of plans) ledger.schedules.savePrepared({ name, planId: transactionId(psbt.transaction), preparedAt: now, fileName: plannedName(plan.kind, encodePsbt(psbt), open.signers, now) });
        ledger.schedules.saveRun({ name, ranAt: now, outcome: 'prepared', details: `${plans.length}` });
      });
      return { name, outcome: 'prepared', plans: planned.map((each) => plannedReply(each, open.signers, now)) };
    });
  } catch (error) {
    if (!(error instanceof StrongroomError)) throw error;
    if (error.code === 'host.cancelled') throw error;
    ledger.schedules.saveRun({ name, ranAt: now, outcome: 'failed', details: error.code });
    return { name, outcome: 'failed', code: error.code, message: error.message, hint: error.hint };
  }
}

async function openRule(source: ChainSource, ledger: Ledger, rule: RuleInput, status: NodeStatus, feeRate: FeeRate, now: string, context: ChainWork): Promise<OpenRule> {
  const cold = coldWalletOf(rule);
  if (rule.kind === 'sweep') {
    const request: SweepRequest = { source: rule.source, cold, policy: policyOf(rule.policy), coins: { tags: rule.policy.tags ?? null, excludeTags: rule.policy.excludeTags ?? [] }, split: true };
    const open = await openSweep(source, ledger, status, request, feeRate, context);
    const unspent = new Set(open.side.candidates.map(formatOutpoint));
    return {
      hotSats: usableSatsOf(open.task),
      isUnspent: (outpoint) => unspent.has(outpoint),
      signers: open.side.signers,
      prepare: async (alsoBook) => (await prepareSweep(source, ledger, open, now, context, alsoBook)).planned,
    };
  }
  const request: RefillRequest = { cold, target: rule.target, floorSats: parseSats(rule.floorSats), targetSats: parseSats(rule.targetSats) };
  const side = await openRefill(source, request, context);
  await source.watch(cold, context);
  const unspent = new Set((await source.utxos(cold)).map(formatOutpoint));
  return {
    hotSats: side.balanceSats,
    isUnspent: (outpoint) => unspent.has(outpoint),
    signers: 'cold',
    prepare: async (alsoBook) => [await prepareRefill(source, ledger, request, side, feeRate, now, context, alsoBook)],
  };
}

/** Still to be signed and sent: every output that it spends is there. A plan that lost one can never confirm. */
function isOutstanding(ledger: Ledger, { planId }: PreparedPlan, open: OpenRule): boolean {
  const plan = ledger.plan(planId);
  return plan?.outpoints.every(open.isUnspent) === true;
}

const latest = (plans: readonly PreparedPlan[]): number | null => plans.reduce<number | null>((last, { preparedAt }) => Math.max(last ?? 0, Date.parse(preparedAt)), null);

const isSame = (a: readonly PreparedPlan[], b: readonly PreparedPlan[]): boolean => a.length === b.length && a.every((plan, position) => plan.planId === b[position]?.planId && plan.preparedAt === b[position].preparedAt);

function withPsbt(ledger: Ledger, { planId, preparedAt, fileName }: PreparedPlan) {
  const bytes = ledger.plannedPsbt(planId);
  return bytes === null ? [] : [{ planId, preparedAt, fileName, psbtBase64: toBase64(bytes) }];
}

const preparedMeanwhile = (name: string): StrongroomError =>
  new StrongroomError('ledger.busy', 'Another program ran this rule at the same time; nothing was prepared twice.', { rule: name }, 'Run the schedule again to see what was prepared.');
