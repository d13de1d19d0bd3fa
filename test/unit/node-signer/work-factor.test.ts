import { expect, test } from 'vitest';
import { chooseWorkFactor, timedTrial } from '../../../src/node/signer/work-factor.ts';

const tookMs = (milliseconds: number) => () => Promise.resolve(milliseconds);

test.each([
  // A quarter of 2^18, an eighth of 2^19, a sixteenth of 2^20: each step doubles the work.
  [5, 20],
  [75, 20],
  [75.1, 19],
  [150, 19],
  [150.1, 18],
  [300, 18],
  // However slow the machine: below, a passphrase is guessed too cheaply.
  [10_000, 18],
])('a trial of %d ms leads to a work factor of 2^%d: about a second, and at least 2^18', async (trialMs, expected) => {
  expect(await chooseWorkFactor(tookMs(trialMs))).toBe(expected);
});

test('only one trial is run, at 2^16', async () => {
  const trials: number[] = [];
  await chooseWorkFactor((log2) => {
    trials.push(log2);
    return Promise.resolve(100);
  });
  expect(trials).toEqual([16]);
});

test('a machine without memory for the trial gets the least', async () => {
  expect(await chooseWorkFactor(() => Promise.reject(new RangeError('scrypt failed')))).toBe(18);
});

test('a trial takes what passes on the clock', async () => {
  const clock = [1000, 1234];
  expect(await timedTrial(() => clock.shift() as number)(1)).toBe(234);
});
