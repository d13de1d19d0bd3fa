/** The PSBTs of bitcoinjs-lib's fixtures: BIP174's cases as that library has them, and those of its own interface. */
import { expect, test } from 'vitest';
import { parseUnsignedTransaction } from '../../src/psbt/transaction.ts';
import { errorCode, expectRoundTrip, lenientBase64, psbtsWithin, refusalOf, vectorJson } from './psbt-vectors.ts';

interface Fixtures {
  readonly bip174: { readonly invalid: readonly { readonly description: string; readonly psbt: string }[] };
}
const fixtures = vectorJson<Fixtures>('bitcoinjs-lib/psbt.json');
const { invalid } = fixtures.bip174;
const others = psbtsWithin(fixtures).filter(({ path }) => !path.startsWith('bip174.invalid.'));

/**
 * Refused by policy: cases from before version 2 existed, whose "unknown" field is of the type 0x0f. BIP370 has since made it
 * the index of the output that is spent, which must not stand in version 0; BIP174's own cases were changed to another type.
 */
const typeOfVersion2 = ['bip174.valid.5.psbt', 'bip174.combiner.1.psbts.0', 'bip174.combiner.1.psbts.1', 'bip174.combiner.1.result'];
/**
 * Refused by design: where a transaction has no inputs or no outputs, the library writes an empty map all the same, so that bytes
 * follow the last map that BIP174 allows. Without them the files are read (and refused by the review, as empty).
 */
const isOfNothing = (bytes: Uint8Array): boolean => {
  // Such a transaction is short: its size is one byte, after the magic and the key.
  if ((bytes[7] as number) >= 0xfd) return false;
  const { ins, outs } = parseUnsignedTransaction(bytes.subarray(8, 8 + (bytes[7] as number)), 10_000);
  return ins.length === 0 || outs.length === 0;
};

test('all published cases are here', () => {
  expect([invalid.length, others.length]).toEqual([18, 108]);
  expect(others.filter(({ path }) => typeOfVersion2.includes(path))).toHaveLength(typeOfVersion2.length);
  expect(others.filter(({ base64 }) => isOfNothing(lenientBase64(base64)))).toHaveLength(26);
});

test.each(invalid)('invalid: $description', ({ psbt }) => {
  expect(refusalOf(lenientBase64(psbt))).toBe('psbt.malformed');
});

test.each(others)('$path', ({ path, base64 }) => {
  const bytes = lenientBase64(base64);
  if (typeOfVersion2.includes(path)) {
    expect(refusalOf(bytes)).toBe('psbt.malformed');
  } else if (isOfNothing(bytes)) {
    expect(() => expectRoundTrip(bytes)).toThrow(errorCode('psbt.malformed'));
    expectRoundTrip(bytes.subarray(0, -1));
  } else {
    expectRoundTrip(bytes);
  }
});
