import { expect, test } from 'vitest';
import { asOfNow, formatKeyCopies, knownCopies, MOST_COPIES, parseKeyCopies, stateOf, withCopy, type KeyCopies, type KeyCopy } from '../../../src/signer/key-copies.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const now = 'a'.repeat(64);
const before = 'b'.repeat(64);
const copy = (place: string, changed: Partial<KeyCopy> = {}): KeyCopy => ({ place, sha256: now, madeAt: '2026-11-22T10:00:00.000Z', checkedAt: '2026-11-22T10:00:00.000Z', state: 'intact', ...changed });
const list: KeyCopies = { name: 'alice-73c5da0a.key.age', sha256: now, copies: [copy('/media/one/alice-73c5da0a.key.age'), copy('E:\\alice-73c5da0a.key.age', { state: 'absent' })] };

test('the list as a file', () => {
  expect(JSON.parse(formatKeyCopies(list))).toEqual({
    format: 'strongroom-key-copies', version: 1, name: 'alice-73c5da0a.key.age', sha256: now,
    copies: [
      { place: '/media/one/alice-73c5da0a.key.age', sha256: now, madeAt: '2026-11-22T10:00:00.000Z', checkedAt: '2026-11-22T10:00:00.000Z', state: 'intact' },
      { place: 'E:\\alice-73c5da0a.key.age', sha256: now, madeAt: '2026-11-22T10:00:00.000Z', checkedAt: '2026-11-22T10:00:00.000Z', state: 'absent' },
    ],
  });
  expect(parseKeyCopies(formatKeyCopies(list))).toEqual(list);
});

const changed = (change: (content: any) => void): string => {
  const content = JSON.parse(formatKeyCopies(list));
  change(content);
  return JSON.stringify(content);
};
test.each([
  ['no JSON', 'AGE'],
  ['another format', changed((content) => (content.format = 'strongroom-key'))],
  ['a later version', changed((content) => (content.version = 2))],
  ['an unknown field', changed((content) => (content.copies[0].secret = ''))],
  ['a name with a folder', changed((content) => (content.name = '../alice'))],
  ['an unknown state', changed((content) => (content.copies[0].state = 'fine'))],
  ['a hash that is none', changed((content) => (content.copies[0].sha256 = 'A'.repeat(64)))],
  ['a place with a line break', changed((content) => (content.copies[0].place = '/a\n/b'))],
  ['one place twice', changed((content) => content.copies.push(content.copies[0]))],
  ['a date that is none', changed((content) => (content.copies[0].madeAt = 'today'))],
  ['more copies than anybody makes', changed((content) => (content.copies = Array.from({ length: MOST_COPIES + 1 }, (_, index) => copy(`/${index}`))))],
])('%s is no list', (_, content) => {
  expect(() => parseKeyCopies(content)).toThrow(code('key.copies-malformed'));
});

test('a copy made again takes the place of the earlier one', () => {
  const again = copy('/media/one/alice-73c5da0a.key.age', { madeAt: '2027-01-01T00:00:00.000Z' });
  expect(withCopy(list, again).copies).toEqual([list.copies[1], again]);
  const full = { ...list, copies: Array.from({ length: MOST_COPIES }, (_, index) => copy(`/${index}`)) };
  expect(() => withCopy(full, copy('/another'))).toThrow(code('key.copies-malformed'));
  expect(withCopy(full, copy('/0')).copies).toHaveLength(MOST_COPIES);
});

test('what is found in a place is compared with what the key file holds now', () => {
  expect(stateOf({ sha256: now }, now)).toBe('intact');
  expect(stateOf({ sha256: before }, now)).toBe('changed');
  expect(stateOf('absent', now)).toBe('absent');
  expect(stateOf('unreadable', now)).toBe('unreadable');
});

test('only intact copies of what the key file holds now count, and the key file itself', () => {
  expect(knownCopies(null, now)).toBe(1);
  expect(knownCopies(list, now)).toBe(2);
  // After a change of the passphrase, until the copies are made again.
  expect(knownCopies(list, before)).toBe(1);
});

test('a list from before the key file was changed knows no intact copy', () => {
  expect(asOfNow(list, now)).toEqual(list);
  expect(asOfNow(list, before)).toMatchObject({ sha256: before, copies: [{ state: 'changed', sha256: now }, { state: 'absent' }] });
});
