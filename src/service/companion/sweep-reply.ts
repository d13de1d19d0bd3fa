import type { InferInput } from 'valibot';
import type { ChainSource, NodeStatus } from '../../companion/chain-source.ts';
import { movedSats, type Plan, type Spendable } from '../../companion/plan/plan.ts';
import { usableSatsOf, type SweepDrafts } from '../../companion/plan/sweep-plan.ts';
import { previewRates, previewSweeps, totalsOf } from '../../companion/plan/sweep-preview.ts';
import { moveCost } from '../../companion/plan/sweep-sorting.ts';
import { formatFeeRate, type FeeRate } from '../../domain/fee-rate.ts';
import type { sweepContract } from '../../host/sweep-wire.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { policyIdOf } from '../../wallet/policy-id.ts';
import { percentOf } from './plan-report.ts';
import { plannedReply } from './planning.ts';
import type { OpenSweep, PreparedSweep } from './sweep-preparing.ts';
import type { HotSide } from './sweep-sources.ts';

type PreviewReply = InferInput<(typeof sweepContract)['sweep.preview']['output']>;
type PrepareReply = InferInput<(typeof sweepContract)['sweep.prepare']['output']>;

/** Blocks for which the node is asked for an estimate: 20 minutes, an hour, four hours, a day. */
const TARGETS = [2, 6, 24, 144] as const;

/** What the sweep would cost now and at lower rates. */
export async function previewReply(source: ChainSource, status: NodeStatus, { task, side }: OpenSweep): Promise<PreviewReply> {
  const targets: PreviewReply['targets'] = [];
  for (const blocks of TARGETS) {
    const estimate = await source.estimateFeeRate(blocks);
    targets.push({ blocks, feeRateSatPerVb: estimate === null ? null : formatFeeRate(estimate) });
  }
  return {
    feeRateSatPerVb: formatFeeRate(task.feeRate),
    hot: { usableSats: String(usableSatsOf(task)), outputs: side.candidates.length },
    preview: previewSweeps(task, previewRates(task.feeRate, status.minimumFeeRate)).map((line) => {
      const feeRateSatPerVb = formatFeeRate(line.feeRate);
      if ('code' in line) return { swept: false, feeRateSatPerVb, code: line.code };
      const { feeSats, movedSats: moved, transactions, inputs, outputsLeft, leftHotSats, withinBudget } = line;
      return { swept: true, feeRateSatPerVb, feeSats: String(feeSats), percent: percentOf(feeSats, moved), movedSats: String(moved), transactions, inputs, outputsLeft, leftHotSats: String(leftHotSats), withinBudget };
    }),
    targets,
  };
}

/** The prepared transactions as they cross the boundary. What stays is listed once, not with each of several. */
export function prepareReply(open: OpenSweep, { planned, drafts }: PreparedSweep, now: string, previews: PreviewReply): PrepareReply {
  const totals = totalsOf(drafts);
  const sum = (each: (plan: Plan) => bigint): bigint => planned.reduce((total, { plan }) => total + each(plan), 0n);
  const plans = planned.map((each) => plannedReply(planned.length === 1 ? each : { ...each, plan: { ...each.plan, skipped: [] } }, open.side.signers, now));
  return {
    plans,
    totals: {
      transactions: totals.transactions,
      inputs: totals.inputs,
      movedSats: String(totals.movedSats),
      paymentsSats: String(sum((plan) => plan.paymentsSats)),
      feeSats: String(totals.feeSats),
      feePercent: percentOf(totals.feeSats, sum(movedSats)),
      vsizeVb: planned.reduce((total, { plan }) => total + plan.vsizeVb, 0),
      leftHotSats: String(totals.leftHotSats),
    },
    skipped: drafts.skipped.map(({ txid, vout, amountSats, reason }) => ({ txid, vout, amountSats: String(amountSats), reason })),
    signers: signersReply(open.request.source, open.side),
    economics: economicsReply(open, drafts),
    ...(open.side.found === null ? {} : { found: [...open.side.found] }),
    ...previews,
  };
}

function signersReply(source: OpenSweep['request']['source'], side: HotSide): PrepareReply['signers'] {
  switch (source.kind) {
    case 'node-wallet':
      return { kind: 'node-wallet', name: source.name };
    case 'wallets':
      return walletSigners([...side.sources.values()].map(({ wallet }) => wallet));
    case 'addresses':
      return { kind: 'paper' };
  }
}

/** Who signs for wallets: how many of whom. */
export const walletSigners = (wallets: readonly Wallet[]): Extract<PrepareReply['signers'], { kind: 'wallets' }> => ({
  kind: 'wallets',
  wallets: wallets.map((wallet) => ({
    walletId: policyIdOf(wallet).walletId,
    name: wallet.name,
    quorum: { required: wallet.required, total: wallet.cosigners.length },
    fingerprints: wallet.cosigners.map(({ record }) => record.masterFingerprint),
  })),
});

/** What moving costs now against later, where a long-term rate was given. */
function economicsReply({ task }: OpenSweep, { drafts, skipped }: SweepDrafts): PrepareReply['economics'] {
  const longTerm = task.policy?.longTerm ?? null;
  if (longTerm === null) return null;
  const moved = costs(drafts.flatMap((draft) => draft.inputs), task.feeRate, longTerm.feeRate);
  const isWaiting = new Set(skipped.filter(({ reason }) => reason === 'wait').map(({ txid, vout }) => `${txid}:${vout}`));
  const waiting = task.candidates.flatMap((output) => (output.kind !== null && isWaiting.has(`${output.txid}:${output.vout}`) ? [{ ...output, kind: output.kind }] : []));
  const later = costs(waiting, task.feeRate, longTerm.feeRate);
  return {
    longTermFeeRateSatPerVb: formatFeeRate(longTerm.feeRate),
    movedNowSats: String(moved.nowSats), movedLaterSats: String(moved.laterSats),
    waiting: waiting.length, waitingNowSats: String(later.nowSats), waitingLaterSats: String(later.laterSats),
  };
}

function costs(outputs: readonly Pick<Spendable, 'kind'>[], feeRate: FeeRate, longTerm: FeeRate): { readonly nowSats: bigint; readonly laterSats: bigint } {
  return outputs.map(({ kind }) => moveCost(kind, feeRate, longTerm)).reduce((sum, each) => ({ nowSats: sum.nowSats + each.nowSats, laterSats: sum.laterSats + each.laterSats }), { nowSats: 0n, laterSats: 0n });
}
