import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide, type RuleState } from '../../../src/companion/schedule/decide.ts';
import { formatClock, parseClock, parseRule, type Rule } from '../../../src/companion/schedule/rule.ts';
import { satPerVb } from './plan-fixtures.ts';

const stored = {
  version: 1, name: 'nightly', kind: 'sweep', isOn: true, floorSats: '1000000', ceilingSats: '5000000', mostFeeRate: '20',
  days: [] as string[], window: null as object | null, leastHoursBetween: 0, renewAfterHours: null as number | null,
};
const rule = (more: Partial<typeof stored> = {}): Rule => parseRule({ ...stored, ...more });
/** A Monday, noon. */
const noon = Date.parse('2026-11-23T12:00:00Z');
const state = (more: Partial<RuleState> = {}): RuleState => ({ nowMs: noon, hotSats: 5_000_001n, feeRate: satPerVb(20), lastPreparedMs: null, outstandingSinceMs: null, ...more });
const reasons = (of: Rule, at: RuleState): readonly string[] => {
  const decision = decide(of, at);
  return decision.prepare ? [] : decision.reasons;
};

describe('the decision', () => {
  test('is to prepare when every condition is met', () => {
    expect(decide(rule(), state())).toEqual({ prepare: true });
  });

  test('says every reason at once', () => {
    const off = rule({ isOn: false, days: ['sun'], window: { fromMinute: 0, toMinute: 60 }, leastHoursBetween: 24 });
    expect(reasons(off, state({ hotSats: 5_000_000n, feeRate: satPerVb(21), lastPreparedMs: noon - 1, outstandingSinceMs: noon - 1 }))).toEqual(['off', 'day', 'time', 'outstanding', 'interval', 'below-ceiling', 'fee-rate']);
  });

  test('sweeps above the ceiling only, and refills below the floor only', () => {
    expect(reasons(rule(), state({ hotSats: 5_000_000n }))).toEqual(['below-ceiling']);
    expect(reasons(rule({ kind: 'refill' }), state({ hotSats: 1_000_000n }))).toEqual(['above-floor']);
    expect(reasons(rule({ kind: 'refill' }), state({ hotSats: 999_999n }))).toEqual([]);
  });

  test('prepares nothing while what it prepared is still to be sent, unless it is to be renewed by now', () => {
    expect(reasons(rule(), state({ outstandingSinceMs: noon - 48 * 3_600_000 }))).toEqual(['outstanding']);
    expect(reasons(rule({ renewAfterHours: 48 }), state({ outstandingSinceMs: noon - 48 * 3_600_000 }))).toEqual([]);
    expect(reasons(rule({ renewAfterHours: 49 }), state({ outstandingSinceMs: noon - 48 * 3_600_000 }))).toEqual(['outstanding']);
  });

  test('waits for the interval to pass', () => {
    expect(reasons(rule({ leastHoursBetween: 24 }), state({ lastPreparedMs: noon - 24 * 3_600_000 + 1 }))).toEqual(['interval']);
    expect(reasons(rule({ leastHoursBetween: 24 }), state({ lastPreparedMs: noon - 24 * 3_600_000 }))).toEqual([]);
  });
});

describe('days and hours, UTC', () => {
  test('a window begins with its first minute and ends before its last', () => {
    const window = { fromMinute: 12 * 60, toMinute: 13 * 60 };
    const at = (time: string) => reasons(rule({ window }), state({ nowMs: Date.parse(`2026-11-23T${time}Z`) }));
    expect([at('11:59:59.999'), at('12:00:00'), at('12:59:59.999'), at('13:00:00')]).toEqual([['time'], [], [], ['time']]);
  });

  test('a window past midnight belongs to the day on which it began', () => {
    // 23 November 2026 is a Monday.
    const night = rule({ days: ['mon'], window: { fromMinute: 22 * 60, toMinute: 4 * 60 } });
    const at = (time: string) => reasons(night, state({ nowMs: Date.parse(time) }));
    expect(at('2026-11-23T21:59:00Z')).toEqual(['time']);
    expect(at('2026-11-23T22:00:00Z')).toEqual([]);
    expect(at('2026-11-24T03:59:00Z')).toEqual([]);
    expect(at('2026-11-24T04:00:00Z')).toEqual(['day', 'time']);
    expect(at('2026-11-23T03:00:00Z')).toEqual(['day']);
  });

  test('property: without a window the day is the clock\'s own', () => {
    fc.assert(fc.property(fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }), (date) => {
      const day = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][date.getUTCDay()] as string;
      expect(reasons(rule({ days: [day] }), state({ nowMs: date.getTime() }))).toEqual([]);
      expect(reasons(rule({ days: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'].filter((each) => each !== day) }), state({ nowMs: date.getTime() }))).toEqual(['day']);
    }));
  });

  test('clocks are hours and minutes', () => {
    expect(['00:00', '09:05', '23:59'].map(parseClock)).toEqual([0, 545, 1439]);
    expect([0, 545, 1439].map(formatClock)).toEqual(['00:00', '09:05', '23:59']);
    for (const bad of ['24:00', '9:05', '12:60', '', '12:00 ']) expect(() => parseClock(bad), bad).toThrow(expect.objectContaining({ code: 'schedule.malformed' }));
  });
});

test('a rule that contradicts itself, or of a form that is not known, is refused', () => {
  const malformed = (reason: string) => expect.objectContaining({ code: 'schedule.malformed', details: expect.objectContaining({ reason }) });
  expect(() => rule({ floorSats: '6000000' })).toThrow(malformed('floor-above-ceiling'));
  expect(() => rule({ kind: 'refill', floorSats: '5000000' })).toThrow(malformed('nothing-to-fill'));
  expect(() => rule({ window: { fromMinute: 60, toMinute: 60 } })).toThrow(malformed('window'));
  for (const bad of [null, {}, { ...stored, version: 2 }, { ...stored, name: 'Bad Name' }, { ...stored, days: ['monday'] }, { ...stored, renewAfterHours: 0 }]) expect(() => parseRule(bad)).toThrow(malformed('form'));
});
