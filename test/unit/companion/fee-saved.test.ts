import fc from 'fast-check';
import { expect, test } from 'vitest';
import { feeOfSingles } from '../../../src/companion/payments/fee-saved.ts';
import { planPayments } from '../../../src/companion/plan/payment-plan.ts';
import { transactionVsizeVb } from '../../../src/companion/plan/vsize.ts';
import { feeForVsize } from '../../../src/domain/fee-rate.ts';
import { cold, coldKind, coldOutput, payment, satPerVb, someScripts } from './plan-fixtures.ts';

const changeScript = cold.deriver.derive(1, 0).scriptPubKey;
const stranger = someScripts[0] as Uint8Array;
const orders = (amounts: readonly bigint[]) => amounts.map((amountSats) => ({ scriptPubKey: stranger, amountSats }));
const singles = (candidates: readonly bigint[], amounts: readonly bigint[], feeRate = satPerVb(2)): bigint =>
  feeOfSingles({ network: 'regtest', candidates: candidates.map((amount, index) => coldOutput(index, amount)), payments: orders(amounts), ownKind: coldKind, changeScript, feeRate });
/** Input, payment and change: 189 vB. */
const ONE = feeForVsize(transactionVsizeVb([coldKind], [stranger, changeScript]), satPerVb(2));

test('three payments apart are three inputs and three changes: each spends what the one before it left', () => {
  expect(ONE).toBe(378n);
  expect(singles([5_000_000n], [100_000n, 200_000n, 300_000n])).toBe(3n * ONE);
});

test('a payment that the wallet could not make alone counts as one input, one payment and one change', () => {
  // The first leaves 50,222 sats: not enough for the second and its fee.
  expect(singles([100_600n], [50_000n, 50_000n])).toBe(756n);
});

test('one payment saves nothing, and a plan states both', () => {
  const plan = (amounts: readonly bigint[]) => planPayments({ network: 'regtest', candidates: [coldOutput(1, 5_000_000n)], payments: { payments: amounts.map((amount) => payment(stranger, amount)), notes: [] }, ownKind: coldKind, changeScript, feeRate: satPerVb(2) });
  const single = plan([100_000n]);
  expect(single.singlesFeeSats).toBe(single.feeSats);
  const batch = plan([100_000n, 200_000n]);
  expect([batch.feeSats, batch.singlesFeeSats]).toEqual([440n, 756n]);
});

test('a thousand payments out of a thousand outputs are sized within seconds', () => {
  const began = performance.now();
  const fee = singles(Array.from({ length: 1_000 }, (_, index) => 20_000n + BigInt(index)), Array.from({ length: 1_000 }, (_, index) => 10_000n + BigInt((index * 37) % 5_000)));
  expect(fee).toBeGreaterThan(200_000n);
  expect(performance.now() - began).toBeLessThan(20_000);
});

test('property: the order of the outputs does not matter', () => {
  const amount = fc.bigInt({ min: 5_000n, max: 4_000_000n });
  fc.assert(fc.property(fc.array(amount, { minLength: 2, maxLength: 8 }), fc.array(fc.bigInt({ min: 1_000n, max: 500_000n }), { minLength: 1, maxLength: 4 }), (coins, payments) => {
    const outputs = coins.map((sats, index) => coldOutput(index, sats));
    const task = { network: 'regtest', payments: orders(payments), ownKind: coldKind, changeScript, feeRate: satPerVb(3) } as const;
    expect(feeOfSingles({ ...task, candidates: [...outputs].reverse() })).toBe(feeOfSingles({ ...task, candidates: outputs }));
  }), { numRuns: 60 });
});
