import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDrillRecord, parseDrillRecord, type DrillRecord } from '../../../../src/signer/drills/drill-record.ts';
import { passedRecord } from './drill-fixtures.ts';

const malformed = expect.objectContaining({ code: 'drill.record-malformed' });
const changed = (part: Record<string, unknown>): string => JSON.stringify({ ...JSON.parse(formatDrillRecord(passedRecord())), ...part });

test('a record survives its file', () => {
  expect(parseDrillRecord(formatDrillRecord(passedRecord()))).toEqual(passedRecord());
});

test('every record that a drill can make survives its file', () => {
  const scores = fc.array(fc.record({ what: fc.constantFrom('fingerprint', 'registration', 'first-receive', 'first-change' as const), wallet: fc.constantFrom(null, 'Treasury'), expected: fc.constant('a'), found: fc.constantFrom(null, 'a', 'b'), agrees: fc.constant(false) }), { maxLength: 61 });
  fc.assert(fc.property(fc.constantFrom('failed' as const, 'abandoned' as const), scores, fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 3_000_000 }), (outcome, found, attempts, tenths) => {
    const record: DrillRecord = passedRecord({ outcome, scores: found, attempts, seconds: tenths / 10 });
    expect(parseDrillRecord(formatDrillRecord(record))).toEqual(record);
  }));
});

test.each([
  ['no JSON', 'passed'],
  ['another format', changed({ format: 'strongroom-key' })],
  ['a later version', changed({ version: 2 })],
  ['a field of its own, which could be a secret', changed({ words: 'abandon abandon about' })],
  ['a field of its own inside a score', changed({ scores: [{ what: 'fingerprint', wallet: null, expected: 'a', found: 'a', agrees: true, mnemonic: 'x' }] })],
  ['a date that does not exist', changed({ nextDue: '2026-02-30' })],
  ['a due date that is no date', changed({ nextDue: 'soon' })],
  ['a start that is no time', changed({ startedAt: 'yesterday' })],
  ['a negative time', changed({ seconds: -1 })],
  ['a fingerprint in capitals', changed({ fingerprint: '73C5DA0A' })],
  ['a line break in a name', changed({ by: 'Ada\nand more' })],
  ['a failure that is no code', changed({ outcome: 'failed', failure: 'word 3 is zebra' })],
  ['an unknown network', changed({ network: 'namecoin' })],
  ['a pass that failed', changed({ failure: 'mnemonic.malformed' })],
  ['a pass without anything compared', changed({ scores: [] })],
  ['a pass without an answer', changed({ attempts: 0 })],
  ['a pass of which something disagrees', changed({ scores: [{ what: 'fingerprint', wallet: null, expected: 'a', found: 'b', agrees: false }] })],
])('a record with %s is refused', (_, text) => {
  expect(() => parseDrillRecord(text)).toThrow(malformed);
});
