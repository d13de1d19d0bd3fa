import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { movedSats } from '../../../src/companion/plan/plan.ts';
import { planSweeps, type HotCandidate, type SweepDrafts, type SweepTask } from '../../../src/companion/plan/sweep-plan.ts';
import { anyAge, isWithin, noBudget, openPolicy, parsePercent, requireSoundPolicy, type SweepPolicy } from '../../../src/companion/plan/sweep-policy.ts';
import { previewRates, previewSweeps } from '../../../src/companion/plan/sweep-preview.ts';
import { coinRuleOf, moveCost } from '../../../src/companion/plan/sweep-sorting.ts';
import { MAX_STANDARD_WEIGHT, transactionVsizeVb, transactionWeight, type SpendKind } from '../../../src/companion/plan/vsize.ts';
import { feeForVsize } from '../../../src/domain/fee-rate.ts';
import { formatOutpoint } from '../../../src/domain/outpoint.ts';
import { StrongroomError } from '../../../src/errors/strongroom-error.ts';
import { amounts, cold, hotOutput, rates, satPerVb, someScripts } from './plan-fixtures.ts';

const destination = cold.deriver.derive(0, 4);
const hotChange = { address: 'bcrt1qhot', scriptPubKey: someScripts[0] as Uint8Array };
const task = (candidates: readonly HotCandidate[], policy: Partial<SweepPolicy> = {}, more: Partial<SweepTask> = {}): SweepTask =>
  ({ network: 'regtest', candidates, destination, feeRate: satPerVb(2), policy: { ...openPolicy, ...policy }, hotChange, ...more });
const sweeps = (...args: Parameters<typeof task>): SweepDrafts => planSweeps(task(...args));
const refusal = (code: string, details: object = {}) => expect.objectContaining({ code, details: expect.objectContaining(details) });
const reasons = ({ skipped }: SweepDrafts): Record<string, number> => Object.fromEntries([...Map.groupBy(skipped, ({ reason }) => reason)].map(([reason, all]) => [reason, all.length]));

describe('floor and ceiling', () => {
  const hot = [hotOutput(1, 5_000_000n), hotOutput(2, 3_000_000n)];

  test('nothing is swept while the hot wallet holds no more than the ceiling', () => {
    expect(() => sweeps(hot, { floorSats: 1_000_000n, ceilingSats: 8_000_000n })).toThrow(refusal('plan.below-ceiling', { usableSats: '8000000', ceilingSats: '8000000' }));
    const over = sweeps(hot, { floorSats: 1_000_000n, ceilingSats: 7_999_999n });
    expect(over.leftHotSats).toBe(1_000_000n);
    expect(over.usableSats).toBe(8_000_000n);
  });

  test('the ceiling is measured by what could be spent: neither unconfirmed nor dust counts', () => {
    expect(() => sweeps([...hot, hotOutput(3, 9_000_000n, { confirmations: 0 }), hotOutput(4, 100n)], { ceilingSats: 8_000_000n })).toThrow(refusal('plan.below-ceiling'));
  });

  test('what stays by the policy counts for the floor before anything else is kept', () => {
    const young = hotOutput(3, 2_000_000n, { confirmations: 1 });
    const planned = sweeps([...hot, young], { floorSats: 2_000_000n, age: { ...anyAge, leastConfirmations: 3 } });
    expect(planned.drafts).toMatchObject([{ change: null, inputsSats: 8_000_000n }]);
    expect(reasons(planned)).toEqual({ age: 1 });
  });

  test('the rest of the floor comes back in the first transaction alone', () => {
    const many = Array.from({ length: 1_700 }, (_, number) => hotOutput(number, 100_000n));
    const planned = sweeps(many, { floorSats: 150_000n }, { maxTransactions: 10 });
    expect(planned.drafts.map(({ change }) => change?.amountSats ?? 0n)).toEqual([50_000n, 0n]);
    expect(planned.leftHotSats).toBe(150_000n);
  });
});

describe('fee budget', () => {
  test('in satoshis it holds for all transactions together; what it does not pay for is named', () => {
    const hot = Array.from({ length: 3_000 }, (_, number) => hotOutput(number, 100_000n + BigInt(number)));
    const all = sweeps(hot, {}, { maxTransactions: 10 });
    expect(all.drafts).toHaveLength(3);
    const feeSats = all.drafts.reduce((sum, draft) => sum + draft.feeSats, 0n);
    const half = sweeps(hot, { budget: { ...noBudget, mostSats: feeSats / 2n } }, { maxTransactions: 10 });
    expect(half.drafts.reduce((sum, draft) => sum + draft.feeSats, 0n)).toBeLessThanOrEqual(feeSats / 2n);
    expect(reasons(half)['budget']).toBeGreaterThan(1_490);
    // The largest go first: the budget moves as much as it can.
    expect(half.skipped.every((output) => output.amountSats < 101_600n)).toBe(true);
  });

  test('as a percentage it is of what leaves the hot wallet, not of what comes back to it', () => {
    // 68 sats at 1 sat/vB for each input; two inputs, an output and change are 221 vB. Of 10,000 moved, 221 sats are 2.21 %; of the 1,010,000 spent 0.02 %.
    const hot = [hotOutput(1, 1_010_000n)];
    const spend = (percent: string) => sweeps(hot, { floorSats: 1_000_000n, budget: { ...noBudget, mostOfMoved: parsePercent(percent) } }, { feeRate: satPerVb(1) });
    expect(movedSats(spend('1.6').drafts[0] as never)).toBe(10_000n);
    expect(spend('1.6').drafts[0]?.feeSats).toBe(153n);
    expect(() => spend('1.5')).toThrow(refusal('plan.over-budget'));
  });

  test('of inputs of several kinds those go first that bring most for their size', () => {
    const hot = [hotOutput(1, 110_000n, { kind: { type: 'p2pkh' } }), hotOutput(2, 100_000n, { kind: { type: 'p2tr' } })];
    const planned = sweeps(hot, { budget: { ...noBudget, mostSats: 240n } });
    expect(planned.drafts[0]?.inputs.map(({ amountSats }) => amountSats)).toEqual([100_000n]);
    expect(planned.skipped.map(({ amountSats, reason }) => [amountSats, reason])).toEqual([[110_000n, 'budget']]);
  });

  test('percentages are whole hundredths from 0 to 100', () => {
    expect(['0', '0.5', '12.34', '100'].map(parsePercent)).toEqual([0n, 50n, 1234n, 10_000n]);
    for (const bad of ['', '-1', '100.01', '101', '0.123', '1e1', '.5', '05']) expect(() => parsePercent(bad), bad).toThrow(refusal('sweep.policy-malformed', { reason: 'percent' }));
    expect(isWithin(1n, 10_000n, 1n)).toBe(true);
    expect(isWithin(1n, 9_999n, 1n)).toBe(false);
  });
});

describe('economics, age and marks', () => {
  test('a small output waits for a lower rate, a large one is moved at any', () => {
    const longTerm = { feeRate: satPerVb(5), mostPremium: parsePercent('1') };
    // 68 vB: 3,400 sats at 50 sat/vB and 340 at 5; the premium of 3,060 sats is 1 % of 306,000.
    expect(moveCost({ type: 'p2wpkh' }, satPerVb(50), satPerVb(5))).toEqual({ nowSats: 3_400n, laterSats: 340n });
    const planned = sweeps([hotOutput(1, 306_000n), hotOutput(2, 305_999n)], { longTerm }, { feeRate: satPerVb(50) });
    expect(planned.drafts[0]?.inputs.map(({ amountSats }) => amountSats)).toEqual([306_000n]);
    expect(planned.skipped).toMatchObject([{ amountSats: 305_999n, reason: 'wait' }]);
    // At or below the long-term rate nothing is gained by waiting.
    expect(sweeps([hotOutput(1, 306_000n), hotOutput(2, 1_000n)], { longTerm }, { feeRate: satPerVb(5) }).skipped).toEqual([]);
  });

  test('age is in confirmations, or in blocks by the height of the chain', () => {
    const hot = [1, 10, 100].map((confirmations) => hotOutput(confirmations, 1_000_000n, { confirmations }));
    const swept = (age: object, tipHeight: number | null = 1_000) => sweeps(hot, { age: { ...anyAge, ...age } }, { tipHeight }).drafts[0]?.inputs.map(({ confirmations }) => confirmations).sort((a, b) => a - b);
    expect(swept({ leastConfirmations: 10 })).toEqual([10, 100]);
    expect(swept({ mostConfirmations: 10 })).toEqual([1, 10]);
    // 10 confirmations at height 1,000: block 991.
    expect(swept({ fromHeight: 991 })).toEqual([1, 10]);
    expect(swept({ toHeight: 991 })).toEqual([10, 100]);
    expect(() => swept({ fromHeight: 1 }, null)).toThrow(refusal('plan.nothing-to-sweep'));
  });

  test('a frozen output stays and the floor does not rely on it; one kept by its tag counts', () => {
    const [frozen, tagged, free] = [hotOutput(1, 2_000_000n), hotOutput(2, 2_000_000n), hotOutput(3, 5_000_000n)] as [HotCandidate, HotCandidate, HotCandidate];
    const coinRule = coinRuleOf({ frozen: new Set([formatOutpoint(frozen)]), tags: new Map([[formatOutpoint(tagged), ['exchange']]]) }, { tags: null, excludeTags: ['exchange'] });
    const planned = sweeps([frozen, tagged, free], { floorSats: 3_000_000n }, { coinRule });
    expect(reasons(planned)).toEqual({ frozen: 1, label: 1 });
    expect(planned.drafts[0]?.change?.amountSats).toBe(1_000_000n);
    const only = coinRuleOf({ frozen: new Set(), tags: new Map([[formatOutpoint(tagged), ['exchange']]]) }, { tags: ['exchange'], excludeTags: [] });
    expect(sweeps([frozen, tagged, free], {}, { coinRule: only }).drafts[0]?.inputs.map(formatOutpoint)).toEqual([formatOutpoint(tagged)]);
  });

  test('a policy that contradicts itself is refused', () => {
    const policy = (part: Partial<SweepPolicy>) => () => requireSoundPolicy({ ...openPolicy, ...part });
    expect(policy({ floorSats: 2n, ceilingSats: 1n })).toThrow(refusal('sweep.policy-malformed', { reason: 'floor-above-ceiling' }));
    expect(policy({ age: { ...anyAge, leastConfirmations: 0 } })).toThrow(refusal('sweep.policy-malformed', { reason: 'unconfirmed' }));
    expect(policy({ age: { ...anyAge, leastConfirmations: 6, mostConfirmations: 5 } })).toThrow(refusal('sweep.policy-malformed', { reason: 'confirmations' }));
    expect(policy({ age: { ...anyAge, fromHeight: 6, toHeight: 5 } })).toThrow(refusal('sweep.policy-malformed', { reason: 'heights' }));
    expect(policy({ floorSats: 1n, ceilingSats: 1n })()).toMatchObject({ floorSats: 1n });
  });
});

describe('several transactions', () => {
  test('each is as large as nodes relay, and no output is in two', () => {
    const kinds: readonly SpendKind[] = [{ type: 'p2pkh' }, { type: 'p2sh-p2wpkh' }, { type: 'p2wpkh' }, { type: 'p2tr' }];
    const hot = Array.from({ length: 3_000 }, (_, number) => hotOutput(number, 50_000n + BigInt(number % 97), { kind: kinds[number % 4] as SpendKind }));
    const planned = sweeps(hot, {}, { maxTransactions: 10 });
    expect(planned.drafts).toHaveLength(3);
    const spent = planned.drafts.flatMap((draft) => draft.inputs.map(formatOutpoint));
    expect([spent.length, new Set(spent).size, planned.skipped.length]).toEqual([3_000, 3_000, 0]);
    for (const draft of planned.drafts) expect(transactionWeight(draft.inputs.map(({ kind }) => kind), [destination.scriptPubKey])).toBeLessThanOrEqual(MAX_STANDARD_WEIGHT);
    expect(sweeps([...hot].reverse(), {}, { maxTransactions: 10 })).toEqual(planned);
  });

  test('a transaction holds no more previous transactions than a PSBT may, however small it is itself', () => {
    const hot = Array.from({ length: 200 }, (_, number) => hotOutput(number, 1_000_000n));
    const planned = sweeps(hot, {}, { maxTransactions: 10, limits: { proofBytes: () => 399_000 } });
    // 16 MiB hold 41 inputs of 399,640 bytes beside 64 KiB for the rest.
    expect(planned.drafts.map((draft) => draft.inputs.length)).toEqual([41, 41, 41, 41, 36]);
  });

  test('a rest that costs more than it brings stays, and is said', () => {
    const hot = [hotOutput(1, 5_000_000n), hotOutput(2, 450n)];
    // Worth its own input, not a transaction of its own.
    const planned = sweeps(hot, {}, { maxTransactions: 10, limits: { maxInputs: 1 } });
    expect(planned.drafts).toHaveLength(1);
    expect(planned.skipped).toMatchObject([{ amountSats: 450n, reason: 'dust' }]);
  });

  test('a hot wallet of 30,000 outputs is planned at once', () => {
    const hot = Array.from({ length: 30_000 }, (_, number) => hotOutput(number, 50_000n + BigInt((number * 7919) % 10_007)));
    const begun = performance.now();
    const planned = sweeps(hot, { floorSats: 1_000_000n, budget: { ...noBudget, mostOfMoved: 5_000n } }, { maxTransactions: 100 });
    expect(planned.drafts.length).toBe(21);
    // A fifth of a second; minutes, if each input looked at all those before it.
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});

describe('previews', () => {
  test('the rates that are shown are the chosen one and the usual ones below it, which the node relays', () => {
    expect(previewRates(satPerVb(12), satPerVb(1))).toEqual([12, 10, 5, 3, 2, 1].map(satPerVb));
    expect(previewRates(satPerVb(2), satPerVb(2))).toEqual([satPerVb(2)]);
  });

  test('each line says what the sweep would come to, and whether the budget pays for it', () => {
    const lines = previewSweeps(task([hotOutput(1, 1_000_000n), hotOutput(2, 3_000n)], { budget: { ...noBudget, mostSats: 500n } }), [satPerVb(50), satPerVb(5), satPerVb(2)]);
    expect(lines).toEqual([
      { feeRate: satPerVb(50), transactions: 1, inputs: 1, movedSats: 1_000_000n, feeSats: 6_100n, outputsLeft: 1, leftHotSats: 3_000n, withinBudget: false },
      { feeRate: satPerVb(5), transactions: 1, inputs: 2, movedSats: 1_003_000n, feeSats: 950n, outputsLeft: 0, leftHotSats: 0n, withinBudget: false },
      { feeRate: satPerVb(2), transactions: 1, inputs: 2, movedSats: 1_003_000n, feeSats: 380n, outputsLeft: 0, leftHotSats: 0n, withinBudget: true },
    ]);
    expect(previewSweeps(task([hotOutput(1, 3_000n)]), [satPerVb(50)])).toEqual([{ feeRate: satPerVb(50), code: 'plan.nothing-to-sweep' }]);
  });
});

test('property: money is conserved, the floor holds, the budget is kept, and transactions are disjoint', () => {
  const kind = fc.constantFrom<SpendKind | null>({ type: 'p2wpkh' }, { type: 'p2tr' }, { type: 'p2pkh' }, { type: 'p2sh-p2wpkh' }, { type: 'p2wsh', required: 2, total: 3 }, null);
  const outputs = fc.array(fc.record({ amount: amounts, kind, confirmations: fc.constantFrom(0, 1, 7, 100), mark: fc.constantFrom(null, null, null, 'frozen' as const, 'label' as const) }), { minLength: 1, maxLength: 60 });
  const policies = fc.record({
    floorSats: fc.option(fc.bigInt({ min: 0n, max: 300_000_000n })),
    ceilingSats: fc.option(fc.bigInt({ min: 300_000_000n, max: 600_000_000n }), { freq: 4 }),
    budget: fc.record({ mostSats: fc.option(fc.bigInt({ min: 100n, max: 100_000n })), mostOfMoved: fc.option(fc.bigInt({ min: 1n, max: 2_000n })) }),
    longTerm: fc.option(fc.record({ feeRate: rates, mostPremium: fc.bigInt({ min: 0n, max: 500n }) })),
    age: fc.record({ leastConfirmations: fc.constantFrom(1, 2, 8), mostConfirmations: fc.constantFrom(null, 50), fromHeight: fc.constant(null), toHeight: fc.constant(null) }),
  });
  let planned = 0;
  fc.assert(fc.property(outputs, rates, policies, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 6 }), (items, feeRate, policy, maxInputs, maxTransactions) => {
    const candidates = items.map((item, index) => hotOutput(index, item.amount, { kind: item.kind, confirmations: item.confirmations }));
    const marks = new Map(items.map((item, index) => [formatOutpoint(candidates[index] as HotCandidate), item.mark]));
    let result: SweepDrafts;
    try {
      result = planSweeps(task(candidates, policy, { feeRate, limits: { maxInputs }, maxTransactions, coinRule: (output) => marks.get(formatOutpoint(output)) ?? null }));
    } catch (error) {
      expect(['plan.nothing-to-sweep', 'plan.fee-excessive', 'plan.below-ceiling', 'plan.over-budget']).toContain((error as StrongroomError).code);
      return;
    }
    planned += 1;
    const { drafts, skipped, leftHotSats } = result;
    const spent = drafts.flatMap(({ inputs }) => inputs);
    expect(drafts.length).toBeLessThanOrEqual(maxTransactions);
    // Every output is in exactly one place.
    expect([...spent, ...skipped].map(formatOutpoint).sort()).toEqual(candidates.map(formatOutpoint).sort());
    const total = candidates.reduce((sum, { amountSats }) => sum + amountSats, 0n);
    const arrives = drafts.reduce((sum, { paymentsSats }) => sum + paymentsSats, 0n);
    const fees = drafts.reduce((sum, { feeSats }) => sum + feeSats, 0n);
    expect(arrives + fees + leftHotSats).toBe(total);
    for (const draft of drafts) {
      const scripts = [destination.scriptPubKey, ...(draft.change === null ? [] : [draft.change.scriptPubKey])];
      expect(draft.inputsSats).toBe(draft.paymentsSats + draft.feeSats + (draft.change?.amountSats ?? 0n));
      expect(draft.feeSats).toBe(feeForVsize(transactionVsizeVb(draft.inputs.map((input) => input.kind), scripts), feeRate));
      if (policy.budget.mostOfMoved !== null) expect(isWithin(draft.feeSats, movedSats(draft), policy.budget.mostOfMoved)).toBe(true);
      expect(draft.inputs.every((input) => input.confirmations >= policy.age.leastConfirmations && input.confirmations <= (policy.age.mostConfirmations ?? 1_000) && marks.get(formatOutpoint(input)) === null)).toBe(true);
    }
    if (policy.budget.mostSats !== null) expect(fees).toBeLessThanOrEqual(policy.budget.mostSats);
    if (policy.ceilingSats !== null) expect(result.usableSats).toBeGreaterThan(policy.ceilingSats);
    // What stays and can be spent holds the floor, without what is frozen, locked, unconfirmed or worth nothing.
    const poor = new Set(['unconfirmed', 'locked', 'frozen']);
    const change = drafts.reduce((sum, draft) => sum + (draft.change?.amountSats ?? 0n), 0n);
    const stays = skipped.filter(({ reason }) => !poor.has(reason)).reduce((sum, { amountSats }) => sum + amountSats, 0n) + change;
    expect(stays).toBeGreaterThanOrEqual(policy.floorSats ?? 0n);
  }), { numRuns: 400 });
  expect(planned).toBeGreaterThan(60);
});
