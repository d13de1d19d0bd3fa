import fc from 'fast-check';
import { create } from 'qrcode/lib/core/qrcode.js';
import { afterAll, describe, expect, test } from 'vitest';
import { encodeBbqr } from '../../../../src/airgap/bbqr.ts';
import { decodeBase43, encodeBase43 } from '../../../../src/airgap/frames/base43.ts';
import { codeCapacity, codeModeOf, versionFor } from '../../../../src/airgap/frames/code-capacity.ts';
import { codeModules, codesOfSequence } from '../../../../src/airgap/frames/code-modules.ts';
import { chooseFrames, frameReaders } from '../../../../src/airgap/frames/frame-choice.ts';
import { frameSequence } from '../../../../src/airgap/frames/frame-sequence.ts';
import { assembleFrames } from '../../../../src/airgap/frames/frame-assembler.ts';
import { encodeSpecter } from '../../../../src/airgap/frames/specter.ts';
import { qrModules } from '../../../../src/airgap/qr-image.ts';
import { parseHex, toHex, utf8 } from '../../../../src/domain/bytes.ts';
import { createCodeReader } from '../../../../src/node/shared/code-reading/read-codes.ts';
import { noise } from './noise.ts';

const code = (text: string) => expect.objectContaining({ code: text });

describe('Base43', () => {
  test.each([
    // As Electrum 4.3.4 writes them.
    ['', ''], ['00', '0'], ['0000ff', '005.'], ['70736274ff0100520200', '782AV-5S*LM5:/6'],
    [`000000${'ab'.repeat(40)}`, '000P:X5D:6S-25L:RAV6AKH-:WKC0CPQHKSFLZ9UC3RQHMBYV5A:WN4CP$RP:W'],
  ])('%s is %s', (hex, text) => {
    expect(encodeBase43(parseHex(hex))).toBe(text);
    if (text !== '') expect(toHex(decodeBase43(text))).toBe(hex);
  });

  test('the same as a large number computed outright', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) => {
      let number = 0n;
      for (const byte of bytes) number = number * 256n + BigInt(byte);
      let text = '';
      for (; number > 0n; number /= 43n) text = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$*+-./:'.charAt(Number(number % 43n)) + text;
      const zeros = bytes.findIndex((byte) => byte !== 0);
      expect(encodeBase43(bytes)).toBe('0'.repeat(zeros < 0 ? bytes.length : zeros) + text);
      expect(toHex(decodeBase43(encodeBase43(bytes)))).toBe(toHex(bytes));
    }));
  });

  test('one code is the most; other characters are none of it', () => {
    expect(encodeBase43(noise(2900)).length).toBeLessThanOrEqual(4296);
    expect(() => encodeBase43(noise(3000))).toThrow(code('frames.too-large'));
    expect(() => encodeBase43(noise(2_000_000))).toThrow(code('frames.too-large'));
    expect(() => encodeBase43(noise(300), 100)).toThrow(code('frames.too-large'));
    for (const text of ['a', 'A B', '%', 'Z'.repeat(4297)]) expect(() => decodeBase43(text)).toThrow(code('frames.malformed'));
  });
});

describe('frames to be shown', () => {
  test('each keeps to its density, to the last', () => {
    fc.assert(fc.property(fc.constantFrom('strongroom', 'bbqr', 'ur', 'ur1', 'specter'), fc.integer({ min: 8, max: 40 }), fc.integer({ min: 1, max: 12_000 }), fc.constantFrom('H', '2', 'Z'), (format, version, length, bbqrEncoding) => {
      const sequence = frameSequence({ kind: 'bytes', bytes: noise(length, version) }, { format, version, bbqrEncoding });
      expect(sequence.version).toBeLessThanOrEqual(version);
      for (const position of [0, 1, sequence.parts - 1, sequence.parts, sequence.parts + 7]) {
        const frame = sequence.frame(position);
        expect(codeModeOf(frame)).toBe(sequence.mode);
        expect(frame.length).toBeLessThanOrEqual(codeCapacity(sequence.version, sequence.mode));
      }
    }), { numRuns: 100 });
  });

  test('fewer characters than the version holds, when asked for', () => {
    const sequence = frameSequence({ kind: 'bytes', bytes: noise(5000) }, { format: 'bbqr', version: 20, maxCharacters: 300 });
    expect(sequence.frame(0).length).toBeLessThanOrEqual(300);
  });

  test.each([
    ['strongroom', 1], ['bbqr', 1], ['ur', 1], ['ur1', 3], ['specter', 1], ['base43', 5], ['plain', 5],
  ] as const)('%s refuses what does not fit codes of version %i', (format, version) => {
    expect(() => frameSequence({ kind: 'bytes', bytes: noise(200_000) }, { format, version })).toThrow(code('frames.too-large'));
  });

  test('nothing is nothing to be shown', () => {
    expect(() => frameSequence({ kind: 'text', bytes: new Uint8Array(0) }, { format: 'ur', version: 10 })).toThrow(code('frames.malformed'));
  });

  test("Specter's headers grow with their numbers, and the frames with them stay within bounds", () => {
    const frames = encodeSpecter('x'.repeat(20_000), 100);
    expect(frames.length).toBeGreaterThan(200);
    expect(Math.max(...frames.map(({ length }) => length))).toBeLessThanOrEqual(100);
    expect(frames.map((frame) => frame.replace(/^p[0-9]+of[0-9]+ /, '')).join('')).toBe('x'.repeat(20_000));
    expect(encodeSpecter('', 100)).toEqual(['p1of1 ']);
  });

  test('every reader has a format and a density, and a person may choose otherwise', () => {
    expect(frameReaders.length).toBeGreaterThan(10);
    for (const reader of frameReaders) {
      const sequence = frameSequence({ kind: 'psbt', bytes: new Uint8Array([0x70, 0x73, 0x62, 0x74, 0xff, ...noise(900)]) }, chooseFrames(reader));
      expect(assembleFrames(Array.from({ length: sequence.parts }, (_, index) => sequence.frame(index))).kind).toBe('psbt');
    }
    expect(chooseFrames('coldcard-q')).toEqual({ format: 'bbqr', version: 27 });
    expect(chooseFrames('coldcard-q', { version: 12, bbqrEncoding: 'H' })).toEqual({ format: 'bbqr', version: 12, bbqrEncoding: 'H' });
  });

  test('BBQr deflates where that is shorter, and says so', () => {
    expect(encodeBbqr(utf8('hello '.repeat(50)), 'U', 1062, 'Z')[0]?.slice(0, 8)).toBe('B$ZU0100');
    expect(encodeBbqr(noise(100), 'B', 1062, 'Z')[0]?.slice(0, 8)).toBe('B$2B0100');
    expect(encodeBbqr(Uint8Array.of(0xab, 0xcd), 'B', 1062, 'H')).toEqual(['B$HB0100ABCD']);
  });
});

describe('codes of an animation', () => {
  const reader = createCodeReader();
  afterAll(() => reader.forget());

  /** As a camera would see it from straight ahead: three pixels a module, with the white around it. */
  function picture(text: string, version: number, mask: number): { readonly width: number; readonly height: number; readonly luma: Uint8Array } {
    const { size, rows } = codeModules(text, version, mask);
    const stride = (size + 7) >>> 3;
    expect([size, rows.length]).toEqual([17 + 4 * version, size * stride]);
    const width = 3 * (size + 8);
    const luma = new Uint8Array(width * width).fill(255);
    for (let y = 0; y < 3 * size; y += 1) {
      for (let x = 0; x < 3 * size; x += 1) {
        const [row, column] = [Math.floor(y / 3), Math.floor(x / 3)];
        if (((rows[row * stride + (column >>> 3)] as number) >>> (7 - (column & 7))) & 1) luma[(y + 12) * width + x + 12] = 0;
      }
    }
    return { width, height: width, luma };
  }

  test.each([
    ['S$1PABC123', 1], ['UR:BYTES/1-2/ABCDEF', 5], ['p1of3 cHNidP8BAH0', 7], [frameSequence({ kind: 'bytes', bytes: noise(300_000) }, { format: 'strongroom', version: 40 }).frame(3), 40],
  ].map(([text, version]) => [(text as string).slice(0, 20), version as number, text as string] as const))('%s… in a code of version %i is read with every mask', async (_start, version, text) => {
    for (const mask of version === 40 ? [0, 5] : [0, 1, 2, 3, 4, 5, 6, 7]) expect(await reader.inFrame(picture(text, version, mask))).toEqual([text]);
  });

  test('every version and mask, to the module what the QR package draws for the same version, mode and mask', () => {
    for (let version = 1; version <= 40; version += 1) {
      for (const mode of ['alphanumeric', 'byte'] as const) {
        const capacity = codeCapacity(version, mode);
        for (const [mask, length] of [[version % 8, capacity], [(version + 3) % 8, capacity >> 1]] as const) {
          const text = mode === 'byte' ? `é${'z~a'.repeat(length).slice(0, length - 2)}` : 'A:7 '.repeat(length).slice(0, length);
          const { modules } = create([{ data: text, mode }], { errorCorrectionLevel: 'L', version, maskPattern: mask });
          const { size, rows } = codeModules(text, version, mask);
          const stride = (size + 7) >>> 3;
          expect(size).toBe(modules.size);
          const drawn = Uint8Array.from({ length: size * size }, (_, at) => ((rows[Math.floor(at / size) * stride + ((at % size) >>> 3)] as number) >>> (7 - ((at % size) & 7))) & 1);
          expect(drawn.every((module, at) => module === modules.data[at]), `version ${version}, mask ${mask}, ${mode}`).toBe(true);
        }
      }
    }
  });

  test('a run of an animation: all codes of one size, each round in another mask', () => {
    const sequence = frameSequence({ kind: 'bytes', bytes: noise(1000) }, { format: 'bbqr', version: 10 });
    const codes = codesOfSequence(sequence, 0, 2 * sequence.parts);
    expect(new Set(codes.map(({ size }) => size))).toEqual(new Set([57]));
    expect(codes[0]).toEqual(codeModules(sequence.frame(0), 10, 0));
    expect(codes[sequence.parts]).toEqual(codeModules(sequence.frame(0), 10, 1));
  });

  test('the largest of each version fits, one character more does not', () => {
    for (const version of [1, 9, 10, 26, 27, 40]) {
      for (const [mode, character] of [['alphanumeric', 'A'], ['byte', 'a']] as const) {
        const capacity = codeCapacity(version, mode);
        expect(qrModules(character.repeat(capacity), 'L').size).toBe(17 + 4 * version);
        expect(() => codeModules(character.repeat(capacity), version)).not.toThrow();
        expect(() => codeModules(character.repeat(capacity + 1), version)).toThrow(code('frames.too-large'));
        expect(versionFor(capacity, mode)).toBe(version);
        expect(versionFor(capacity + 1, mode)).toBe(version === 40 ? null : version + 1);
      }
    }
  });
});
