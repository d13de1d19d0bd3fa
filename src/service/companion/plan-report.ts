import type { InferInput } from 'valibot';
import { formatFeeRate } from '../../domain/fee-rate.ts';
import { movedSats, type Plan } from '../../companion/plan/plan.ts';
import type { companionCoreContract } from '../../host/companion-contract.ts';
import { branchName } from '../shared/wallet-facts.ts';

type PlanReport = InferInput<(typeof companionCoreContract)['sweep.plan']['output']>['plan'];

/** The plan as the JSON that crosses the boundary. */
export function planReport(plan: Plan): PlanReport {
  return {
    kind: plan.kind,
    inputs: plan.inputs.map(({ txid, vout, amountSats, address, confirmations }) => ({ txid, vout, amountSats: String(amountSats), address, confirmations })),
    inputsSats: String(plan.inputsSats),
    payments: plan.payments.map(({ address, amountSats, reference, costCode }) => ({ address, amountSats: String(amountSats), reference, ...(costCode === undefined ? {} : { costCode }) })),
    paymentsSats: String(plan.paymentsSats),
    feeSats: String(plan.feeSats),
    feeRateSatPerVb: formatFeeRate(plan.feeRate),
    // What is swept stays in the house: nothing is paid that the fee could be a part of, only moved.
    feePercent: percentOf(plan.feeSats, plan.kind === 'sweep' ? movedSats(plan) : plan.paymentsSats),
    vsizeVb: plan.vsizeVb,
    change: plan.change === null ? null : {
      address: plan.change.address,
      amountSats: String(plan.change.amountSats),
      branch: plan.change.own === null ? null : branchName(plan.change.own.branch),
      index: plan.change.own?.index ?? null,
    },
    destination: plan.destination === null ? null : { address: plan.destination.address, branch: branchName(plan.destination.branch), index: plan.destination.index },
    leftHotSats: plan.leftHotSats === null ? null : String(plan.leftHotSats),
    skipped: plan.skipped.map(({ txid, vout, amountSats, reason }) => ({ txid, vout, amountSats: String(amountSats), reason })),
    notes: plan.notes.map(({ code, lines }) => ({ code, lines: [...lines] })),
    ...(plan.singlesFeeSats === undefined ? {} : savings(plan.singlesFeeSats, plan.feeSats)),
    ...(plan.privacy === undefined ? {} : { privacy: plan.privacy.map(({ code, lines, outpoints }) => ({ code, lines: [...lines], outpoints: [...outpoints] })) }),
  };
}

function savings(singlesFeeSats: bigint, feeSats: bigint): Pick<PlanReport, 'singlesFeeSats' | 'feeSavedSats' | 'feeSavedPercent'> {
  const saved = singlesFeeSats - feeSats;
  return { singlesFeeSats: String(singlesFeeSats), feeSavedSats: String(saved), feeSavedPercent: saved < 0n ? null : percentOf(saved, singlesFeeSats) };
}

/** A part of a whole in percent, two decimals, rounded down; `null` of nothing. */
export function percentOf(partSats: bigint, wholeSats: bigint): string | null {
  if (wholeSats === 0n) return null;
  const basisPoints = (partSats * 10_000n) / wholeSats;
  return `${basisPoints / 100n}.${String(basisPoints % 100n).padStart(2, '0')}`;
}
