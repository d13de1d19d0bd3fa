import { create } from 'qrcode/lib/core/qrcode.js';
import { codeModules } from '../../src/airgap/frames/code-modules.ts';
import { FrameAssembler } from '../../src/airgap/frames/frame-assembler.ts';
import { frameSequence } from '../../src/airgap/frames/frame-sequence.ts';
import type { FrameFormat } from '../../src/airgap/frames/collector.ts';
import { encodePsbt } from '../../src/psbt/codec/encode.ts';
import { honestPsbt, testWallet } from '../unit/support/psbt-builder.ts';
import { noise, seeded } from '../unit/airgap/frames/noise.ts';

/*
 * What crosses the gap by codes: how many of the largest codes 300 kB take in each format, with and without loss, what reading them
 * costs, and what drawing a code costs against the QR package left to itself. Prints one JSON line.
 */
const FORMATS: readonly FrameFormat[] = ['strongroom', 'bbqr', 'ur'];
const LOST = [0, 0.1, 0.3];
const RUNS = 10;
const CODES = 60;

const processorMs = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

const inputs = Array.from({ length: 545 }, (_, index) => ({ branch: (index & 1) as 0 | 1, index: index >> 1, amountSats: 100_000n + BigInt(977 * index) }));
const psbt = encodePsbt(honestPsbt({ wallet: testWallet(2, 3), inputs }));
const contents = { psbt: { kind: 'psbt', bytes: psbt }, incompressible: { kind: 'bytes', bytes: noise(300_000) } } as const;

function transfer(content: (typeof contents)[keyof typeof contents], format: FrameFormat, lost: number, seed: number): { shown: number; readMs: number } {
  const sequence = frameSequence(content, { format, version: 40 });
  const assembler = new FrameAssembler();
  const chance = seeded(seed);
  let readMs = 0;
  for (let position = 0; ; position += 1) {
    const frame = sequence.frame(position);
    if (chance() < lost) continue;
    const began = process.cpuUsage();
    const { progress } = assembler.read(frame);
    readMs += processorMs(began);
    if (progress.isComplete) return { shown: position + 1, readMs };
  }
}

const transfers = Object.entries(contents).flatMap(([name, content]) => FORMATS.flatMap((format) => LOST.map((lost) => {
  const runs = Array.from({ length: lost === 0 ? 1 : RUNS }, (_, seed) => transfer(content, format, lost, seed + 1));
  return { content: name, bytes: content.bytes.length, format, lostPercent: 100 * lost, medianCodes: median(runs.map(({ shown }) => shown)), mostCodes: Math.max(...runs.map(({ shown }) => shown)), mostReadMs: Math.round(Math.max(...runs.map(({ readMs }) => readMs))) };
})));

const sequence = frameSequence(contents.incompressible, { format: 'strongroom', version: 40 });
const frames = Array.from({ length: CODES }, (_, position) => sequence.frame(position));
const each = (draw: (text: string) => unknown): number => {
  for (const frame of frames.slice(0, 5)) draw(frame);
  const began = process.cpuUsage();
  for (const frame of frames) draw(frame);
  return processorMs(began) / CODES;
};
const packageMs = each((text) => create(text, { errorCorrectionLevel: 'L' }));
const ownMs = each((text) => codeModules(text, 40));

console.log(JSON.stringify({ transfers, drawing: { version: 40, packageMs: Number(packageMs.toFixed(2)), ownMs: Number(ownMs.toFixed(2)), ratio: Number((packageMs / ownMs).toFixed(1)) } }));
