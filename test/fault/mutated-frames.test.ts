import { expect, test } from 'vitest';
import { FrameAssembler } from '../../src/airgap/frames/frame-assembler.ts';
import type { FrameFormat } from '../../src/airgap/frames/collector.ts';
import { frameSequence } from '../../src/airgap/frames/frame-sequence.ts';
import { StrongroomError } from '../../src/errors/strongroom-error.ts';
import { encodePsbt } from '../../src/psbt/codec/encode.ts';
import { honestPsbt, testWallet } from '../unit/support/psbt-builder.ts';
import { seeded } from '../unit/airgap/frames/noise.ts';

/*
 * Frames as a bad camera or a hostile screen gives them. The fuzzer's target `frames` goes further, by branches; this keeps a fixed
 * hundred thousand in the suites.
 */
const FRAMES = 100_000;
const formats: readonly FrameFormat[] = ['strongroom', 'bbqr', 'ur', 'ur1', 'specter', 'base43', 'plain'];
const characters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz$%*+-./: =\\n\\u00e9\\ud800';

test('100,000 mutated frames of every format: nothing but errors of the catalog, no standing still, bounded memory', () => {
  const chance = seeded(2026);
  const below = (limit: number): number => Math.floor(chance() * limit);
  const psbt = encodePsbt(honestPsbt({ wallet: testWallet(2, 3) }));
  const sources = formats.map((format) => {
    const sequence = frameSequence({ kind: 'psbt', bytes: psbt }, { format, version: format === 'base43' || format === 'plain' ? 40 : 9 });
    return Array.from({ length: Math.min(60, 2 * sequence.parts) }, (_, index) => sequence.frame(index));
  });
  const frameOf = (source: readonly string[]): string => source[below(source.length)] as string;
  const mutated = (frame: string): string => {
    const at = below(frame.length);
    switch (below(6)) {
      case 0: return frame;
      case 1: return frame.slice(0, at);
      case 2: return frame.slice(0, at) + characters.charAt(below(characters.length)) + frame.slice(at + 1);
      case 3: return frame.slice(0, at) + frame.slice(below(frame.length));
      case 4: return frame.slice(0, at) + frame.slice(at, at + 1 + below(20)).repeat(1 + below(50)) + frame.slice(at);
      // Another number among those of the header.
      default: return frame.slice(0, 16).replace(/[0-9]+/g, (digits) => (chance() < 0.5 ? digits : String(below(10 ** below(10))))) + frame.slice(16);
    }
  };

  const assemblers = sources.map(() => new FrameAssembler());
  const codes = new Map<string, number>();
  const count = (name: string): void => void codes.set(name, (codes.get(name) ?? 0) + 1);
  const before = process.memoryUsage().rss;
  const began = process.cpuUsage();
  let slowestMs = 0;
  for (let number = 0; number < FRAMES; number += 1) {
    const which = below(sources.length);
    const assembler = assemblers[which] as FrameAssembler;
    const frame = mutated(frameOf(sources[chance() < 0.9 ? which : below(sources.length)] as string[]));
    const started = performance.now();
    try {
      count(assembler.read(chance() < 0.9 ? frame : Uint8Array.from(frame, (_, index) => frame.charCodeAt(index) & 0xff)).outcome);
      if (assembler.progress?.isComplete === true && chance() < 0.5) {
        count(`read ${assembler.result().kind}`);
        assembler.reset();
      }
    } catch (error) {
      if (!(error instanceof StrongroomError)) throw error;
      count(error.code);
    }
    slowestMs = Math.max(slowestMs, performance.now() - started);
    if (chance() < 0.002) assembler.reset();
  }
  const spent = process.cpuUsage(began);
  expect([...codes.keys()].sort()).toEqual([
    'duplicate', 'frames.checksum', 'frames.malformed', 'frames.too-large', 'frames.unsupported', 'new', 'other-transfer', 'read psbt', 'read text', 'redundant',
  ]);
  expect(slowestMs).toBeLessThan(1000);
  expect((spent.user + spent.system) / FRAMES).toBeLessThan(1000);
  expect(process.memoryUsage().rss - before).toBeLessThan(256 * 1024 * 1024);
});
