/** The PSBTs of Bitcoin Core's functional tests. */
import { expect, test } from 'vitest';
import { expectRoundTrip, lenientBase64, psbtsWithin, refusalOf, vectorJson } from './psbt-vectors.ts';

interface NodeVectors {
  readonly valid: readonly string[];
  readonly invalid: readonly string[];
  readonly invalid_with_msg: readonly (readonly [string, string])[];
}
const { valid, invalid, invalid_with_msg: invalidWithMessage, ...roles } = vectorJson<NodeVectors>('bitcoin-core/rpc_psbt.json');
const roleSteps = psbtsWithin(roles);

test('all published cases are here', () => {
  expect([valid.length, invalid.length, invalidWithMessage.length, roleSteps.length]).toEqual([34, 60, 1, 22]);
});

test.each(valid.map((base64, index) => ({ base64, index })))('valid $index comes back byte for byte', ({ base64 }) => {
  expectRoundTrip(lenientBase64(base64));
});

test.each(invalid.map((base64, index) => ({ base64, index })))('invalid $index is refused', ({ base64, index }) => {
  // A version that is in no standard is called unsupported, so that a person looks for another format and not for damage.
  expect(refusalOf(lenientBase64(base64))).toBe(index === 19 ? 'psbt.unsupported' : 'psbt.malformed');
});

test.each(invalidWithMessage)('refused: %#', (base64) => {
  expect(refusalOf(lenientBase64(base64))).toBe('psbt.malformed');
});

test.each(roleSteps)('role step $path comes back byte for byte', ({ base64 }) => {
  expectRoundTrip(lenientBase64(base64));
});
