import { describe, expect, test } from 'vitest';
import type { ReadySession, StoredWallet } from '../../../renderer/companion/session.ts';
import {
  basisOf, conditionsSet, countProblem, emptySweepForm, feeRateProblem, floorProblem, formProblem, hotKinds, hotSideOf, percentProblem, policyOf, prepareRequest, refillRequest, satsProblem, typedTags, type SweepForm,
} from '../../../renderer/companion/sweep/sweep-form.ts';
import { arrivingSats, hotPicture, isSignedByNode, moveTag, newSweep, refusalWords, sweepTransition, type PlannedState, type PreparedSweep, type Refill, type SweepEvent, type SweepState } from '../../../renderer/companion/sweep/sweep-state.ts';
import type { PlannedPsbt } from '../../../renderer/review/from-plan.ts';

const wallet = (walletId: string): StoredWallet => ({ name: `${walletId}.wallet.json`, wallet: `{"${walletId}"}`, policy: { walletId, name: walletId } }) as unknown as StoredWallet;
const cold = wallet('cold');
const warm = wallet('warm');
const session = (wallets: readonly StoredWallet[], hotWallet: string | null = 'hot'): ReadySession => ({ stage: 'ready', settings: { node: ['a', 'b'], hotWallet }, node: null, wallets, damaged: [], synced: new Map(), books: null, audits: new Map(), plans: [] });
const form = (part: Partial<SweepForm> = {}): SweepForm => ({ ...emptySweepForm, ...part });
const plan = (psbtSha256: string, paymentsSats = '5'): PlannedPsbt => ({
  plan: { kind: 'sweep', inputs: [], inputsSats: '10', payments: [], paymentsSats, feeSats: '1', feeRateSatPerVb: '1', feePercent: null, vsizeVb: 1, change: null, destination: null, leftHotSats: null, skipped: [] },
  psbtBase64: 'AA==', psbtSha256, suggestedName: 'p.psbt',
});
const sweepOf = (plans: PlannedPsbt[], kind: PreparedSweep['signers']['kind'] = 'node-wallet'): PreparedSweep => ({
  plans, totals: { transactions: plans.length, inputs: 1, movedSats: '6', paymentsSats: '5', feeSats: '1', feePercent: null, vsizeVb: 1, leftHotSats: '0' }, skipped: [], signers: kind === 'wallets' ? { kind, wallets: [] } : kind === 'paper' ? { kind } : { kind, name: 'hot' },
  economics: null, feeRateSatPerVb: '1', hot: { usableSats: '6', outputs: 1 }, preview: [], targets: [],
});
const error = { code: 'node.unreachable', message: 'm', details: {}, hint: 'h' };
const afterEvents = (...events: readonly SweepEvent[]): SweepState => events.reduce(sweepTransition, newSweep);
const plannedOf = (...shas: readonly string[]): SweepEvent => ({ type: 'planned', prepared: { kind: 'sweep', sweep: sweepOf(shas.map((sha) => plan(sha))) } });

describe('the form', () => {
  test('fee rate, floor and limits are checked as they are typed', () => {
    expect(['', '4.5', '0.101'].map(feeRateProblem)).toEqual([null, null, null]);
    expect(['four', '1.2345', '-1', '01'].every((typed) => feeRateProblem(typed) !== null)).toBe(true);
    expect([floorProblem(''), floorProblem('0.5')]).toEqual([null, null]);
    expect(floorProblem('half')).not.toBeNull();
    expect([satsProblem(''), satsProblem('20000'), percentProblem('0.25'), countProblem('6')]).toEqual([null, null, null, null]);
    expect([satsProblem('2e4'), satsProblem('1.5'), percentProblem('0.255'), countProblem('0')].every((problem) => problem !== null)).toBe(true);
  });

  test('a sweep with nothing but a floor asks for no other limit', () => {
    expect(policyOf(form({ floorBtc: '0.25' }))).toEqual({ floorSats: '25000000', ceilingSats: null, budgetSats: null, budgetPercent: null, longTermFeeRate: null, leastConfirmations: null, mostConfirmations: null, tags: null, excludeTags: null });
    expect(conditionsSet(form({ floorBtc: '0.25', feeRate: '4' }))).toBe(0);
  });

  test('every limit that was typed is asked for, and counted where it is folded away', () => {
    const full = form({ ceilingBtc: '1', budgetSats: ' 20000 ', budgetPercent: '0.5', longTermRate: '2', leastConfirmations: '6', mostConfirmations: '1000', tags: '#a, b a', excludeTags: 'kyc', split: true });
    expect(policyOf(full)).toEqual({ floorSats: null, ceilingSats: '100000000', budgetSats: '20000', budgetPercent: '0.5', longTermFeeRate: '2', leastConfirmations: 6, mostConfirmations: 1000, tags: ['a', 'b'], excludeTags: ['kyc'] });
    expect(conditionsSet(full)).toBe(9);
    expect(typedTags(' ;, ')).toEqual([]);
  });

  test('the node\'s wallet is hot where there is one; a wallet is never both hot and cold', () => {
    expect(hotKinds(session([cold]))).toEqual(['node', 'addresses']);
    expect(hotKinds(session([cold, warm], null))).toEqual(['wallet', 'addresses']);
    expect(hotSideOf(form(), session([cold, warm]), cold)).toEqual({ kind: 'node', name: 'hot' });
    expect(hotSideOf(form({ hot: 'wallet', hotWalletId: 'cold' }), session([cold, warm]), cold)).toEqual({ kind: 'wallet', wallet: warm });
    expect(hotSideOf(form({ hot: 'node' }), session([cold], null), cold)).toEqual({ kind: 'addresses' });
  });

  test('what is asked for goes to all nodes, from the hot side to the cold wallet', () => {
    const typed = form({ floorBtc: '0.1', feeRate: '4', split: true });
    const basis = basisOf(typed, session([cold]));
    expect(basis).not.toBeNull();
    if (basis === null) return;
    expect(prepareRequest(typed, basis)).toMatchObject({ source: { kind: 'node-wallet', name: 'hot' }, to: cold.wallet, node: ['a', 'b'], feeRate: '4', split: true, policy: { floorSats: '10000000' } });
    expect(prepareRequest(form({ addresses: 'x\ny' }), { ...basis, hot: { kind: 'addresses' } }).source).toEqual({ kind: 'addresses', addresses: 'x\ny' });
    expect(prepareRequest(form(), { ...basis, hot: { kind: 'wallet', wallet: warm } }).source).toEqual({ kind: 'wallets', wallets: [warm.wallet] });
    expect(refillRequest(form({ floorBtc: '0.1', targetBtc: '0.5' }), basis)).toEqual({ wallet: cold.wallet, to: { kind: 'node-wallet', name: 'hot' }, node: ['a', 'b'], feeRate: null, floorSats: '10000000', targetSats: '50000000' });
    expect(refillRequest(form({ addresses: ' x ' }), { ...basis, hot: { kind: 'addresses' } }).to).toEqual({ kind: 'address', address: 'x' });
    expect(basisOf(typed, session([]))).toBeNull();
  });

  test('addresses, and both amounts of a refill, are asked for before anything is planned', () => {
    const hot = { kind: 'node', name: 'hot' } as const;
    expect(formProblem(form(), hot)).toBeNull();
    expect(formProblem(form(), { kind: 'addresses' })).toMatch(/addresses/);
    expect(formProblem(form({ budgetPercent: 'x' }), hot)).toMatch(/percentage/);
    expect(formProblem(form({ direction: 'refill', floorBtc: '1' }), hot)).toMatch(/up to what/);
    // What belongs to the other direction does not stand in the way.
    expect(formProblem(form({ direction: 'refill', floorBtc: '1', targetBtc: '2', budgetPercent: 'x' }), hot)).toBeNull();
  });
});

describe('the plan', () => {
  test('a preview goes when a condition changes', () => {
    const previewed = afterEvents({ type: 'previewed', preview: sweepOf([]) });
    expect(previewed).toMatchObject({ preview: { feeRateSatPerVb: '1' } });
    expect(sweepTransition(previewed, { type: 'form-changed', form: { feeRate: '3' } })).toMatchObject({ preview: null, form: { feeRate: '3' } });
  });

  test('the balance of one hot side is not shown of another', () => {
    const known = afterEvents({ type: 'balance-read', balance: { balanceSats: '7', utxos: 1 } });
    expect(sweepTransition(known, { type: 'form-changed', form: { floorBtc: '1' } })).toMatchObject({ balance: { balanceSats: '7' } });
    expect(sweepTransition(known, { type: 'form-changed', form: { hot: 'addresses' } })).toMatchObject({ balance: null });
  });

  test('a sweep is sent only after it was planned, and a plan put away keeps the form', () => {
    expect(sweepTransition(newSweep, { type: 'sent', position: 0, txid: 't' })).toBe(newSweep);
    const state = afterEvents({ type: 'form-changed', form: { floorBtc: '0.25' } }, plannedOf('a'));
    expect(sweepTransition(state, { type: 'sent', position: 0, txid: 't' })).toMatchObject({ stage: 'sent', moves: [{ sentTxid: 't' }] });
    expect(sweepTransition(state, { type: 'put-away' })).toMatchObject({ stage: 'form', form: { floorBtc: '0.25' } });
  });

  test('of several transactions each is saved, signed and sent by itself; what is done stays done when one fails', () => {
    const signed = afterEvents(plannedOf('a', 'b'), { type: 'saved', position: 1, savedAs: 'x' }, { type: 'signed', position: 0, psbtBase64: 'AA==', txid: 't' }, { type: 'failed', error }) as PlannedState;
    expect(signed.moves.map(moveTag).map(({ words }) => words)).toEqual(['Signed', 'Saved']);
    expect([signed.error?.code, signed.work]).toEqual(['node.unreachable', null]);
    const one = sweepTransition(signed, { type: 'sent', position: 0, txid: 't' });
    expect(one).toMatchObject({ stage: 'planned' });
    const both = sweepTransition(one, { type: 'sent', position: 1, txid: 'u' });
    expect(both).toMatchObject({ stage: 'sent', moves: [{ sentTxid: 't' }, { sentTxid: 'u' }] });
    expect(sweepTransition(both, { type: 'failed', error })).toBe(both);
  });

  test('only a transaction that is there can be looked at', () => {
    const state = afterEvents(plannedOf('a', 'b'));
    expect(sweepTransition(state, { type: 'chosen', position: 1 })).toMatchObject({ chosen: 1 });
    expect(sweepTransition(state, { type: 'chosen', position: 2 })).toBe(state);
  });

  test('the node signs what comes out of its own wallet, and nothing else', () => {
    expect((['node-wallet', 'wallets', 'paper'] as const).map((kind) => isSignedByNode({ kind: 'sweep', sweep: sweepOf([], kind) }))).toEqual([true, false, false]);
    const refill = { ...plan('a'), hot: {}, signers: { kind: 'node-wallet', name: 'hot' } } as unknown as Refill;
    expect(isSignedByNode({ kind: 'refill', refill })).toBe(false);
    expect(afterEvents({ type: 'planned', prepared: { kind: 'refill', refill } })).toMatchObject({ stage: 'planned', moves: [{ planned: { psbtSha256: 'a' } }] });
  });

  test('amounts of all transactions are added', () => {
    const state = afterEvents({ type: 'planned', prepared: { kind: 'sweep', sweep: sweepOf([plan('a', '5'), plan('b', '9007199254740993')]) } }) as PlannedState;
    expect(arrivingSats(state.moves)).toBe(9_007_199_254_740_998n);
  });

  test('why nothing would be swept is said in words, or by its code', () => {
    expect(refusalWords('plan.over-budget')).toBe('over the fee budget');
    expect(refusalWords('plan.other')).toBe('plan.other');
  });

  test('the picture of the hot wallet never shows more than there is', () => {
    expect(hotPicture(100n, 25n)).toEqual({ leaves: 750, stays: 250 });
    expect(hotPicture(100n, 400n)).toEqual({ leaves: 0, stays: 1000 });
    expect(hotPicture(0n, 5n)).toEqual({ leaves: 0, stays: 0 });
  });
});
