import { expect, test } from 'vitest';
import { randomOfReadings } from '../../../src/signer/entropy/system-random.ts';
import { noise, systemReadings } from './fixtures.ts';

const failed = (source: string, reason: string) => expect.objectContaining({ code: 'entropy.source-failed', details: { source, reason } });

test('either source alone changes every byte block that is drawn, and equal readings give equal bytes', () => {
  const [runtime, kernel] = systemReadings();
  const drawn = Buffer.from(randomOfReadings(systemReadings(), 32)).toString('hex');
  expect(drawn).toHaveLength(64);
  expect(Buffer.from(randomOfReadings(systemReadings(), 32)).toString('hex')).toBe(drawn);
  const others = [
    randomOfReadings([{ ...runtime!, second: noise('other', 64) }, { ...kernel!, first: kernel!.first.slice(), second: kernel!.second.slice() }], 32),
    randomOfReadings([systemReadings()[0]!, { source: 'kernel', first: noise('x', 64), second: noise('y', 64) }], 32),
    randomOfReadings([systemReadings()[0]!], 32),
  ];
  expect(new Set([drawn, ...others.map((each) => Buffer.from(each).toString('hex'))]).size).toBe(4);
});

test.each<[string, 0 | 1, string, Uint8Array]>([
  ['a stuck runtime', 0, 'runtime', new Uint8Array(64)],
  ['a stuck kernel', 1, 'kernel', new Uint8Array(64).fill(7)],
])('%s is refused, and what was read is wiped', (_, place, source, bytes) => {
  const readings = systemReadings();
  readings[place] = { ...readings[place]!, first: bytes };
  expect(() => randomOfReadings(readings, 16)).toThrow(failed(source, 'stuck'));
  for (const { first, second } of readings) expect([...first, ...second].every((byte) => byte === 0)).toBe(true);
});

test('what was read is wiped', () => {
  const readings = systemReadings();
  randomOfReadings(readings, 16);
  for (const { first, second } of readings) expect([...first, ...second].every((byte) => byte === 0)).toBe(true);
});
