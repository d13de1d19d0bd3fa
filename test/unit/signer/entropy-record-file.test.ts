import { expect, test } from 'vitest';
import * as v from 'valibot';
import { parseFingerprint } from '../../../src/domain/fingerprint.ts';
import { EntropyRecord as WireRecord } from '../../../src/host/key-wire.ts';
import { formatEntropyRecord, MAX_ENTROPY_RECORD_BYTES, parseEntropyRecord } from '../../../src/signer/entropy/entropy-record-file.ts';
import type { EntropyRecord } from '../../../src/signer/entropy/entropy-record.ts';

const record: EntropyRecord = {
  fingerprint: parseFingerprint('73c5da0a'),
  network: 'mainnet',
  label: 'Alice',
  mode: 'mixed',
  sources: [{ source: 'runtime', count: 128, bits: 256 }, { source: 'dice', count: 99, bits: 255 }],
  health: ['runtime/stuck', 'dice/face'],
  program: 'strongroom-signer',
  programVersion: '0.1.0',
  build: 'ab'.repeat(32),
  madeAt: '2026-11-22T10:00:00.000Z',
};
const malformed = expect.objectContaining({ code: 'entropy.record-malformed' });
const changed = (change: object): string => JSON.stringify({ ...JSON.parse(formatEntropyRecord(record)), ...change });

test('a record is a JSON file that reads back as itself', () => {
  const text = formatEntropyRecord(record);
  expect(text.startsWith('{\n  "format": "strongroom-entropy-record",\n  "version": 1,\n  "fingerprint": "73c5da0a",\n')).toBe(true);
  expect(text.endsWith('}\n')).toBe(true);
  expect(parseEntropyRecord(text)).toEqual(record);
});

test('what crosses the boundary is what stands in the file', () => {
  expect(v.parse(WireRecord, JSON.parse(formatEntropyRecord(record)))).toEqual(JSON.parse(formatEntropyRecord(record)));
});

test('the largest record that the program writes is read', () => {
  const full: EntropyRecord = { ...record, label: '\u{1f511}'.repeat(30), sources: Array.from({ length: 12 }, () => ({ source: 'a'.repeat(20), count: 9_007_199_254_740_991, bits: 256 })), health: Array.from({ length: 40 }, () => 'a'.repeat(40)) };
  expect(parseEntropyRecord(formatEntropyRecord(full))).toEqual(full);
});

test.each<[string, string]>([
  ['nothing', ''], ['no JSON', 'fingerprint 73c5da0a'], ['null', 'null'], ['a list', '[]'],
  ['another format', changed({ format: 'strongroom-key' })], ['a later version', changed({ version: 2 })], ['a field too many', changed({ entropy: '00' })],
  ['a field too few', changed({ build: undefined })], ['a short build hash', changed({ build: 'ab'.repeat(6) })], ['a build hash in capitals', changed({ build: 'AB'.repeat(32) })],
  ['a fingerprint of seven digits', changed({ fingerprint: '73c5da0' })], ['a network that is none', changed({ network: 'testnet' })], ['a line break in the label', changed({ label: 'a\nb' })],
  ['no time', changed({ madeAt: 'yesterday' })], ['a negative count', changed({ sources: [{ source: 'dice', count: -1, bits: 0 }] })], ['a source with more to say', changed({ sources: [{ source: 'dice', count: 1, bits: 0, rolls: '1' }] })],
  ['a file of any other size', `${formatEntropyRecord(record)}${' '.repeat(MAX_ENTROPY_RECORD_BYTES)}`],
])('%s is no record', (_, text) => {
  expect(() => parseEntropyRecord(text)).toThrow(malformed);
});

test('cut at any place it is no record', () => {
  const text = formatEntropyRecord(record);
  for (let length = 0; length < text.length - 2; length += 1) expect(() => parseEntropyRecord(text.slice(0, length))).toThrow(malformed);
});

test('what would not read back is not written', () => {
  expect(() => formatEntropyRecord({ ...record, build: 'unknown' })).toThrow(malformed);
});
