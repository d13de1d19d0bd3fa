/** Taproot fields (BIP371), and those of MuSig2 (BIP373), which are carried along without a meaning here. */
import { describe, expect, test } from 'vitest';
import { parseHex, toBase64 } from '../../src/domain/bytes.ts';
import { decodePsbt } from '../../src/psbt/codec/decode.ts';
import { errorCode, expectRoundTripOfHex, vectorJson, type StandardVector } from './psbt-vectors.ts';

describe.each([
  { name: 'BIP371', path: 'bip371/bip371_psbt.json', cases: [11, 6] },
  { name: 'BIP373', path: 'bip373/bip373_psbt.json', cases: [10, 14] },
])('$name', ({ path, cases }) => {
  const vectors = vectorJson<StandardVector[]>(path);
  const invalid = vectors.filter((vector) => vector.expect === 'invalid');
  const valid = vectors.filter((vector) => vector.expect === 'valid');

  test('all published cases are here', () => {
    expect([invalid.length, valid.length]).toEqual(cases);
    expect(vectors.filter(({ hex, base64 }) => toBase64(parseHex(hex)) !== base64)).toEqual([]);
  });

  test.each(invalid)('invalid: $case', ({ hex }) => {
    expect(() => decodePsbt(parseHex(hex))).toThrow(errorCode('psbt.malformed'));
  });

  test.each(valid)('valid, and comes back byte for byte: $case, $step', ({ hex }) => {
    expectRoundTripOfHex(hex);
  });
});
