import fc from 'fast-check';
import { expect, test } from 'vitest';
import { completeSweep, planSweep, type HotCandidate, type SweepDraft } from '../../../src/companion/plan/sweep-plan.ts';
import { MAX_STANDARD_WEIGHT, transactionVsizeVb, transactionWeight, type SpendKind } from '../../../src/companion/plan/vsize.ts';
import { hotCandidates, paperCandidates } from '../../../src/companion/plan/candidates.ts';
import { openPolicy } from '../../../src/companion/plan/sweep-policy.ts';
import { feeForVsize, type FeeRate } from '../../../src/domain/fee-rate.ts';
import { StrongroomError } from '../../../src/errors/strongroom-error.ts';
import { amounts, cold, hotOutput, rates, satPerVb, someScripts } from './plan-fixtures.ts';

const destination = cold.deriver.derive(0, 4);
const hotChange = { address: 'bcrt1qhot', scriptPubKey: someScripts[0] as Uint8Array };

const sweep = (candidates: readonly HotCandidate[], floorSats: bigint | null = null, feeRate: FeeRate = satPerVb(2), maxInputs?: number): SweepDraft =>
  planSweep({ network: 'regtest', candidates, destination, feeRate, policy: { ...openPolicy, floorSats }, hotChange: floorSats === null ? null : hotChange, limits: maxInputs === undefined ? {} : { maxInputs } });

test('without a floor everything worth it goes to the cold address, and no change comes back', () => {
  const draft = sweep([hotOutput(1, 1_000_000n), hotOutput(2, 500_000n)]);
  // Two P2WPKH inputs, one P2WSH output: 190 vB at 2 sat/vB.
  expect(draft).toMatchObject({ change: null, inputsSats: 1_500_000n, feeSats: 380n, paymentsSats: 1_499_620n, vsizeVb: 190, leftHotSats: 0n, skipped: [] });
  expect(completeSweep(draft, destination)).toMatchObject({ destination: { address: destination.address, branch: 0, index: 4 }, payments: [{ address: destination.address, amountSats: 1_499_620n }] });
});

test('what is not swept is named with its reason', () => {
  const draft = sweep([hotOutput(1, 1_000_000n), hotOutput(2, 100n), hotOutput(3, 50_000n, { confirmations: 0 }), hotOutput(4, 60_000n, { kind: null })]);
  expect(draft.skipped.map((output) => [output.amountSats, output.reason])).toEqual([[100n, 'dust'], [50_000n, 'unconfirmed'], [60_000n, 'locked']]);
  expect(draft.leftHotSats).toBe(110_100n);
});

test('what cannot be spent now stays, whatever else is to be said of it', () => {
  const draft = sweep([hotOutput(1, 1_000_000n), hotOutput(2, 70_000n, { leftBecause: 'spent' }), hotOutput(3, 80_000n, { leftBecause: 'immature', kind: null })]);
  expect(draft.skipped.map((output) => [output.amountSats, output.reason])).toEqual([[70_000n, 'spent'], [80_000n, 'immature']]);
  expect(draft.inputs).toHaveLength(1);
});

test('a paper wallet\'s output is sized for the larger key where its address does not tell', () => {
  const utxo = (scriptPubKey: Uint8Array) => ({ txid: '11'.repeat(32), vout: 0, amountSats: 1n, scriptPubKey, height: 5, confirmations: 9, state: 'free' as const });
  const kinds = paperCandidates([...someScripts, Uint8Array.of(0x51)].map(utxo), () => null).map(({ kind, height }) => [kind?.type ?? null, height]);
  // P2WPKH, P2WSH, P2PKH, P2SH, and a script of no type.
  expect(kinds).toEqual([['p2wpkh', 5], [null, 5], ['p2pkh-uncompressed', 5], ['p2sh-p2wpkh', 5], [null, 5]]);
});

test('a floor keeps the largest outputs that fit under it whole; only what is then missing comes back as change', () => {
  const candidates = [hotOutput(1, 5_000_000n), hotOutput(2, 700_000n), hotOutput(3, 200_000n), hotOutput(4, 50_000n)];
  const draft = sweep(candidates, 1_000_000n);
  expect(draft.skipped.map((output) => [output.amountSats, output.reason])).toEqual([[700_000n, 'floor'], [200_000n, 'floor'], [50_000n, 'floor']]);
  expect(draft.change).toEqual({ ...hotChange, amountSats: 50_000n, own: null });
  expect(draft.leftHotSats).toBe(1_000_000n);
  expect(sweep(candidates, 950_000n)).toMatchObject({ change: null, leftHotSats: 950_000n });
});

test('a change below dust is raised to it: the floor is a promise', () => {
  expect(sweep([hotOutput(1, 5_000_000n), hotOutput(2, 700_000n)], 700_010n)).toMatchObject({ change: { amountSats: 294n }, leftHotSats: 700_294n });
});

test('nothing left after floor and fee is an error, not an empty transaction', () => {
  const nothing = expect.objectContaining({ code: 'plan.nothing-to-sweep' });
  expect(() => sweep([])).toThrow(nothing);
  expect(() => sweep([hotOutput(1, 100_000n)], 100_000n)).toThrow(nothing);
  expect(() => sweep([hotOutput(1, 100_000n)], 99_900n)).toThrow(nothing);
  expect(() => sweep([hotOutput(1, 100n)])).toThrow(nothing);
  expect(() => sweep([hotOutput(1, 10_000_000n)], null, satPerVb(40_000))).toThrow(expect.objectContaining({ code: 'plan.fee-excessive' }));
});

test('a sweep is no larger than nodes relay; the largest outputs go first and the others are named', () => {
  const many = Array.from({ length: 1_700 }, (_, number) => hotOutput(number, 100_000n + BigInt(number)));
  const draft = sweep(many);
  expect(transactionWeight(draft.inputs.map((input) => input.kind), [destination.scriptPubKey])).toBeLessThanOrEqual(MAX_STANDARD_WEIGHT);
  expect(draft.inputs.length + draft.skipped.length).toBe(1_700);
  expect(draft.inputs.length).toBeGreaterThan(1_400);
  expect(draft.skipped.every((output) => output.reason === 'limit' && output.amountSats < 100_300n)).toBe(true);
  expect(sweep(many.slice(0, 10), null, satPerVb(2), 4).inputs).toHaveLength(4);
});

test('hot outputs are sized by their script; what the node would not spend, or of unknown size, has no kind', () => {
  const utxo = { txid: '00'.repeat(32), vout: 0, amountSats: 1n, address: null, confirmations: 1, spendable: true };
  const kinds = hotCandidates([...someScripts, Uint8Array.of(0x6a)].map((scriptPubKey) => ({ ...utxo, scriptPubKey }))).map((output) => output.kind?.type ?? null);
  expect(kinds).toEqual(['p2wpkh', null, 'p2pkh', 'p2sh-p2wpkh', null]);
  expect(hotCandidates([{ ...utxo, spendable: false, scriptPubKey: someScripts[0] as Uint8Array }])[0]?.kind).toBeNull();
});

test('property: sums are exact, the rate is kept, nothing skipped is spent, and the floor stays hot', () => {
  const kind = fc.constantFrom<SpendKind | null>({ type: 'p2wpkh' }, { type: 'p2tr' }, { type: 'p2pkh' }, { type: 'p2sh-p2wpkh' }, null);
  const outputs = fc.array(fc.record({ amount: amounts, kind, confirmations: fc.constantFrom(0, 1, 100) }), { minLength: 1, maxLength: 30 });
  let planned = 0;
  fc.assert(fc.property(outputs, rates, fc.option(fc.bigInt({ min: 0n, max: 300_000_000n })), (items, rate, floor) => {
    const candidates = items.map((item, index) => hotOutput(index, item.amount, { kind: item.kind, confirmations: item.confirmations }));
    let draft: SweepDraft;
    try {
      draft = sweep(candidates, floor, rate);
    } catch (error) {
      expect(['plan.nothing-to-sweep', 'plan.fee-excessive']).toContain((error as StrongroomError).code);
      return;
    }
    planned += 1;
    const changeSats = draft.change?.amountSats ?? 0n;
    expect(draft.inputsSats).toBe(draft.paymentsSats + changeSats + draft.feeSats);
    expect(draft.inputs.reduce((sum, input) => sum + input.amountSats, 0n)).toBe(draft.inputsSats);
    const scripts = [destination.scriptPubKey, ...(draft.change === null ? [] : [draft.change.scriptPubKey])];
    expect(draft.feeSats).toBe(feeForVsize(transactionVsizeVb(draft.inputs.map((input) => input.kind), scripts), rate));
    const skipped = new Set(draft.skipped.map((output) => output.txid));
    expect(draft.inputs.every((input) => !skipped.has(input.txid) && input.confirmations > 0)).toBe(true);
    expect(draft.inputs.length + draft.skipped.length).toBe(candidates.length);
    expect((draft.leftHotSats ?? 0n) >= (floor ?? 0n)).toBe(true);
    expect(floor !== null || draft.change === null).toBe(true);
  }), { numRuns: 200 });
  expect(planned).toBeGreaterThan(30);
});
