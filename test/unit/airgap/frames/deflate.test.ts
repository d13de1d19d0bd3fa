import fc from 'fast-check';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { deflateRaw } from '../../../../src/airgap/frames/deflate.ts';
import { codeLengths, codesOf } from '../../../../src/airgap/frames/huffman-code.ts';
import { inflateRaw } from '../../../../src/airgap/inflate.ts';
import { toHex, utf8 } from '../../../../src/domain/bytes.ts';

describe('deflate (RFC 1951)', () => {
  const repetitive = fc.array(fc.constantFrom('psbt', '\0\0\0\0', 'aaaaaaaaaaaaaaaaaaaa', 'x', 'change address'), { maxLength: 900 }).map((words) => utf8(words.join('')));

  test('what is deflated inflates to the same bytes, here and with zlib', () => {
    fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 4000 }), repetitive), fc.constantFrom(1024, 32_768), (bytes, windowBytes) => {
      const deflated = deflateRaw(bytes, windowBytes);
      expect(toHex(inflateRaw(deflated, 100_000))).toBe(toHex(bytes));
      expect(toHex(inflateRawSync(deflated, { windowBits: windowBytes === 1024 ? 10 : 15 }))).toBe(toHex(bytes));
    }), { numRuns: 120 });
  });

  test('several blocks, and stored ones where nothing repeats', () => {
    let state = 1;
    const noise = Uint8Array.from({ length: 200_000 }, () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 24);
    const deflated = deflateRaw(noise);
    expect(deflated.length).toBeLessThan(noise.length + 100);
    expect(inflateRawSync(deflated).equals(noise)).toBe(true);
    const both = new Uint8Array(300_000);
    both.set(noise.subarray(0, 100_000));
    expect(inflateRawSync(deflateRaw(both)).equals(both)).toBe(true);
    expect(deflateRaw(both).length).toBeLessThan(101_000);
  });

  test('nothing, one byte, and one byte many times', () => {
    for (const bytes of [new Uint8Array(0), Uint8Array.of(7), new Uint8Array(10_000)]) expect(inflateRawSync(deflateRaw(bytes)).equals(bytes)).toBe(true);
    expect(deflateRaw(new Uint8Array(10_000)).length).toBeLessThan(40);
  });
});

describe('prefix codes', () => {
  test('no code is longer than the limit, and together they fill the space exactly', () => {
    fc.assert(fc.property(fc.array(fc.nat({ max: 1_000_000 }), { minLength: 2, maxLength: 286 }), (counts) => {
      fc.pre(counts.filter((count) => count > 0).length >= 2);
      const lengths = codeLengths(counts, 15);
      expect(lengths.every((length, symbol) => (length > 0) === ((counts[symbol] as number) > 0) && length <= 15)).toBe(true);
      expect(lengths.reduce((sum, length) => sum + (length === 0 ? 0 : 2 ** -length), 0)).toBe(1);
    }));
  });

  test('counts that grow like Fibonacci numbers are brought below the limit', () => {
    const counts = [1, 1];
    while (counts.length < 40) counts.push((counts.at(-1) as number) + (counts.at(-2) as number));
    expect(Math.max(...codeLengths(counts, 7).slice(0, 19))).toBe(7);
  });

  test('RFC 1951, 3.2.2: the example of eight symbols', () => {
    // 010 011 100 101 110 00 1110 1111, each turned round.
    expect([...codesOf([3, 3, 3, 3, 3, 2, 4, 4])]).toEqual([0b010, 0b110, 0b001, 0b101, 0b011, 0b00, 0b0111, 0b1111]);
  });
});
