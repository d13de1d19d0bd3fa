import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sha256 } from '@noble/hashes/sha2.js';
import { decodePairs, encodePairs } from '../../../../src/airgap/frames/base43-pairs.ts';
import { crc32 } from '../../../../src/airgap/frames/crc32.ts';
import { assembleFrames, FrameAssembler } from '../../../../src/airgap/frames/frame-assembler.ts';
import { frameSequence, type FrameSequence } from '../../../../src/airgap/frames/frame-sequence.ts';
import { concat, toHex, utf8 } from '../../../../src/domain/bytes.ts';
import { encodePsbt } from '../../../../src/psbt/codec/encode.ts';
import { honestPsbt, testWallet } from '../../support/psbt-builder.ts';
import { noise, seeded } from './noise.ts';

const code = (text: string) => expect.objectContaining({ code: text });
const sequenceOf = (bytes: Uint8Array, version = 12): FrameSequence => frameSequence({ kind: 'bytes', bytes }, { format: 'strongroom', version });
/** Binary, so that it is no text. */
const content = (length: number, seed?: number): Uint8Array => concat(Uint8Array.of(0, 0xff), noise(length - 2, seed));

function bigEndian(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** Frames shown until a transfer is complete, where some are lost. */
function framesNeeded(sequence: FrameSequence, lost: number, seed: number): { readonly shown: number; readonly bytes: Uint8Array } {
  const assembler = new FrameAssembler();
  const next = seeded(seed);
  for (let position = 0; ; position += 1) {
    if (next() < lost) continue;
    if (assembler.read(sequence.frame(position)).progress.isComplete) return { shown: position + 1, bytes: assembler.result().bytes };
  }
}

describe("Strongroom's own frames", () => {
  test('the format, to the character: deflated text, and bytes that do not deflate', () => {
    expect(frameSequence({ kind: 'text', bytes: utf8('hello hello hello hello') }, { format: 'strongroom', version: 10 }).frame(0)).toBe('S$1U.SPGAJMXIRUV000NG1000TA0I3AE.RI6CNI4:J5.6K');
    expect(frameSequence({ kind: 'bytes', bytes: Uint8Array.of(0, 1, 2, 0xff) }, { format: 'strongroom', version: 10 }).frame(0)).toBe('S$1BINKSOE8LAUOV000XT0000000060IFZEIIV3');
  });

  test('frames after the first round, by the words of docs/formats.md', () => {
    const bytes = content(900);
    const sequence = sequenceOf(bytes, 5);
    const mix = (value: bigint): bigint => {
      let x = value ^ (value >> 16n);
      x = (x * 0x85ebca6bn) & 0xffff_ffffn;
      x ^= x >> 13n;
      x = (x * 0xc2b2ae35n) & 0xffff_ffffn;
      return x ^ (x >> 16n);
    };
    const bodyOf = (position: number): Uint8Array => decodePairs(sequence.frame(position).slice(4));
    const fragments = Array.from({ length: sequence.parts }, (_, index) => bodyOf(index).slice(14, -4));
    expect(fragments.length).toBeGreaterThan(8);
    for (const position of [fragments.length, fragments.length + 1, 1000, 0xff_ffff]) {
      const body = bodyOf(position);
      const [a, b] = [0, 4].map((at) => BigInt(new DataView(body.buffer).getUint32(at))) as [bigint, bigint];
      const s = a ^ ((BigInt(position) * 0x9e3779b1n) & 0xffff_ffffn);
      const chosen = fragments.filter((_, i) => (mix(((s + BigInt((i >> 5) + 1) * 0x9e3779b9n) & 0xffff_ffffn) ^ b) >> BigInt(i % 32)) & 1n);
      const sum = new Uint8Array(fragments[0]?.length ?? 0);
      for (const fragment of chosen) fragment.forEach((byte, index) => void (sum[index] = (sum[index] as number) ^ byte));
      expect(toHex(body.slice(14, -4))).toBe(toHex(sum));
      expect(toHex(body.slice(8, 14))).toBe(`000385${position.toString(16).padStart(6, '0')}`);
      expect(body.slice(-4)).toEqual(bigEndian(crc32(concat(utf8('S$1B'), body.slice(0, -4)))));
    }
    expect(toHex(bodyOf(0).slice(0, 8))).toBe(toHex(sha256(concat(utf8('S$1B'), Uint8Array.of(0), bytes)).slice(0, 8)));
  });

  test('contents of every length cross in the first frames alone, each within its density', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 3000 }), fc.integer({ min: 5, max: 40 }), (bytes, version) => {
      const sequence = sequenceOf(concat(Uint8Array.of(0, 0xff), bytes), version);
      const frames = Array.from({ length: sequence.parts }, (_, index) => sequence.frame(index));
      expect(toHex(assembleFrames(frames.reverse()).bytes)).toBe(`00ff${toHex(bytes)}`);
      expect(sequence.mode).toBe('alphanumeric');
    }), { numRuns: 60 });
  });

  test('any frames do, in any order: about two more than there are fragments', () => {
    const bytes = content(20_000);
    const sequence = sequenceOf(bytes, 27);
    const extras = Array.from({ length: 40 }, (_, seed) => {
      const assembler = new FrameAssembler();
      const start = 1000 * (seed + 1);
      let shown = 0;
      while (assembler.progress?.isComplete !== true) assembler.read(sequence.frame(start + 7 * shown++));
      expect(toHex(assembler.result().bytes)).toBe(toHex(bytes));
      return shown - sequence.parts;
    });
    expect(extras.reduce((sum, extra) => sum + extra, 0) / extras.length).toBeLessThan(3);
    expect(Math.max(...extras)).toBeLessThan(12);
  });

  test('300 kB that cannot be made shorter: 106 codes without loss, at most 200 with 30 % lost', () => {
    const bytes = content(300_000);
    const sequence = sequenceOf(bytes, 40);
    expect(framesNeeded(sequence, 0, 1).shown).toBe(106);
    for (const seed of [1, 2, 3, 4, 5]) {
      const { shown, bytes: read } = framesNeeded(sequence, 0.3, seed);
      expect(shown).toBeLessThanOrEqual(200);
      expect(toHex(read)).toBe(toHex(bytes));
    }
  });

  test('a PSBT of 300 kB of our own: at most 150 codes without loss, 300 with 30 % lost, read in less than a second', () => {
    const wallet = testWallet(2, 3);
    const inputs = Array.from({ length: 545 }, (_, index) => ({ branch: (index & 1) as 0 | 1, index: index >> 1, amountSats: 100_000n + BigInt(977 * index) }));
    const psbt = encodePsbt(honestPsbt({ wallet, inputs }));
    expect(psbt.length).toBeGreaterThan(300_000);
    const sequence = frameSequence({ kind: 'psbt', bytes: psbt }, { format: 'strongroom', version: 40 });
    expect(framesNeeded(sequence, 0, 1).shown).toBeLessThanOrEqual(150);
    const before = process.cpuUsage();
    const { shown, bytes } = framesNeeded(sequence, 0.3, 1);
    const spent = process.cpuUsage(before);
    expect(shown).toBeLessThanOrEqual(300);
    expect(spent.user + spent.system).toBeLessThan(1_000_000);
    expect(toHex(bytes)).toBe(toHex(psbt));
  });

  test('a changed character anywhere in a frame is found out', () => {
    const frame = sequenceOf(content(200)).frame(0);
    for (let at = 3; at < frame.length; at += 1) {
      const other = frame.charAt(at) === 'P' ? 'T' : 'P';
      expect(() => assembleFrames([frame.slice(0, at) + other + frame.slice(at + 1)])).toThrow(expect.objectContaining({ code: expect.stringMatching(/^frames\.(checksum|malformed)$/) as string }));
    }
    // Two triples that have changed places.
    expect(() => assembleFrames([`${frame.slice(0, 34)}${frame.slice(37, 40)}${frame.slice(34, 37)}${frame.slice(40)}`])).toThrow(code('frames.checksum'));
    expect(() => assembleFrames([frame.slice(0, 4 + 3 * 50)])).toThrow(code('frames.checksum'));
  });

  /** A frame as somebody else would forge it, its checksum right. */
  function forged(messageBytes: number, dataBytes: number, sequence = 0, data: Uint8Array = new Uint8Array(dataBytes)): string {
    const body = new Uint8Array(14 + dataBytes);
    body.set([messageBytes >>> 16, (messageBytes >>> 8) & 0xff, messageBytes & 0xff, sequence >>> 16, (sequence >>> 8) & 0xff, sequence & 0xff], 8);
    body.set(data, 14);
    const checksum = new Uint8Array(4);
    new DataView(checksum.buffer).setUint32(0, crc32(concat(utf8('S$1B'), body)));
    return `S$1B${encodePairs(concat(body, checksum))}`;
  }

  test.each([
    ['more bytes than are read', forged(0xff_ffff, 2800), 'frames.too-large'],
    ['more frames than are read', forged(100_000, 2), 'frames.too-large'],
    ['no bytes at all', forged(0, 100), 'frames.malformed'],
    ['a frame longer than the whole', forged(50, 100), 'frames.malformed'],
    ['no content beside its header', forged(50, 0), 'frames.malformed'],
    ['a kind that does not exist', 'S$1X000000000000000000000000000000000', 'frames.malformed'],
    ['an id that its content does not have', forged(100, 100), 'frames.checksum'],
  ])('a frame that announces %s is refused', (_title, frame, expected) => {
    expect(() => assembleFrames([frame])).toThrow(code(expected));
  });

  test('a sum that the fragments before it contradict is refused, and they stand', () => {
    const outcomes = Array.from({ length: 40 }, (_, index) => {
      const assembler = new FrameAssembler();
      assembler.read(forged(150, 50, 0));
      assembler.read(forged(150, 50, 1));
      try {
        assembler.read(forged(150, 50, 3 + index, noise(50, index)));
        return 'taken';
      } catch (error) {
        const { code: name, details } = error as { code: string; details: { where: string } };
        return details.where === 'a frame against the others' ? `${name}, ${assembler.progress?.received} stand` : `${name} of the whole`;
      }
    });
    // Sums without the third fragment can be checked at once; the others give a whole that is not what its id says.
    expect(new Set(outcomes)).toEqual(new Set(['frames.checksum, 2 stand', 'frames.checksum of the whole']));
  });

  test('pairs of bytes: each text stands for one content, and others for none', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      expect(toHex(decodePairs(encodePairs(bytes)))).toBe(toHex(bytes));
    }));
    expect(encodePairs(Uint8Array.of(0xff, 0xff, 0xff))).toBe('3JZ.5');
    for (const text of ['A', 'ABCD', ':::', '::', 'AB%', 'ab1']) expect(() => decodePairs(text)).toThrow(code('frames.malformed'));
  });
});
