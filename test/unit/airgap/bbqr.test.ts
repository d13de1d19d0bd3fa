import fc from 'fast-check';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { base32nopad } from '@scure/base';
import { encodeBbqr } from '../../../src/airgap/bbqr.ts';
import { assembleFrames } from '../../../src/airgap/frames/frame-assembler.ts';
import { inflateRaw } from '../../../src/airgap/inflate.ts';
import { readPsbtFile } from '../../../src/airgap/psbt-file.ts';
import { concat, toHex, utf8 } from '../../../src/domain/bytes.ts';
import { StrongroomError } from '../../../src/errors/strongroom-error.ts';
import { encodePsbt } from '../../../src/psbt/codec/encode.ts';
import { honestPsbt, testWallet } from '../support/psbt-builder.ts';

const code = (text: string) => expect.objectContaining({ code: text });
const psbt = encodePsbt(honestPsbt({ wallet: testWallet(2, 3) }));

describe('frames', () => {
  test('a file comes back from its frames in any order, with repetitions, and each fits its limit', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 3000 }), fc.integer({ min: 16, max: 2132 }), (bytes, limit) => {
      fc.pre(Math.ceil((bytes.length + 2) / (Math.floor((limit - 8) / 8) * 5)) <= 1295);
      const frames = encodeBbqr(bytes, 'P', limit);
      expect(frames.every((frame) => frame.length <= limit && /^B\$2P[0-9A-Z]{4}[A-Z2-7]*$/.test(frame))).toBe(true);
      const content = concat(Uint8Array.of(0, 0xff), bytes);
      expect(toHex(assembleFrames(encodeBbqr(content, 'B', limit).reverse().concat(encodeBbqr(content, 'B', limit))).bytes)).toBe(toHex(content));
    }), { numRuns: 60 });
  });

  test('the header counts in base 36', () => {
    const frames = encodeBbqr(new Uint8Array(5 * 40), 'T', 16);
    expect(frames).toHaveLength(40);
    expect(frames[37]?.slice(0, 8)).toBe('B$2T1411');
  });

  test('hexadecimal frames are read too', () => {
    expect(assembleFrames(['B$HB0100DEADBEEF'])).toEqual({ kind: 'bytes', bytes: Uint8Array.of(0xde, 0xad, 0xbe, 0xef) });
  });

  test('missing frames are named as people count them', () => {
    const frames = encodeBbqr(psbt, 'P', 100);
    expect(() => assembleFrames(frames.filter((_, index) => index !== 1 && index !== 4))).toThrow(expect.objectContaining({ code: 'frames.incomplete', details: { total: frames.length, missing: '2, 5' } }));
  });

  test.each([
    ['without header', ['B$HELLO']],
    ['of another encoding', ['B$XP0100GEZDG']],
    ['counting from none', ['B$2P0000GEZDG']],
    ['numbered past their count', ['B$2P0101GEZDG']],
    ['with characters outside base32', ['B$2P01000189']],
    ['with half a byte of hexadecimal', ['B$HP0100ABC']],
    ['that are none', []],
  ])('frames %s are refused', (_title, frames) => {
    expect(() => assembleFrames(frames)).toThrow(code('frames.malformed'));
  });

  test.each([
    ['of two files', ['B$2P0200GEZDG', 'B$2P0301GEZDG']],
    ['of two kinds', ['B$2P0200GEZDG', 'B$2T0201GEZDG']],
    ['that contradict each other', ['B$2P0200GEZDG', 'B$2P0200GEZDH']],
  ])('frames %s are refused', (_title, frames) => {
    expect(() => assembleFrames(frames)).toThrow(code('frames.other-transfer'));
  });

  test('a file beyond 1,295 frames is refused', () => {
    expect(() => encodeBbqr(new Uint8Array(100_000), 'P', 16)).toThrow(code('psbt.too-large'));
  });
});

describe('frames of other programs', () => {
  test('compressed frames are inflated', () => {
    const compressed = base32nopad.encode(new Uint8Array(deflateRawSync(psbt, { windowBits: 10 })));
    const half = Math.ceil(compressed.length / 16) * 8;
    const frames = [`B$ZP0200${compressed.slice(0, half)}`, `B$ZP0201${compressed.slice(half)}`];
    expect(toHex(readPsbtFile(utf8(frames.join('\n'))))).toBe(toHex(psbt));
  });
});

describe('RFC 1951', () => {
  test('inflates what zlib deflates, stored, fixed and with codes of its own', () => {
    const compressible = fc.array(fc.constantFrom('psbt', '\0\0\0\0', 'aaaaaaaaaaaaaaaaaaaa', 'x'), { maxLength: 400 }).map((words) => utf8(words.join('')));
    fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 5000 }), compressible), fc.constantFrom(0, 1, 6, 9), fc.constantFrom(0, 4), (bytes, level, strategy) => {
      expect(toHex(inflateRaw(new Uint8Array(deflateRawSync(bytes, { level, strategy })), 100_000))).toBe(toHex(bytes));
    }), { numRuns: 120 });
  });

  test('a small stream that expands beyond the limit stops there', () => {
    expect(() => inflateRaw(new Uint8Array(deflateRawSync(new Uint8Array(1_000_000))), 10_000)).toThrow(code('frames.too-large'));
  });

  test('damaged streams give a named error and never anything else', () => {
    const good = new Uint8Array(deflateRawSync(psbt));
    fc.assert(fc.property(fc.nat({ max: good.length - 1 }), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, change, cut) => {
      const altered = cut ? good.subarray(0, at) : good.map((byte, position) => (position === at ? byte ^ change : byte));
      try {
        inflateRaw(altered, 100_000);
      } catch (error) {
        expect(error).toBeInstanceOf(StrongroomError);
      }
    }), { numRuns: 300 });
  });
});
