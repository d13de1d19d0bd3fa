import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseFingerprint } from '../../../../src/domain/fingerprint.ts';
import { dueDrills, keysInRecords, monthsLater, type DrillableKey } from '../../../../src/signer/drills/due-dates.ts';
import { passedRecord } from './drill-fixtures.ts';

test.each([
  ['2026-11-22', 6, '2027-05-22'],
  ['2026-08-31', 6, '2027-02-28'],
  ['2027-08-31', 6, '2028-02-29'],
  ['2026-01-31', 1, '2026-02-28'],
  ['2026-12-31', 2, '2027-02-28'],
  ['2026-12-01', 1, '2027-01-01'],
  ['2028-02-29', 12, '2029-02-28'],
  ['2026-05-15', 36, '2029-05-15'],
])('%s and %i months is %s', (date, months, expected) => {
  expect(monthsLater(date, months)).toBe(expected);
});

test('months never spill into the month after, and zero months are the day itself', () => {
  fc.assert(fc.property(fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }), fc.integer({ min: 0, max: 36 }), (at, months) => {
    const date = at.toISOString().slice(0, 10);
    const later = monthsLater(date, months);
    const monthOf = (text: string): number => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7));
    expect(monthOf(later) - monthOf(date)).toBe(months);
    if (months === 0) expect(later).toBe(date);
  }));
});

const key = (fingerprint: string, network: DrillableKey['network'] = 'regtest'): DrillableKey => ({ fingerprint: parseFingerprint(fingerprint), network, label: 'key' });
const alice = key('73c5da0a');
const stateOn = (today: string, ...records: Parameters<typeof dueDrills>[0]): string => dueDrills(records, [alice], today)[0]?.state as string;

test('a passed drill is overdue from the day after its date, and announced thirty days before', () => {
  const record = passedRecord({ nextDue: '2026-09-01' });
  expect(stateOn('2026-08-01', record)).toBe('later');
  expect(stateOn('2026-08-02', record)).toBe('due');
  expect(stateOn('2026-09-01', record)).toBe('due');
  expect(stateOn('2026-09-02', record)).toBe('overdue');
});

test('a key without a drill was never drilled; one that was given up without an answer proves nothing', () => {
  expect(stateOn('2026-03-02')).toBe('never');
  expect(stateOn('2026-03-02', passedRecord({ outcome: 'abandoned', attempts: 0 }))).toBe('never');
});

test('giving up after wrong answers is no way to a clean calendar', () => {
  const givenUp = passedRecord({ startedAt: '2026-05-01T00:00:00.000Z', outcome: 'abandoned', attempts: 2, nextDue: '2026-05-01' });
  expect(stateOn('2026-05-01', passedRecord(), givenUp)).toBe('failed');
});

test('the last drill decides, whatever the order of the records', () => {
  const passed = passedRecord();
  const failed = passedRecord({ startedAt: '2026-04-01T09:00:00.000Z', outcome: 'failed', nextDue: '2026-04-01' });
  const again = passedRecord({ startedAt: '2026-04-02T09:00:00.000Z', nextDue: '2026-10-02' });
  expect(stateOn('2026-04-02', failed, passed)).toBe('failed');
  expect(stateOn('2026-04-03', again, failed, passed)).toBe('later');
  expect(stateOn('2026-04-03', passed, again, failed)).toBe('later');
});

test('a drill that was given up without an answer after a passed one moves no date', () => {
  expect(dueDrills([passedRecord(), passedRecord({ startedAt: '2026-05-01T00:00:00.000Z', outcome: 'abandoned', attempts: 0, nextDue: '2026-05-01' })], [alice], '2026-05-02')[0]).toMatchObject({ state: 'later', nextDue: '2026-09-01' });
});

test('the drill of a key on one network says nothing of it on another', () => {
  expect(dueDrills([passedRecord()], [key('73c5da0a', 'practice')], '2026-03-02')[0]).toMatchObject({ state: 'never', last: null, nextDue: null });
  expect(dueDrills([passedRecord()], [key('73c5da0a', null)], '2026-03-02')[0]?.state).toBe('later');
});

test('the most pressing comes first', () => {
  const keys = ['00000001', '00000002', '00000003', '00000004', '00000005', '00000006'].map((each) => key(each));
  const of = (index: number, part: Parameters<typeof passedRecord>[0]) => passedRecord({ fingerprint: keys[index]?.fingerprint as never, ...part });
  const records = [of(0, { nextDue: '2027-01-01' }), of(1, { nextDue: '2026-06-10' }), of(3, { nextDue: '2026-05-01' }), of(4, { outcome: 'failed', nextDue: '2026-03-01' }), of(5, { nextDue: '2026-04-01' })];
  expect(dueDrills(records, keys, '2026-06-01').map(({ fingerprint, state }) => `${fingerprint} ${state}`)).toEqual([
    '00000005 failed', '00000006 overdue', '00000004 overdue', '00000003 never', '00000002 due', '00000001 later',
  ]);
});

test('records name their keys, under the label of the latest', () => {
  const renamed = passedRecord({ startedAt: '2026-05-01T00:00:00.000Z', label: 'Alice, safe 2' });
  expect(keysInRecords([renamed, passedRecord(), passedRecord({ network: 'practice' })])).toEqual([
    { fingerprint: '73c5da0a', network: 'regtest', label: 'Alice, safe 2' },
    { fingerprint: '73c5da0a', network: 'practice', label: 'alice' },
  ]);
});
