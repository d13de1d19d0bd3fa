import { describe, expect, test } from 'vitest';
import { parseHex, toBase64, toHex } from '../../src/domain/bytes.ts';
import { decodePsbt } from '../../src/psbt/codec/decode.ts';
import { encodePsbt } from '../../src/psbt/codec/encode.ts';
import { errorCode, expectRoundTripOfHex, vectorJson, type StandardVector } from './psbt-vectors.ts';

const vectors = vectorJson<StandardVector[]>('bip370/bip370_psbt.json');
const inSection = (start: string): StandardVector[] => vectors.filter((vector) => vector.section?.startsWith(start));
const invalid = inSection('The following are invalid');
const valid = inSection('The following are valid');
const locktimes = inSection('The timelock for the following PSBTs should');
const undeterminable = inSection('The timelock for the following PSBTs cannot');

test('all published cases are here', () => {
  expect([vectors.length, invalid.length, valid.length, locktimes.length, undeterminable.length]).toEqual([48, 24, 14, 9, 1]);
  expect(vectors.filter(({ hex, base64 }) => toBase64(parseHex(hex)) !== base64)).toEqual([]);
});

test.each(invalid)('invalid: $case', ({ hex }) => {
  expect(() => decodePsbt(parseHex(hex))).toThrow(errorCode('psbt.malformed'));
});

describe('valid, and comes back byte for byte', () => {
  test.each(valid)('$case', ({ hex }) => {
    expect(expectRoundTripOfHex(hex).version).toBe(2);
  });

  test('the transaction is put together out of the maps', () => {
    const byCase = (title: string) => decodePsbt(parseHex(valid.find((vector) => vector.case === title)?.hex as string));
    const plain = byCase('1 input, 2 output PSBTv2, required fields only.').transaction;
    expect([plain.version, plain.locktime]).toEqual([2, 0]);
    expect(plain.ins.map((input) => [toHex(input.hash), input.index, input.sequence])).toEqual([['0b0ad921419c1c8719735d72dc739f9ea9e0638d1fe4c1eef0f9944084815fc8', 0, 0xffff_ffff]]);
    expect(plain.outs.map((output) => [output.value, toHex(output.script)])).toEqual([
      [800_000_000n, '0014c430f64c4756da310dbd1a085572ef299926272c'], [199_998_859n, '00144dd193ac964a56ac1b9e1cca8454fe2f474f8513'],
    ]);
    expect(byCase('1 input, 2 output updated PSBTv2, with PSBT_IN_SEQUENCE.').transaction.ins[0]?.sequence).toBe(0xffff_fffe);
  });

  test('the flags of what may be changed are read as they stand', () => {
    const flags = valid.map(({ hex }) => decodePsbt(parseHex(hex)).version2?.modifiable);
    expect(flags).toEqual([undefined, undefined, undefined, undefined, 1, 2, 4, 8, 3, 5, 6, 7, 255, 7]);
  });
});

describe('determining the locktime', () => {
  test.each(locktimes)('$section $case', ({ section, hex }) => {
    const expected = Number(/to be (\d+):$/.exec(section as string)?.[1]);
    expect(expectRoundTripOfHex(hex).transaction.locktime).toBe(expected);
    // What was determined is what a file of version 0 states.
    expect(decodePsbt(encodePsbt(decodePsbt(parseHex(hex)), { version: 0 })).transaction.locktime).toBe(expected);
  });

  test.each(undeterminable)('cannot be determined: $case', ({ hex }) => {
    expect(() => decodePsbt(parseHex(hex))).toThrow(errorCode('psbt.malformed'));
  });
});
