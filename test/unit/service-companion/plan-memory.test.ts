import { Transaction } from 'bitcoinjs-lib/src/transaction';
import { expect, test } from 'vitest';
import type { BookedPlan, Ledger } from '../../../src/companion/ledger/ledger.ts';
import { spentOutpoints } from '../../../src/psbt/payment-versions.ts';
import type { Psbt } from '../../../src/psbt/psbt.ts';
import { rememberedPayment } from '../../../src/service/companion/plan-memory.ts';

/** An unsigned transaction that spends the first outputs of these transactions. */
function spending(amountSats: bigint, ...inputs: readonly number[]): Psbt {
  const transaction = new Transaction();
  for (const input of inputs) transaction.addInput(new Uint8Array(32).fill(input), 0);
  transaction.addOutput(new Uint8Array([0x6a]), amountSats);
  return { transaction } as unknown as Psbt;
}

/** Books that hold these plans, and the file of each but the first. */
function books(...plans: readonly Psbt[]): Ledger {
  const booked = plans.map(({ transaction }) => ({ planId: transaction.getId(), kind: 'sweep', plannedAt: '2026-11-23T10:00:00.000Z', outpoints: spentOutpoints(transaction) }) as unknown as BookedPlan);
  return {
    plansSpending: (outpoints: readonly string[]) => booked.filter((plan) => plan.outpoints.some((outpoint) => outpoints.includes(outpoint))),
    plannedPsbt: (planId: string) => (planId === booked[0]?.planId ? null : new Uint8Array(0)),
  } as unknown as Ledger;
}

test('a plan that spends an output of the files\' plan is a version of it', () => {
  const [first, second] = [spending(1n, 1, 2), spending(2n, 2, 3)];
  expect(rememberedPayment(books(first, second), [first], [])).toMatchObject({ plan: { planId: first.transaction.getId() }, original: null, versions: [{ planId: second.transaction.getId() }] });
});

test('another part of the same split sweep, given beside it, is no version of it', () => {
  const [first, second] = [spending(1n, 1, 2), spending(2n, 3, 4)];
  expect(rememberedPayment(books(first, second), [first, second], [])).toMatchObject({ plan: { planId: first.transaction.getId() }, versions: [] });
});

test('files of no plan: every plan that spends what they spend is a version', () => {
  const [first, second, foreign] = [spending(1n, 1, 2), spending(2n, 3, 4), spending(3n, 2, 3)];
  const { plan, versions } = rememberedPayment(books(first, second), [foreign], []);
  expect(plan).toBeNull();
  expect(versions.map(({ planId }) => planId)).toEqual([second.transaction.getId()]);
});
