import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareBytes, concat, equalBytes, parseBase64, parseHex, reversed, toBase64, toHex } from '../../../src/domain/bytes.ts';
import { feeForVsize, feeRateFromSatPerKvb, feeRateOf, formatFeeRate, parseFeeRate } from '../../../src/domain/fee-rate.ts';
import { parseFingerprint } from '../../../src/domain/fingerprint.ts';
import { chainParameters, parseNetwork } from '../../../src/domain/network.ts';
import { formatOutpoint, parseOutpoint } from '../../../src/domain/outpoint.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });

test('bytes survive hex and base64', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(parseHex(toHex(bytes))).toEqual(bytes);
      expect(parseBase64(toBase64(bytes))).toEqual(bytes);
    }),
  );
});

test.each(['a', 'zz', '0x00', '00 11', ' 00'])('"%s" is not hexadecimal', (text) => {
  expect(() => parseHex(text)).toThrow(code('input.not-hex'));
});

test.each(['YQ', 'YQ=', 'YR==', 'YQ==\n', 'Y Q==', '-_==', '===='])('"%s" is not canonical base64', (text) => {
  expect(() => parseBase64(text)).toThrow(code('input.not-base64'));
});

test('bytes are ordered as numbers from the left, a prefix first', () => {
  const of = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);
  expect([of(2), of(1, 255), of(1), of(), of(128)].sort(compareBytes)).toEqual([of(), of(1), of(1, 255), of(2), of(128)]);
  expect(equalBytes(of(1, 2), of(1, 2))).toBe(true);
  expect(equalBytes(of(1, 2), of(1))).toBe(false);
  expect(concat(of(1), of(), of(2, 3))).toEqual(of(1, 2, 3));
  const kept = of(1, 2, 3);
  expect(reversed(kept)).toEqual(of(3, 2, 1));
  expect(kept).toEqual(of(1, 2, 3));
});

test('a fee rate has at most three decimals of a sat/vB and is exact', () => {
  expect([parseFeeRate('4.5'), parseFeeRate('0.101'), parseFeeRate('12')]).toEqual([4500n, 101n, 12_000n]);
  expect([formatFeeRate(4500n), formatFeeRate(101n), formatFeeRate(12_000n), formatFeeRate(0n)]).toEqual(['4.5', '0.101', '12', '0']);
});

test.each(['', '.5', '1.', '1.2345', '-1', '01', '1e2', '1,5'])('"%s" is no fee rate', (text) => {
  expect(() => parseFeeRate(text)).toThrow(code('fee-rate.malformed'));
});

test('a fee rate above 100,000 sat/vB is a slip of the hand', () => {
  expect(parseFeeRate('100000')).toBe(100_000_000n);
  expect(() => parseFeeRate('100000.001')).toThrow(code('fee-rate.out-of-range'));
  expect(() => feeRateFromSatPerKvb(-1n)).toThrow(code('fee-rate.out-of-range'));
});

test('a fee is rounded up and a rate down, so that a fee never falls below its rate', () => {
  expect(feeForVsize(141, parseFeeRate('1.001'))).toBe(142n);
  expect(feeRateOf(142n, 141)).toBe(1007n);
  expect(feeRateOf(-1n, 141)).toBe(0n);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), fc.bigInt({ min: 0n, max: 100_000_000n }), (vsizeVb, satPerKvb) => {
      const rate = feeRateFromSatPerKvb(satPerKvb);
      expect(feeRateOf(feeForVsize(vsizeVb, rate), vsizeVb) >= rate).toBe(true);
    }),
  );
});

test('a fingerprint has eight hex digits and is held in lower case', () => {
  expect(parseFingerprint('73C5DA0A')).toBe('73c5da0a');
  for (const wrong of ['73c5da0', '73c5da0a0', '73c5da0g', '']) expect(() => parseFingerprint(wrong)).toThrow(code('fingerprint.malformed'));
});

test('practice has regtest\'s parameters under its own name', () => {
  expect({ ...chainParameters('practice'), name: 'regtest', nodeChain: 'regtest', genesisHash: chainParameters('regtest').genesisHash }).toEqual(chainParameters('regtest'));
  expect(chainParameters('mainnet').coinType).toBe(0);
  for (const network of ['testnet4', 'signet', 'regtest', 'practice'] as const) expect(chainParameters(network).coinType).toBe(1);
});

test.each(['testnet', 'Mainnet', '', 'toString'])('"%s" is no network', (text) => {
  expect(() => parseNetwork(text)).toThrow(code('network.unknown'));
});

test('an outpoint is a lower-case txid, a colon and a number of 32 bits', () => {
  const txid = 'ab'.repeat(32);
  expect(formatOutpoint(parseOutpoint(`${txid}:4294967295`))).toBe(`${txid}:4294967295`);
  for (const wrong of [txid, `${txid}:`, `${txid}:-1`, `${txid}:01`, `${txid}:4294967296`, `${txid.toUpperCase()}:0`, `${txid.slice(1)}:0`]) {
    expect(() => parseOutpoint(wrong)).toThrow(code('outpoint.malformed'));
  }
});
