import { expect, test } from 'vitest';
import { safeParse } from 'valibot';
import { hotNames, lastRunWords, waitWords, whenWords } from '../../../renderer/companion/schedules/schedule-words.ts';
import { emptyRule, noSchedules, ruleOf, ruleProblem, schedulesTransition, type Rule, type RuleForm, type SchedulesEvent, type SchedulesState } from '../../../renderer/companion/schedules/schedules-state.ts';
import type { StoredWallet } from '../../../renderer/companion/session.ts';
import { ScheduleRule } from '../../../src/host/schedule-wire.ts';

const cold = { name: 'c', wallet: 'cold', policy: { walletId: 'c', name: 'Cold' } } as unknown as StoredWallet;
const hot = { kind: 'node', name: 'hot' } as const;
const form = (part: Partial<RuleForm> = {}): RuleForm => ({ ...emptyRule, name: 'nightly', ceilingBtc: '0.2', ...part });
const rule = (name: string): Rule => ({
  name, kind: 'sweep', isOn: true, addedAt: '2026-11-23T06:00:00.000Z', node: 'n', hot: { kind: 'node-wallet', names: ['hot'] }, cold: { walletId: 'c', name: 'Cold' }, floorSats: '0', ceilingSats: '1', feeRate: null, mostFeeRate: null, days: [], window: null,
  leastHoursBetween: 0, renewAfterHours: null, lastRun: null, prepared: [],
});
const after = (...events: readonly SchedulesEvent[]): SchedulesState => events.reduce(schedulesTransition, noSchedules);

test('what a rule lacks is said before it is added', () => {
  expect(ruleProblem(form(), hot)).toBeNull();
  expect(ruleProblem(form({ name: '' }), hot)).toMatch(/Name the rule/);
  expect(ruleProblem(form({ name: 'Nightly sweep' }), hot)).toMatch(/Small letters/);
  expect(ruleProblem(form({ ceilingBtc: '' }), hot)).toMatch(/above what/);
  expect(ruleProblem(form({ kind: 'refill' }), hot)).toMatch(/below what/);
  expect(ruleProblem(form({ from: '22:00' }), hot)).toMatch(/both times/);
  expect(ruleProblem(form({ from: '24:00', to: '04:00' }), hot)).toMatch(/22:00/);
  expect(ruleProblem(form({ renewAfterHours: '0' }), hot)).toMatch(/from 1/);
  expect(ruleProblem(form(), { kind: 'addresses' })).toMatch(/hot wallet/);
});

test('a sweep rule is asked for as the contract takes it, with its ceiling and for every node', () => {
  const asked = ruleOf(form({ floorBtc: '0.05', mostFeeRate: '15', budgetPercent: '0.5', days: ['mon'], from: '22:00', to: '04:00', hoursBetween: '12', renewAfterHours: '48' }), ['a', 'b'], hot, cold);
  expect(asked).toEqual({
    kind: 'sweep', name: 'nightly', isOn: true, node: ['a', 'b'], feeRate: null, mostFeeRate: '15', days: ['mon'], window: { from: '22:00', to: '04:00' }, leastHoursBetween: 12, renewAfterHours: 48,
    source: { kind: 'node-wallet', name: 'hot' }, to: 'cold', policy: { floorSats: '5000000', ceilingSats: '20000000', budgetPercent: '0.5' },
  });
  expect(safeParse(ScheduleRule, asked).success).toBe(true);
});

test('a refill rule goes from the cold wallet to the hot one, up to its target', () => {
  const asked = ruleOf(form({ kind: 'refill', floorBtc: '0.1', ceilingBtc: '0.5' }), 'n', { kind: 'wallet', wallet: { ...cold, wallet: 'warm' } }, cold);
  expect(asked).toMatchObject({ kind: 'refill', from: 'cold', target: { kind: 'wallet', wallet: 'warm' }, floorSats: '10000000', targetSats: '50000000', window: null, leastHoursBetween: 0, renewAfterHours: null });
  expect(safeParse(ScheduleRule, asked).success).toBe(true);
  expect(ruleOf(form(), 'n', { kind: 'addresses' }, cold)).toBeNull();
});

test('a rule that is gone is not asked about any more', () => {
  const asked = after({ type: 'read', rules: [rule('a'), rule('b')] }, { type: 'removing', name: 'a' });
  expect(asked.removing).toBe('a');
  expect(schedulesTransition(asked, { type: 'read', rules: [rule('a')] }).removing).toBe('a');
  expect(schedulesTransition(asked, { type: 'read', rules: [rule('b')] }).removing).toBeNull();
});

test('outcomes stay while the rules are read again, and go when the next run begins', () => {
  const ran = after({ type: 'ran', outcomes: [{ name: 'a', outcome: 'prepared', plans: [] }] }, { type: 'read', rules: [rule('a')] });
  expect(ran.outcomes).toHaveLength(1);
  expect(schedulesTransition(ran, { type: 'working', progress: { fraction: null, activity: '' } }).outcomes).toEqual([]);
});

test('a rule that was left is begun anew from nothing', () => {
  const typed = after({ type: 'begun' }, { type: 'typed', form: { name: 'x' } });
  expect(typed.form?.name).toBe('x');
  expect(schedulesTransition(schedulesTransition(typed, { type: 'left' }), { type: 'begun' }).form).toEqual(emptyRule);
  expect(schedulesTransition(noSchedules, { type: 'typed', form: { name: 'x' } })).toBe(noSchedules);
});

test('what a rule does and came to is said in words', () => {
  expect(waitWords(['time', 'fee-rate'])).toBe('it is not its time of the day; the fee rate is above its limit');
  expect(waitWords(['new-reason'])).toBe('new-reason');
  expect(lastRunWords({ ranAt: '', outcome: 'prepared', details: ['3'] }).words).toBe('Prepared 3 transactions');
  expect(lastRunWords({ ranAt: '', outcome: 'failed', details: ['node.unreachable'] })).toEqual({ words: 'Could not be looked at: node.unreachable', look: 'tag-danger' });
  expect(whenWords(rule('a'))).toBe('Every day');
  expect(whenWords({ days: ['sun', 'mon'], window: { from: '22:00', to: '04:00' }, mostFeeRate: '15', leastHoursBetween: 1, renewAfterHours: 48 })).toBe('Monday, Sunday, 22:00 to 04:00 UTC, at most 15 sat/vB, at least 1 hour apart, anew after 48 hours if not sent');
  expect([hotNames({ kind: 'node-wallet', names: ['hot'] }), hotNames({ kind: 'addresses', names: [] })]).toEqual(['"hot" on the node', 'addresses']);
});
