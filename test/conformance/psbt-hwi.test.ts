/** The PSBTs of HWI's tests. */
import { expect, test } from 'vitest';
import { expectRoundTrip, lenientBase64, psbtsWithin, refusalOf, vectorJson } from './psbt-vectors.ts';

interface HwiVectors {
  readonly valid: readonly string[];
  readonly invalid: readonly string[];
  readonly locktimes: readonly (readonly [string, number])[];
  readonly conflicting_locktimes: readonly string[];
}
const { valid, invalid, locktimes, conflicting_locktimes: conflicting, ...roles } = vectorJson<HwiVectors>('hwi/test_psbt.json');

/**
 * Refused by policy: steps from before version 2 existed, whose "unknown" field is of the type 0x0f. BIP370 has since made it
 * the index of the output that is spent, which must not stand in version 0; BIP174's own cases were changed to another type.
 */
const refused = ['combiner.1.combine.0', 'combiner.1.combine.1', 'combiner.1.result'];
const roleSteps = psbtsWithin(roles);

test('all published cases are here', () => {
  expect([valid.length, invalid.length, locktimes.length, conflicting.length, roleSteps.length]).toEqual([53, 67, 9, 1, 14]);
  expect(roleSteps.filter(({ path }) => refused.includes(path))).toHaveLength(refused.length);
});

test.each(valid.map((base64, index) => ({ base64, index })))('valid $index comes back byte for byte', ({ base64 }) => {
  expectRoundTrip(lenientBase64(base64));
});

test.each(invalid.map((base64, index) => ({ base64, index })))('invalid $index is refused', ({ base64 }) => {
  expect(refusalOf(lenientBase64(base64))).toBe('psbt.malformed');
});

test.each(locktimes)('%# has its locktime', (base64, locktime) => {
  expect(expectRoundTrip(lenientBase64(base64)).transaction.locktime).toBe(locktime);
});

test.each(conflicting)('inputs that require locktimes of both kinds are refused', (base64) => {
  expect(refusalOf(lenientBase64(base64))).toBe('psbt.malformed');
});

test.each(roleSteps)('role step $path', ({ path, base64 }) => {
  if (refused.includes(path)) expect(refusalOf(lenientBase64(base64))).toBe('psbt.malformed');
  else expectRoundTrip(lenientBase64(base64));
});
