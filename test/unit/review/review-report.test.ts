import * as v from 'valibot';
import { expect, test } from 'vitest';
import { ReviewReport } from '../../../src/host/wire.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import type { Psbt } from '../../../src/psbt/psbt.ts';
import { toReviewReport } from '../../../src/review/review-report.ts';
import { reviewPsbt } from '../../../src/review/review-psbt.ts';
import { contextOf, honestPsbt, signedAs, testWallet } from '../support/psbt-builder.ts';

const wallet = testWallet(2, 3);
const report = (psbt: Psbt) => v.parse(ReviewReport, toReviewReport(reviewPsbt(encodePsbt(psbt), contextOf(wallet))));
const altered = (alter: (transaction: Psbt['transaction']) => void): Psbt => {
  const psbt = honestPsbt({ wallet });
  const transaction = psbt.transaction.clone();
  alter(transaction);
  return { ...psbt, transaction };
};

test('amounts are decimal strings, branches are words, percent has two decimals', () => {
  const signed = report(signedAs(honestPsbt({ wallet }), wallet, wallet.keys[1]!));
  expect(signed).toMatchObject({
    verdict: 'ready', psbtVersion: 0, inputsSats: '2000000', paymentsSats: '1500000', changeSats: '499000', feeSats: '1000', feePercent: '0.06',
    payments: [{ index: 0, amountSats: '1500000' }],
    change: [{ index: 1, amountSats: '499000', wallet: wallet.walletId, branch: 'change', childIndex: 7 }],
    quorum: { required: 2, total: 3, signed: [wallet.keys[1]!.fingerprint], stillNeeded: 1 },
  });
  expect(signed.inputs[0]).toMatchObject({ amountSats: '1000000', proof: 'previous-transaction', branch: 'receive', childIndex: 0, signedBy: [wallet.keys[1]!.fingerprint] });
  expect(Number(signed.feeRateSatPerVb)).toBeGreaterThan(3);
});

test('a negative fee keeps its sign', () => {
  expect(report(altered((transaction) => { transaction.outs[0]!.value = 2_000_000n; })).feeSats).toBe('-499000');
});

test('no hostile amount or script makes a report that its own schema refuses', () => {
  const extremes = [-(2n ** 63n), 2n ** 63n - 1n, 2_100_000_000_000_001n, 0n];
  for (const value of extremes) {
    expect(report(altered((transaction) => { for (const output of transaction.outs) output.value = value; })).verdict).toBe('refused');
  }
  expect(report(altered((transaction) => { transaction.outs[0]!.script = new Uint8Array(50_000).fill(0x6a); })).payments[0]?.scriptHex).toHaveLength(20_000);
});
