import { expect, test } from 'vitest';
import { formatBtc, MAX_MONEY_SATS, parseBtc, parseSats, sumSats } from '../../../src/domain/amount.ts';

test('an amount in BTC is read digit by digit, so that no satoshi is lost to rounding', () => {
  expect(parseBtc('0.00000001')).toBe(1n);
  expect(parseBtc('20999999.9769')).toBe(2_099_999_997_690_000n);
  expect(formatBtc(2_099_999_997_690_000n)).toBe('20999999.97690000');
  expect(formatBtc(-5n)).toBe('-0.00000005');
});

test.each(['', '.5', '1.', '1.123456789', '-1', '1e3', '01', '1,5', ' 1'])('"%s" is no BTC amount', (text) => {
  expect(() => parseBtc(text)).toThrow(expect.objectContaining({ code: 'amount.malformed' }));
});

test('amounts above 21 million BTC are refused, alone and as a sum', () => {
  expect(parseSats('2100000000000000')).toBe(MAX_MONEY_SATS);
  expect(() => parseSats('2100000000000001', 'mainnet')).toThrow(expect.objectContaining({ code: 'amount.out-of-range' }));
  expect(() => sumSats([MAX_MONEY_SATS, 1n], 'mainnet')).toThrow(expect.objectContaining({ code: 'amount.out-of-range' }));
});
