import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseFeeRate } from '../../../src/companion/plan/fee-policy.ts';
import { completePayment, planPayments, type PaymentDraft } from '../../../src/companion/plan/payment-plan.ts';
import type { Spendable } from '../../../src/companion/plan/plan.ts';
import { inputVsizeVb, transactionVsizeVb } from '../../../src/companion/plan/vsize.ts';
import { feeForVsize } from '../../../src/domain/fee-rate.ts';
import { StrongroomError } from '../../../src/errors/strongroom-error.ts';
import { amounts, cold, coldKind, coldOutput, payment, rates, satPerVb, someScripts } from './plan-fixtures.ts';

const changeScript = cold.deriver.derive(1, 0).scriptPubKey;
const stranger = someScripts[0] as Uint8Array;

const plan = (candidates: readonly Spendable[], paymentsSats: readonly bigint[], rate = satPerVb(2)): PaymentDraft =>
  planPayments({ network: 'regtest', candidates, payments: { payments: paymentsSats.map((amount) => payment(stranger, amount)), notes: [] }, ownKind: coldKind, changeScript, feeRate: rate });

test('the largest output pays, the rest comes back as change, and the sum is exact', () => {
  const draft = plan([coldOutput(1, 100_000n), coldOutput(2, 1_000_000n), coldOutput(3, 300_000n)], [500_000n]);
  expect(draft.inputs.map((input) => input.amountSats)).toEqual([1_000_000n]);
  // 2-of-3 input, P2WPKH payment, P2WSH change: 189 vB at 2 sat/vB.
  expect(draft).toMatchObject({ vsizeVb: 189, feeSats: 378n, changeSats: 499_622n, inputsSats: 1_000_000n, paymentsSats: 500_000n });
  expect(draft.skipped).toEqual([{ ...outpoint(1), amountSats: 100_000n, reason: 'not-needed' }, { ...outpoint(3), amountSats: 300_000n, reason: 'not-needed' }]);
});

test('inputs that pay without change are preferred: one output less now, none to spend later', () => {
  // 300,000 + 200,000 pay 499,400 and the fee of two inputs with a rest below what a change would cost.
  const draft = plan([coldOutput(1, 5_000_000n), coldOutput(2, 300_000n), coldOutput(3, 200_000n)], [499_450n]);
  expect(draft.inputs.map((input) => input.amountSats)).toEqual([300_000n, 200_000n]);
  expect(draft).toMatchObject({ changeSats: 0n, feeSats: 550n });
  expect(completePayment(draft, null).change).toBeNull();
});

test('a rest that is dust, or costs more to spend than it is worth, goes to the fee', () => {
  const fee = feeForVsize(transactionVsizeVb([coldKind], [stranger]), satPerVb(2));
  expect(plan([coldOutput(1, 500_000n + fee + 400n)], [500_000n])).toMatchObject({ changeSats: 0n, feeSats: fee + 400n });
  // At 50 sat/vB spending a 2-of-3 output costs 5,250 sats.
  const high = feeForVsize(transactionVsizeVb([coldKind], [stranger]), satPerVb(50));
  expect(plan([coldOutput(1, 500_000n + high + 5_000n)], [500_000n], satPerVb(50))).toMatchObject({ changeSats: 0n, feeSats: high + 5_000n });
});

test('unconfirmed outputs are never spent, and are named where funds lack', () => {
  expect(() => plan([coldOutput(1, 1_000_000n, 0), coldOutput(2, 100_000n)], [500_000n])).toThrow(expect.objectContaining({
    code: 'plan.insufficient-funds', details: expect.objectContaining({ availableSats: '100000', unconfirmedSats: '1000000', paymentsSats: '500000' }),
  }));
  expect(plan([coldOutput(1, 1_000_000n, 0), coldOutput(2, 900_000n)], [500_000n]).skipped).toEqual([{ ...outpoint(1), amountSats: 1_000_000n, reason: 'unconfirmed' }]);
});

test('outputs that cost more than they bring are left out at this rate', () => {
  expect(plan([coldOutput(1, 400n), coldOutput(2, 900_000n)], [500_000n], satPerVb(5)).skipped).toEqual([{ ...outpoint(1), amountSats: 400n, reason: 'dust' }]);
});

test('dust payments, no payment, absurd fees and oversize transactions are refused by name', () => {
  expect(() => plan([coldOutput(1, 900_000n)], [500_000n, 293n])).toThrow(expect.objectContaining({ code: 'plan.dust' }));
  expect(() => plan([coldOutput(1, 900_000n)], [])).toThrow(expect.objectContaining({ code: 'psbt.no-payment' }));
  expect(() => plan([coldOutput(1, 900_000n)], [500_000n], satPerVb(1900))).toThrow(expect.objectContaining({ code: 'plan.fee-excessive' }));
  expect(() => plan(Array.from({ length: 1_200 }, (_, n) => coldOutput(n, 10_000n)), [11_000_000n], satPerVb(1))).toThrow(expect.objectContaining({ code: 'plan.too-large' }));
});

test('property: inputs = payments + change + fee, the rate is at least the one asked for, and the fee is no more than it must be', () => {
  const task = fc.record({
    inputs: fc.array(amounts, { minLength: 1, maxLength: 25 }),
    payments: fc.array(fc.tuple(fc.constantFrom(...someScripts), fc.bigInt({ min: 600n, max: 5_000_000n })), { minLength: 1, maxLength: 8 }),
    rate: rates,
  });
  let planned = 0;
  fc.assert(fc.property(task, ({ inputs, payments, rate }) => {
    const candidates = inputs.map((amount, index) => coldOutput(index, amount));
    let draft: PaymentDraft;
    try {
      draft = planPayments({ network: 'regtest', candidates, payments: { payments: payments.map(([script, amount]) => payment(script, amount)), notes: [] }, ownKind: coldKind, changeScript, feeRate: rate });
    } catch (error) {
      expect(error).toBeInstanceOf(StrongroomError);
      expect(['plan.insufficient-funds', 'plan.fee-excessive']).toContain((error as StrongroomError).code);
      return;
    }
    planned += 1;
    const spent = draft.inputs.reduce((sum, input) => sum + input.amountSats, 0n);
    expect(spent).toBe(draft.paymentsSats + draft.changeSats + draft.feeSats);
    const scripts = [...payments.map(([script]) => script), ...(draft.changeSats > 0n ? [changeScript] : [])];
    const least = feeForVsize(transactionVsizeVb(draft.inputs.map((input) => input.kind), scripts), rate);
    expect(draft.feeSats >= least).toBe(true);
    // With change the fee is exact; without, no more is given away than a change would have cost.
    const spendChange = feeForVsize(inputVsizeVb(coldKind), rate);
    expect(draft.feeSats - least <= (draft.changeSats > 0n ? 0n : feeForVsize(43, rate) + (spendChange > 330n ? spendChange : 330n))).toBe(true);
    expect(draft.changeSats === 0n || draft.changeSats >= 330n).toBe(true);
    expect(new Set(draft.inputs).size).toBe(draft.inputs.length);
    expect(draft.inputs.length + draft.skipped.length).toBe(candidates.length);
  }), { numRuns: 150 });
  expect(planned).toBeGreaterThan(20);
});

test('property: the choice depends on the outputs alone, not on the order in which the node lists them', () => {
  const shuffled = fc.array(amounts, { minLength: 2, maxLength: 12 }).chain((values) => {
    const outputs = values.map((amount, index) => coldOutput(index, amount + 2_000_000n));
    return fc.shuffledSubarray(outputs, { minLength: outputs.length }).map((order) => ({ outputs, order }));
  });
  fc.assert(fc.property(shuffled, ({ outputs, order }) => {
    expect(plan(order, [1_900_000n])).toEqual(plan(outputs, [1_900_000n]));
  }), { numRuns: 40 });
});

test('the rate is the one given, else the estimate, and never below what the node relays', () => {
  const status = { minimumFeeRate: satPerVb(1) };
  expect(chooseFeeRate(satPerVb(4.5), satPerVb(9), status)).toBe(4_500n);
  expect(chooseFeeRate(null, satPerVb(9), status)).toBe(9_000n);
  expect(chooseFeeRate(null, satPerVb(0.5), status)).toBe(1_000n);
  expect(() => chooseFeeRate(null, null, status)).toThrow(expect.objectContaining({ code: 'node.no-fee-estimate' }));
  expect(() => chooseFeeRate(satPerVb(0.5), null, status)).toThrow(expect.objectContaining({ code: 'plan.fee-too-low' }));
  expect(() => chooseFeeRate(satPerVb(0), null, { minimumFeeRate: satPerVb(0) })).toThrow(expect.objectContaining({ code: 'plan.fee-too-low' }));
});

function outpoint(number: number): { txid: string; vout: number } {
  const { txid, vout } = coldOutput(number, 0n);
  return { txid, vout };
}
