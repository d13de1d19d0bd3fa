import { expect, test } from 'vitest';
import { abandonDrill, beginDrill, judgeAnswer, requireLine, subjectOf, type Moment } from '../../../../src/signer/drills/drill.ts';
import { formatDrillRecord, parseDrillRecord } from '../../../../src/signer/drills/drill-record.ts';
import type { AttemptResult } from '../../../../src/signer/drills/restore-attempt.ts';
import { formatRegistration } from '../../../../src/wallet/registration.ts';
import { keyOf } from '../fixtures.ts';
import { subjectFor } from './drill-fixtures.ts';

const subject = subjectFor('alice');
const at = (isoTime: string, steadyMs: number | null = null): Moment => ({ wallMs: Date.parse(isoTime), steadyMs });
const start = at('2026-08-31T09:00:00Z', 1000);
const right: AttemptResult = { isPassed: true, failure: null, scores: [{ what: 'fingerprint', wallet: null, expected: '73c5da0a', found: '73c5da0a', agrees: true }] };
const wrong: AttemptResult = { isPassed: false, failure: 'mnemonic.malformed', scores: [] };
const how = { by: 'Ada', isFinal: false, monthsToNext: 6 };
const stated = { fingerprint: '73c5da0a', network: 'regtest' as const, label: 'alice', registrations: subject.registrations.map(formatRegistration) };

test('a right answer ends the drill with a record of it', () => {
  const { record, open } = judgeAnswer(beginDrill(subject, 'paper', start), right, how, at('2026-08-31T09:05:12.4Z', 313_400));
  expect(open).toBeNull();
  expect(record).toEqual({
    fingerprint: '73c5da0a', network: 'regtest', label: 'alice', from: 'paper', by: 'Ada', startedAt: '2026-08-31T09:00:00.000Z', seconds: 312.4,
    outcome: 'passed', scores: right.scores, failure: null, attempts: 1, nextDue: '2027-02-28',
  });
  expect(parseDrillRecord(formatDrillRecord(record))).toEqual(record);
});

test('a wrong answer leaves the drill open, and every answer is counted', () => {
  const first = judgeAnswer(beginDrill(subject, 'paper', start), wrong, how, at('2026-08-31T09:01:00Z', 61_000));
  expect(first.record).toMatchObject({ outcome: 'failed', failure: 'mnemonic.malformed', attempts: 1, seconds: 60, nextDue: '2026-08-31' });
  const second = judgeAnswer(first.open!, right, how, at('2026-08-31T09:02:00Z', 121_000));
  expect(second.record).toMatchObject({ outcome: 'passed', failure: null, attempts: 2, seconds: 120 });
  expect(second.open).toBeNull();
});

test('a wrong answer that was the last ends the drill as failed, due again at once', () => {
  const { record, open } = judgeAnswer(beginDrill(subject, 'backup', start), wrong, { ...how, isFinal: true }, at('2026-09-01T00:00:30Z', 1000));
  expect(open).toBeNull();
  expect(record).toMatchObject({ outcome: 'failed', from: 'backup', nextDue: '2026-09-01' });
});

test('a drill that is given up says how the last answer ended', () => {
  const { open } = judgeAnswer(beginDrill(subject, 'paper', start), wrong, how, at('2026-08-31T09:01:00Z', 61_000));
  expect(abandonDrill(open!, 'Ada', at('2026-08-31T09:10:00Z', 601_000))).toMatchObject({ outcome: 'abandoned', failure: 'mnemonic.malformed', attempts: 1, seconds: 600, nextDue: '2026-08-31' });
  expect(abandonDrill(beginDrill(subject, 'paper', start), 'Ada', start)).toMatchObject({ outcome: 'abandoned', failure: null, attempts: 0, seconds: 0 });
});

test.each([
  ['a wall clock that was set back', at('2026-08-31T08:00:00Z', 61_000), 60],
  ['a steady clock that stood still while the laptop slept', at('2026-08-31T09:30:00Z', 61_000), 1800],
  ['no steady clock', at('2026-08-31T09:00:07.25Z'), 7.3],
  ['no steady clock and a wall clock that was set back', at('2026-08-31T08:59:00Z'), 0],
])('with %s a drill is never called quicker than it was', (_, end, seconds) => {
  expect(judgeAnswer(beginDrill(subject, 'paper', start), right, how, end).record.seconds).toBe(seconds);
});

test('a clock that was set back does not move the due date', () => {
  expect(judgeAnswer(beginDrill(subject, 'paper', start), right, how, at('2020-01-01T00:00:00Z', 61_000)).record.nextDue).toBe('2027-02-28');
});

test('a drill is for one key: registrations of others are refused before the clock starts', () => {
  expect(subjectOf(stated)).toEqual(subject);
  expect(() => subjectOf({ ...stated, fingerprint: keyOf('bob').fingerprint })).toThrow(expect.objectContaining({ code: 'registration.forged' }));
  expect(() => subjectOf({ ...stated, network: 'practice' })).toThrow(expect.objectContaining({ code: 'key.network' }));
  expect(() => subjectOf({ ...stated, registrations: ['{}'] })).toThrow(expect.objectContaining({ code: 'registration.malformed' }));
  expect(() => subjectOf({ ...stated, fingerprint: 'alice' })).toThrow(expect.objectContaining({ code: 'fingerprint.malformed' }));
});

test('a name that could break the lines of a record is refused', () => {
  expect(() => requireLine('Ada\nLovelace')).toThrow(expect.objectContaining({ code: 'drill.record-malformed' }));
  expect(() => subjectOf({ ...stated, label: 'a\u202eb' })).toThrow(expect.objectContaining({ code: 'drill.record-malformed' }));
  expect(() => requireLine('Ada, Grace & Élodie')).not.toThrow();
});
