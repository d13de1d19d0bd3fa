/** The report at the edges of what its fields can hold, and all of its parts. */
import { describe, expect, test } from 'vitest';
import { toHex } from '../../../src/domain/bytes.ts';
import type { FeeRate } from '../../../src/domain/fee-rate.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { reviewPsbt } from '../../../src/review/review-psbt.ts';
import { toReviewReport } from '../../../src/review/review-report.ts';
import type { Review } from '../../../src/review/review.ts';
import { contextOf, honestPsbt, signedAs, strangerScript, testWallet } from '../support/psbt-builder.ts';

const wallet = testWallet(2, 3);
const [alice, bob] = wallet.keys as [typeof wallet.keys[0] & {}, typeof wallet.keys[0] & {}];
const psbt = signedAs(honestPsbt({ wallet, locktime: 800_000, inputs: [{ branch: 0, index: 3, amountSats: 2_000_000n, sequence: 0xffff_fffd }] }), wallet, bob);
const review = reviewPsbt(encodePsbt(psbt), contextOf(wallet, alice));
const reported = (changed: Partial<Review>) => toReviewReport({ ...review, ...changed });

test('the keys at hand are named where there are several', () => {
  const several = toReviewReport({ ...review, quorum: { ...review.quorum, keys: [alice.fingerprint, bob.fingerprint] } }).quorum;
  expect(several).toEqual({ required: 2, total: 3, signed: [bob.fingerprint], thisKey: alice.fingerprint, keys: [alice.fingerprint, bob.fingerprint], stillNeeded: 1 });
});

test('everything that a review says is in its report', () => {
  expect(toReviewReport(review)).toEqual({
    verdict: 'judgement', reviewId: review.reviewId, psbtVersion: 0, network: 'regtest', transactionVersion: 2, locktime: 800_000, wallets: [wallet.walletId],
    inputsSats: '2000000', paymentsSats: '1500000', changeSats: '499000', feeSats: '1000', feeRateSatPerVb: '5.291', feePercent: '0.06',
    payments: [{ index: 0, address: 'bcrt1qxvenxvenxvenxvenxvenxvenxvenxvcptjld29', scriptHex: toHex(strangerScript()), amountSats: '1500000' }],
    change: [{ index: 1, address: wallet.deriver.derive(1, 7).address, amountSats: '499000', wallet: wallet.walletId, branch: 'change', childIndex: 7 }],
    inputs: [{ index: 0, txid: toHex(psbt.transaction.ins[0]!.hash.slice().reverse()), vout: 0, sequence: 0xffff_fffd, amountSats: '2000000', proof: 'previous-transaction', wallet: wallet.walletId, branch: 'receive', childIndex: 3, signedBy: [bob.fingerprint] }],
    quorum: { required: 2, total: 3, signed: [bob.fingerprint], thisKey: alice.fingerprint, stillNeeded: 1 },
    findings: [
      { severity: 'acknowledge', code: 'locktime.future', where: { scope: 'global', index: 0 }, details: { height: 800_000 } },
      { severity: 'note', code: 'rbf.signalled', where: { scope: 'global', index: 0 }, details: {} },
    ],
  });
});

test('a foreign input, a proven destination and a paper key', () => {
  const [input] = review.inputs as [Review['inputs'][number]];
  const [payment] = review.payments as [Review['payments'][number]];
  expect(reported({ inputs: [{ ...input, walletId: null, branch: null, childIndex: null, proof: null, singleKey: { fingerprint: alice.fingerprint, publicKeyHex: '02', script: 'p2tr' }, signedBy: [] }] }).inputs[0])
    .toMatchObject({ wallet: null, branch: null, childIndex: null, proof: null, paperKey: { fingerprint: alice.fingerprint, script: 'p2tr' }, signedBy: [] });
  expect(reported({ payments: [{ ...payment, to: { walletId: 'cold', branch: 0, childIndex: 4 } }] }).payments[0]).toMatchObject({ to: { wallet: 'cold', branch: 'receive', childIndex: 4 } });
  expect(reported({ payments: [{ ...payment, to: { walletId: 'cold', branch: 1, childIndex: 4 } }] }).payments[0]).toMatchObject({ to: { branch: 'change' } });
});

describe('amounts of hostile files', () => {
  const most = 9_999_999_999_999_999n;

  test('what is no amount is shown as 0; a finding names it', () => {
    for (const [amountSats, shown] of [[-1n, '0'], [0n, '0'], [1n, '1'], [most, '9999999999999999'], [most + 1n, '0']] as const) {
      expect(reported({ inputsSats: amountSats, paymentsSats: amountSats, changeSats: amountSats })).toMatchObject({ inputsSats: shown, paymentsSats: shown, changeSats: shown });
    }
  });

  test('a fee keeps its sign and is cut to what the field can hold', () => {
    for (const [feeSats, shown] of [[-1n, '-1'], [most, '9999999999999999'], [most + 5n, '9999999999999999'], [-most, '-9999999999999999'], [-most - 5n, '-9999999999999999']] as const) expect(reported({ feeSats }).feeSats).toBe(shown);
  });

  test('a rate is cut likewise', () => {
    const rate = (feeRate: bigint): string => reported({ feeRate: feeRate as FeeRate }).feeRateSatPerVb;
    expect([rate(1000n), rate(9_999_999_999n), rate(10_000_000_000n)]).toEqual(['1', '9999999.999', '9999999.999']);
  });

  test('hundredths of a percent have two decimals', () => {
    const percent = (feeBasisPoints: bigint | null): string | null => reported({ feeBasisPoints }).feePercent;
    expect([null, 0n, 6n, 60n, 100n, 12_345n, 99_999_999_999_999n, 100_000_000_000_000n].map(percent)).toEqual([null, '0.00', '0.06', '0.60', '1.00', '123.45', '999999999999.99', '999999999999.99']);
  });
});

test('the report shares nothing with the review', () => {
  const { quorum, findings, wallets } = toReviewReport(review);
  expect([Object.isFrozen(quorum.signed), Object.isFrozen(findings[0]!.details), Object.isFrozen(wallets)]).toEqual([false, false, false]);
});
