import type * as v from 'valibot';
import { formatFeeRate } from '../domain/fee-rate.ts';
import type { ReviewReport } from '../host/wire.ts';
import type { Branch } from '../wallet/address.ts';
import type { Review, ReviewedQuorum } from './review.ts';

/** The longest script that a report carries, in hex digits; longer ones are refused by a finding and shown cut. */
const MAX_SCRIPT_HEX = 20_000;

const branchName = (branch: Branch): 'receive' | 'change' => (branch === 0 ? 'receive' : 'change');
/** Outputs may claim amounts outside the range of money; a finding says so, and the report's field shows 0. */
const money = (amountSats: bigint): string => (amountSats < 0n || amountSats > 9_999_999_999_999_999n ? '0' : String(amountSats));

/** The review as the JSON that crosses the boundary and that the command line prints. */
export function toReviewReport(review: Review): v.InferInput<typeof ReviewReport> {
  return {
    verdict: review.verdict,
    reviewId: review.reviewId,
    psbtVersion: review.psbtVersion,
    network: review.network,
    transactionVersion: review.version,
    locktime: review.locktime,
    wallets: [...review.walletIds],
    inputsSats: money(review.inputsSats),
    paymentsSats: money(review.paymentsSats),
    changeSats: money(review.changeSats),
    feeSats: signed(review.feeSats),
    feeRateSatPerVb: formatFeeRate(review.feeRate > 9_999_999_999n ? 9_999_999_999n : review.feeRate),
    feePercent: review.feeBasisPoints === null ? null : percent(review.feeBasisPoints),
    payments: review.payments.map(({ index, address, scriptHex, amountSats, to }) => ({
      index, address, scriptHex: scriptHex.slice(0, MAX_SCRIPT_HEX), amountSats: money(amountSats), ...(to === null ? {} : { to: { wallet: to.walletId, branch: branchName(to.branch), childIndex: to.childIndex } }),
    })),
    change: review.change.map(({ index, address, amountSats, walletId, branch, childIndex }) => ({ index, address, amountSats: money(amountSats), wallet: walletId, branch: branchName(branch), childIndex })),
    inputs: review.inputs.map(({ index, txid, vout, sequence, amountSats, proof, walletId, branch, childIndex, singleKey, signedBy }) => ({
      index, txid, vout, sequence, amountSats: money(amountSats), proof, wallet: walletId, branch: branch === null ? null : branchName(branch), childIndex, signedBy: [...signedBy],
      ...(singleKey === null ? {} : { paperKey: { fingerprint: singleKey.fingerprint, script: singleKey.script } }),
    })),
    quorum: quorumReport(review.quorum),
    findings: review.findings.map(({ severity, code, where, details }) => ({ severity, code, where: { ...where }, details: { ...details } })),
  };
}

const quorumReport = ({ keys, signed, ...quorum }: ReviewedQuorum): v.InferInput<typeof ReviewReport>['quorum'] => ({ ...quorum, signed: [...signed], ...(keys === undefined ? {} : { keys: [...keys] }) });

/** Sums of hostile amounts are cut to what the field can hold; a finding names the true sum. */
function signed(amountSats: bigint): string {
  const limit = 9_999_999_999_999_999n;
  if (amountSats > limit) return String(limit);
  return amountSats < -limit ? String(-limit) : String(amountSats);
}

/** Hundredths of a percent as percent with two decimals. */
function percent(basisPoints: bigint): string {
  const bounded = basisPoints > 99_999_999_999_999n ? 99_999_999_999_999n : basisPoints;
  return `${bounded / 100n}.${String(bounded % 100n).padStart(2, '0')}`;
}
