import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseFingerprint } from '../../../src/domain/fingerprint.ts';
import type { EntropyRecord } from '../../../src/signer/entropy/entropy-record.ts';
import { compareVersions, isRecalled, parseBuildRange, recalledKeys } from '../../../src/signer/entropy/recall.ts';

const build = `77b1c2d3e4f5${'0'.repeat(52)}`;
const made = (fingerprint: string, changed: Partial<EntropyRecord> = {}): EntropyRecord => ({
  fingerprint: parseFingerprint(fingerprint), network: 'mainnet', label: 'a', mode: 'mixed', sources: [], health: [], program: 'strongroom-signer', programVersion: '0.2.0', build, madeAt: '2026-11-22T10:00:00.000Z', ...changed,
});
const within = (range: string, programVersion: string): boolean => isRecalled({ programVersion, build }, parseBuildRange(range));

test.each<[string, string, boolean]>([
  ['0.1.0..0.3.0', '0.1.0', true], ['0.1.0..0.3.0', '0.2.9', true], ['0.1.0..0.3.0', '0.3.0', true], ['0.1.0..0.3.0', '0.3.1', false], ['0.1.0..0.3.0', '0.0.9', false],
  // By numbers, not by letters.
  ['0.9.0..0.11.0', '0.10.0', true], ['0.10.0..', '0.9.0', false], ['0.10.0..', '2.0.0', true], ['..0.2.0', '0.0.1', true], ['..0.2.0', '0.2.1', false], ['..', '9.9.9', true],
  ['0.2.0', '0.2.0', true], ['0.2.0', '0.2.1', false],
  // The window shows its build in brackets behind the version.
  ['0.2.0', '0.2.0 (77b1c2d3e4f5)', true], ['0.2.1..', '0.2.0 (77b1c2d3e4f5)', false],
  // A pre-release is older than its release.
  ['0.2.0..', '0.2.0-rc.1', false], ['0.2.0-rc.1..0.2.0', '0.2.0-rc.2', true], ['0.0.0-source', '0.0.0-source', true],
  // What cannot be read may have been any build.
  ['0.1.0..0.3.0', 'unknown', true], ['0.1.0..0.3.0', '', true], ['0.1.0..0.3.0', '0.9', true],
])('%s and a key of version %s: %s', (range, version, expected) => {
  expect(within(range, version)).toBe(expected);
});

test('a build is named by its hash or by twelve digits of it', () => {
  for (const range of [build, '77b1c2d3e4f5', '77B1C2D3E4F50']) expect(isRecalled({ programVersion: '0.2.0', build }, parseBuildRange(range))).toBe(true);
  expect(isRecalled({ programVersion: '0.2.0', build }, parseBuildRange('77b1c2d3e4f6'))).toBe(false);
  expect(isRecalled({ programVersion: '0.2.0', build: 'source' }, parseBuildRange('source'))).toBe(true);
  expect(isRecalled({ programVersion: '0.2.0', build }, parseBuildRange('source'))).toBe(false);
});

test.each(['', '0.1', '0.1.0...0.2.0', '0.1.0..0.2.0..0.3.0', '0.1.0 .. 0.2.0', '0.3.0..0.1.0', '77b1c2d3e4f', `${build}0`, 'v0.1.0', '0.1.0-', '*', '0.1.0..0.2'])('"%s" is no range', (range) => {
  expect(() => parseBuildRange(range)).toThrow(expect.objectContaining({ code: 'entropy.range-malformed' }));
});

test('versions are in the order that Semantic Versioning gives as its example', () => {
  const ordered = ['1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-alpha.beta', '1.0.0-beta', '1.0.0-beta.2', '1.0.0-beta.11', '1.0.0-rc.1', '1.0.0', '1.0.1', '1.1.0', '2.0.0'];
  for (const [place, version] of ordered.entries()) for (const [other, another] of ordered.entries()) expect(Math.sign(compareVersions(version, another))).toBe(Math.sign(place - other));
});

test('a range that is wider names no fewer keys', () => {
  const version = fc.tuple(fc.nat(5), fc.nat(5), fc.nat(5)).map((numbers) => numbers.join('.'));
  fc.assert(fc.property(version, version, version, (a, b, key) => {
    const [from, to] = compareVersions(a, b) <= 0 ? [a, b] : [b, a];
    if (within(`${from}..${to}`, key)) expect([within(`${from}..`, key), within(`..${to}`, key), within('..', key)]).toEqual([true, true, true]);
    expect(within(`${from}..`, key) || within(`..${to}`, key)).toBe(true);
  }));
});

test('keys derived from a named key are named too, and theirs, whatever build derived them', () => {
  const child = (fingerprint: string, parent: string): EntropyRecord => made(fingerprint, { mode: 'derived', programVersion: '0.9.0', sources: [{ source: `bip85-${parent}`, count: 0, bits: 0 }] });
  const records = [child('cccccccc', 'bbbbbbbb'), child('bbbbbbbb', 'aaaaaaaa'), made('aaaaaaaa'), made('dddddddd', { programVersion: '0.9.0' }), child('eeeeeeee', 'dddddddd')];
  expect(recalledKeys(records, parseBuildRange('0.2.0')).map(({ record, because }) => [record.fingerprint, because])).toEqual([['cccccccc', 'parent'], ['bbbbbbbb', 'parent'], ['aaaaaaaa', 'build']]);
});
