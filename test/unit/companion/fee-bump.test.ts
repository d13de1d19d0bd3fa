import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { incrementalRate, planChild, planReplacement, type ReplacementTask } from '../../../src/companion/payments/fee-bump.ts';
import type { PaymentDraft } from '../../../src/companion/plan/payment-plan.ts';
import { transactionVsizeVb } from '../../../src/companion/plan/vsize.ts';
import { feeForVsize, feeRateFromSatPerKvb, feeRateOf } from '../../../src/domain/fee-rate.ts';
import { StrongroomError } from '../../../src/errors/strongroom-error.ts';
import { amounts, cold, coldKind, coldOutput, payment, satPerVb, someScripts } from './plan-fixtures.ts';

const changeScript = cold.deriver.derive(1, 0).scriptPubKey;
const stranger = someScripts[0] as Uint8Array;
const pays = (amountSats: bigint) => {
  const { address, scriptPubKey, reference } = payment(stranger, amountSats);
  return { address, scriptPubKey, amountSats, reference };
};
const common = { network: 'regtest', ownKind: coldKind, changeScript, candidates: [] } as const;
/** 2-of-3 input, P2WPKH payment, P2WSH change: 189 vB. */
const replaced = { inputs: [coldOutput(1, 1_000_000n)], payments: [pays(500_000n)], replacedFeeRate: satPerVb(2), replacedFeeSats: 378n };
const replace = (more: Partial<ReplacementTask> = {}): PaymentDraft => planReplacement({ ...common, ...replaced, feeRate: null, ...more });
const outpoints = (draft: PaymentDraft): readonly string[] => draft.inputs.map(({ txid, vout }) => `${txid}:${vout}`);

describe('a replacement', () => {
  test('BIP125, rules 3 and 4: without a rate it pays the old fee and 1 sat/vB of its own size, out of the change', () => {
    expect(replace()).toMatchObject({ feeSats: 567n, vsizeVb: 189, changeSats: 499_433n, paymentsSats: 500_000n });
  });
  test('the rate asked for counts where it is more', () => {
    expect(replace({ feeRate: satPerVb(10) })).toMatchObject({ feeSats: 1890n, changeSats: 498_110n });
    expect(replace({ feeRate: satPerVb(2.1) })).toMatchObject({ feeSats: 567n });
  });
  test('what spends from the replaced one is driven out too, and must be paid for', () => {
    expect(replace({ replacedFeeSats: 5_000n, feeRate: satPerVb(10) }).feeSats).toBe(5_189n);
  });
  test('a rate that is not above the old one is no bump', () => {
    expect(() => replace({ feeRate: satPerVb(2) })).toThrow(expect.objectContaining({ code: 'bump.too-little', details: { askedSatPerVb: '2', paysSatPerVb: '2' } }));
  });
  test('a change that would be dust is given up; where even that is not enough, confirmed outputs are added, the largest first', () => {
    const tight = { inputs: [coldOutput(1, 500_750n)], replacedFeeSats: 300n };
    expect(replace(tight)).toMatchObject({ changeSats: 0n, feeSats: 750n, inputs: [{ amountSats: 500_750n }] });
    const candidates = [coldOutput(2, 10_000n), coldOutput(3, 40_000n), coldOutput(4, 90_000n, 0), { ...coldOutput(5, 80_000n), leftBecause: 'frozen' as const }];
    expect(replace({ ...tight, feeRate: satPerVb(20), candidates }).inputs.map(({ amountSats }) => amountSats)).toEqual([500_750n, 40_000n]);
    expect(() => replace({ ...tight, feeRate: satPerVb(20), candidates: candidates.slice(2) })).toThrow(expect.objectContaining({ code: 'plan.insufficient-funds' }));
  });
  test('nothing is left out of what the old one spends, so that the two can never both confirm', () => {
    const inputs = [coldOutput(1, 1_000_000n), coldOutput(2, 700n)];
    expect(outpoints(replace({ inputs, feeRate: satPerVb(30) }))).toHaveLength(2);
  });
  test('taking back pays nobody but the wallet', () => {
    expect(replace({ payments: [], feeRate: satPerVb(5) })).toMatchObject({ payments: [], paymentsSats: 0n, feeSats: feeForVsize(transactionVsizeVb([coldKind], [changeScript]), satPerVb(5)) });
    expect(() => replace({ payments: [], inputs: [coldOutput(1, 800n)] })).toThrow(expect.objectContaining({ code: 'plan.insufficient-funds' }));
  });
  test('a transaction that nodes would not relay, and a fee that the Signer refuses, are named', () => {
    const many = Array.from({ length: 1_200 }, (_, index) => coldOutput(index, 10_000n));
    expect(() => replace({ inputs: many })).toThrow(expect.objectContaining({ code: 'plan.too-large' }));
    expect(() => replace({ feeRate: satPerVb(2000) })).toThrow(expect.objectContaining({ code: 'plan.fee-excessive' }));
  });

  test('property: sums are exact, rules 3 and 4 hold, the rate is kept, every old input is spent, and the order of candidates does not matter', () => {
    const task = fc.record({ coins: fc.array(amounts, { minLength: 1, maxLength: 12 }), first: fc.bigInt({ min: 20_000n, max: 90_000_000n }), share: fc.integer({ min: 1, max: 99 }), rate: fc.integer({ min: 1_001, max: 90_000 }), fee: fc.bigInt({ min: 100n, max: 20_000n }) });
    let planned = 0;
    fc.assert(fc.property(task, fc.func(fc.integer()), ({ coins, first, share, rate, fee }, shuffle) => {
      const inputs = [coldOutput(1_000, first)];
      const candidates = coins.map((amount, index) => coldOutput(index, amount));
      const feeRate = feeRateFromSatPerKvb(BigInt(rate));
      const asked = { inputs, payments: [pays((first * BigInt(share)) / 100n + 600n)], replacedFeeSats: fee, replacedFeeRate: feeRateFromSatPerKvb(1_000n), feeRate };
      let draft: PaymentDraft;
      try {
        draft = replace({ ...asked, candidates });
      } catch (error) {
        expect(['plan.insufficient-funds', 'plan.fee-excessive']).toContain((error as StrongroomError).code);
        return;
      }
      planned += 1;
      expect(draft.inputs.reduce((sum, { amountSats }) => sum + amountSats, 0n)).toBe(draft.paymentsSats + draft.changeSats + draft.feeSats);
      expect(draft.feeSats).toBeGreaterThanOrEqual(fee + feeForVsize(draft.vsizeVb, incrementalRate('regtest')));
      expect(draft.feeRate).toBeGreaterThanOrEqual(feeRate);
      expect(outpoints(draft)).toContain(outpoints({ inputs } as unknown as PaymentDraft)[0]);
      const shuffled = [...candidates].sort((a, b) => shuffle(a.txid) - shuffle(b.txid));
      expect(replace({ ...asked, candidates: shuffled })).toEqual(draft);
    }), { numRuns: 150 });
    expect(planned).toBeGreaterThan(30);
  });
});

describe('a child', () => {
  const alone = (feeSats: bigint, vsizeVb: number, count = 1) => ({ count, vsizeVb, feeSats });
  const parent = { feeSats: 200n, vsizeVb: 200, ancestors: alone(200n, 200), descendants: alone(200n, 200) };
  const child = (more: object = {}): PaymentDraft => planChild({ ...common, outputs: [coldOutput(1, 100_000n, 0)], parent, feeRate: satPerVb(10), minimumFeeRate: satPerVb(1), ...more });

  test('pays so much that the package has the rate: for its ancestors, itself, less what those pay already', () => {
    const vsizeVb = transactionVsizeVb([coldKind], [changeScript]);
    expect(child()).toMatchObject({ payments: [], vsizeVb, feeSats: BigInt(10 * (200 + vsizeVb) - 200), changeSats: 100_000n - BigInt(10 * (200 + vsizeVb) - 200) });
    expect(feeRateOf(child().feeSats + 200n, 200 + vsizeVb)).toBe(10_000n);
    expect(child({ parent: { ...parent, ancestors: alone(300n, 900, 3) } }).feeSats).toBe(BigInt(10 * (900 + vsizeVb) - 300));
  });
  test('takes the largest output first, then the others, then confirmed ones', () => {
    const outputs = [coldOutput(1, 900n, 0), coldOutput(2, 1_500n, 0)];
    expect(child({ outputs, candidates: [coldOutput(3, 50_000n), coldOutput(4, 60_000n, 0)] }).inputs.map(({ amountSats }) => amountSats)).toEqual([900n, 1_500n, 50_000n]);
    expect(child({ outputs: [coldOutput(1, 900n, 0), coldOutput(2, 20_000n, 0)] }).inputs).toHaveLength(1);
  });
  test('is refused where there is nothing to spend, too long a chain, or nothing to gain', () => {
    expect(() => child({ outputs: [] })).toThrow(expect.objectContaining({ code: 'bump.not-possible', details: { reason: 'nothing-of-ours' } }));
    expect(() => child({ parent: { ...parent, ancestors: alone(200n, 5_000, 25) } })).toThrow(expect.objectContaining({ code: 'bump.not-possible', details: { reason: 'chain-too-long' } }));
    expect(() => child({ feeRate: satPerVb(1) })).toThrow(expect.objectContaining({ code: 'bump.too-little', details: { askedSatPerVb: '1', paysSatPerVb: '1' } }));
    expect(() => child({ outputs: [coldOutput(1, 700n, 0)] })).toThrow(expect.objectContaining({ code: 'plan.insufficient-funds' }));
  });
});
