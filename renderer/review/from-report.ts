import type { InferOutput } from 'valibot';
import type { ReviewReport } from '../../src/host/wire.ts';
import type { ModelInput, ReviewModel } from './model.ts';

export type Report = InferOutput<typeof ReviewReport>;

const proofs: Readonly<Record<'previous-transaction' | 'taproot', string>> = {
  'previous-transaction': 'Amount proven by the enclosed previous transaction',
  taproot: 'Amount committed to by the signature (taproot)',
};

/** `.../1/42`: the end of the path, as every cosigner's key has it. */
export const tailText = (branch: 'receive' | 'change', childIndex: number): string => `\u2026/${branch === 'receive' ? 0 : 1}/${childIndex}`;

/**
 * A host's review for showing.
 * @param walletNames names of registered wallets by wallet id
 * @param references what payments are for, by output index; from the plan, where it is known
 */
export function modelOfReport(report: Report, walletNames: ReadonlyMap<string, string>, references: ReadonlyMap<number, string> = new Map()): ReviewModel {
  const nameOf = (walletId: string): string => walletNames.get(walletId) ?? 'the registered wallet';
  return {
    inputsSats: BigInt(report.inputsSats),
    paymentsSats: BigInt(report.paymentsSats),
    feeSats: BigInt(report.feeSats),
    changeSats: BigInt(report.changeSats),
    feeRateSatPerVb: report.feeRateSatPerVb,
    feePercent: report.feePercent,
    payments: report.payments.map((payment) => ({
      key: String(payment.index),
      address: payment.address,
      scriptHex: payment.address === null ? payment.scriptHex : null,
      amountSats: BigInt(payment.amountSats),
      reference: references.get(payment.index) ?? null,
    })),
    change: report.change.map((change) => ({
      key: String(change.index),
      address: change.address,
      amountSats: BigInt(change.amountSats),
      proof: `Derived by ${nameOf(change.wallet)} at ${tailText(change.branch, change.childIndex)}`,
      isProven: true,
    })),
    inputs: report.inputs.map((input): ModelInput => ({
      key: String(input.index),
      outpoint: `${input.txid}:${input.vout}`,
      amountSats: BigInt(input.amountSats),
      proof: input.proof === null ? 'Amount NOT proven' : `${proofs[input.proof]}${input.wallet === null || input.branch === null || input.childIndex === null ? '' : `; ${nameOf(input.wallet)} at ${tailText(input.branch, input.childIndex)}`}`,
      isProven: input.proof !== null,
      signedBy: input.signedBy,
    })),
    findings: report.findings,
  };
}
