import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatBtc } from '../../../src/domain/amount.ts';
import { ExactNumber, parseExactJson, satsOfBtcNumber } from '../../../src/node/companion/bitcoind/exact-json.ts';

const sats = (source: string): bigint => satsOfBtcNumber(new ExactNumber(source));

test.each([
  ['0.1', 10_000_000n], ['0.10000000', 10_000_000n], ['20999999.9769', 2_099_999_997_690_000n], ['0', 0n], ['-0.00000669', -669n],
  ['1e-8', 1n], ['1E-8', 1n], ['2.1e7', 2_100_000_000_000_000n], ['0.57', 57_000_000n], ['1.000000010', 100_000_001n],
])('%s BTC is read digit by digit as %s sats', (source, amount) => {
  expect(sats(source)).toBe(amount);
});

test('what only a float can be is no amount: 0.1 + 0.2 is refused, not rounded', () => {
  for (const source of [String(0.1 + 0.2), '0.000000001', '1e-9', '10000000000.00000001', '1e400', `0.${'0'.repeat(50)}`, 'NaN', '0x1']) {
    expect(() => sats(source)).toThrow(expect.objectContaining({ code: 'node.malformed' }));
  }
});

test('numbers keep their text anywhere in an answer; texts that look like numbers stay texts', () => {
  expect(parseExactJson('{"a":[0.10,{"b":1e-8}],"c":"0.1","d":null}')).toEqual({ a: [new ExactNumber('0.10'), { b: new ExactNumber('1e-8') }], c: '0.1', d: null });
  expect(parseExactJson('<html>')).toBeUndefined();
  expect(parseExactJson(`${'['.repeat(100_000)}`)).toBeUndefined();
});

test('property: every amount survives the way through the node\'s JSON', () => {
  fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2_100_000_000_000_000n }), (amount) => {
    const [number] = parseExactJson(`[${formatBtc(amount)}]`) as [ExactNumber];
    expect(satsOfBtcNumber(number)).toBe(amount);
  }));
});
