import type { InferOutput } from 'valibot';
import type { ReviewReport } from '../../src/host/wire.ts';
import { sequenceText, termsText } from '../../src/review/terms.ts';
import type { ModelInput, ReviewModel } from './model.ts';

export type Report = InferOutput<typeof ReviewReport>;

const proofs: Readonly<Record<'previous-transaction' | 'taproot', string>> = {
  'previous-transaction': 'Amount proven by the enclosed previous transaction',
  taproot: 'Amount committed to by the signature (taproot)',
};

/** Scripts of single keys, as people know them. */
export const paperScriptNames = { p2pk: 'P2PK', p2pkh: 'P2PKH', 'p2sh-p2wpkh': 'P2SH-P2WPKH', p2wpkh: 'P2WPKH', p2tr: 'P2TR' } as const;

/** `.../1/42`: the end of the path, as every cosigner's key has it. */
export const tailText = (branch: 'receive' | 'change', childIndex: number): string => `\u2026/${branch === 'receive' ? 0 : 1}/${childIndex}`;

/**
 * A host's review for showing.
 * @param walletNames names of registered wallets by wallet id
 * @param references what payments are for, by output index; from the plan, where it is known
 */
export function modelOfReport(report: Report, walletNames: ReadonlyMap<string, string>, references: ReadonlyMap<number, string> = new Map()): ReviewModel {
  const nameOf = (walletId: string): string => walletNames.get(walletId) ?? 'the registered wallet';
  /** Whose input it is: a wallet's, or of a key from paper. */
  const spenderOf = ({ wallet, branch, childIndex, paperKey }: Report['inputs'][number]): string | null => {
    if (paperKey !== undefined) return `paper key ${paperKey.fingerprint}, ${paperScriptNames[paperKey.script]}`;
    return wallet === null || branch === null || childIndex === null ? null : `${nameOf(wallet)} at ${tailText(branch, childIndex)}`;
  };
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
      proof: payment.to === undefined ? null : `Proven: an address of ${nameOf(payment.to.wallet)}, at ${tailText(payment.to.branch, payment.to.childIndex)}`,
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
      sequence: sequenceText(input.sequence),
      amountSats: BigInt(input.amountSats),
      proof: input.proof === null ? 'Amount NOT proven' : [proofs[input.proof], spenderOf(input)].filter((part) => part !== null).join('; '),
      isProven: input.proof !== null,
      signedBy: input.signedBy,
    })),
    terms: termsText(report),
    findings: report.findings,
  };
}
