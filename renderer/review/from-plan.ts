import type { Answer, CompanionHost } from '../host/client.ts';
import type { ModelChange, ReviewModel } from './model.ts';
import { tailText } from './from-report.ts';

export type PlannedPsbt = Answer<'sweep.plan', CompanionHost>;
export type Plan = PlannedPsbt['plan'];

function changeOf(plan: Plan, walletName: string): readonly ModelChange[] {
  if (plan.change === null) return [];
  const { address, amountSats, branch, index } = plan.change;
  const isOwn = branch !== null && index !== null;
  return [{
    key: 'change',
    address,
    amountSats: BigInt(amountSats),
    proof: isOwn ? `Derived by ${walletName} at ${tailText(branch, index)}` : 'Goes back to the hot wallet that the node keeps',
    isProven: isOwn,
  }];
}

/** What a payment is for; a sweep's is the wallet's own address, and the plan says which. */
function referenceOf(plan: Plan, payment: Plan['payments'][number], walletName: string): string | null {
  if (plan.destination?.address === payment.address) return `${walletName}, next unused receive address, at ${tailText(plan.destination.branch, plan.destination.index)}`;
  return payment.reference === '' ? null : payment.reference;
}

/** A plan for showing: the same words and the same order as the Signer's review of the file that it becomes. */
export function modelOfPlan(plan: Plan, walletName: string): ReviewModel {
  return {
    inputsSats: BigInt(plan.inputsSats),
    paymentsSats: BigInt(plan.paymentsSats),
    feeSats: BigInt(plan.feeSats),
    changeSats: BigInt(plan.change?.amountSats ?? '0'),
    feeRateSatPerVb: plan.feeRateSatPerVb,
    feePercent: plan.feePercent,
    payments: plan.payments.map((payment, index) => ({
      key: String(index), address: payment.address, scriptHex: null, amountSats: BigInt(payment.amountSats), reference: referenceOf(plan, payment, walletName), proof: null,
    })),
    change: changeOf(plan, walletName),
    inputs: plan.inputs.map((input) => ({
      key: `${input.txid}:${input.vout}`,
      outpoint: `${input.txid}:${input.vout}`,
      sequence: null,
      amountSats: BigInt(input.amountSats),
      proof: input.confirmations === 0 ? 'Reported by the node, unconfirmed' : `Reported by the node, ${input.confirmations.toLocaleString('en-GB')} confirmations`,
      isProven: true,
      signedBy: [],
    })),
    terms: null,
    findings: [],
  };
}
