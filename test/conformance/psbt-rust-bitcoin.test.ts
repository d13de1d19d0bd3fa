/** The PSBTs of rust-bitcoin's test data: the steps of the roles, and what once crashed a fuzzer's target. */
import { expect, test } from 'vitest';
import { parseHex, toHex } from '../../src/domain/bytes.ts';
import { expectRoundTripOfHex, lenientBase64, refusalOf, vectorBytes, vectorJson, vectorText } from './psbt-vectors.ts';

const steps = [
  'create_psbt_hex', 'update_1_psbt_hex', 'update_2_psbt_hex', 'sign_1_psbt_hex', 'sign_2_psbt_hex', 'combine_psbt_hex', 'finalize_psbt_hex',
  'lex_psbt_1_hex', 'lex_psbt_2_hex', 'lex_combine_psbt_hex', 'psbt1.hex', 'psbt2.hex', 'psbt_combined.hex',
];
const crashes = ['psbt_fuzz1.hex', 'psbt_fuzz2.hex'];
const hexOf = (name: string): string => vectorText(`rust-bitcoin/${name}`).trim();

test.each(steps)('%s comes back byte for byte', (name) => {
  expect(expectRoundTripOfHex(hexOf(name)).version).toBe(0);
});

test.each(crashes)('%s is refused by name', (name) => {
  expect(refusalOf(parseHex(hexOf(name)))).toBe('psbt.malformed');
});

/**
 * Refused by policy, for two things: the depth of its extended key is not the length of its path (BIP174, PSBT_GLOBAL_XPUB,
 * requires it), and its "unknown" field in the input is of a type that BIP174 has since given a meaning, without key data (0x09).
 */
test('the serialised example in both of its forms is refused by policy, and read without the two things that it is refused for', () => {
  const fromJson = lenientBase64(vectorJson<string>('rust-bitcoin/serde/psbt_base64.json'));
  // Eight bytes of length stand in front.
  const fromBinary = vectorBytes('rust-bitcoin/serde/psbt_bincode').subarray(8);
  expect(Buffer.from(fromBinary).equals(fromJson)).toBe(true);
  expect(refusalOf(fromJson)).toBe('psbt.malformed');
  const withDepth = toHex(fromJson).replace('4f010488b21e00', '4f010488b21e02');
  expect(refusalOf(parseHex(withDepth))).toBe('psbt.malformed');
  expectRoundTripOfHex(withDepth.replaceAll('030900010303', '03f900010303'));
  expect(refusalOf(parseHex(toHex(fromJson).replaceAll('030900010303', '03f900010303')))).toBe('psbt.malformed');
});
