import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeModules } from '../../src/airgap/frames/code-modules.ts';
import { frameSequence } from '../../src/airgap/frames/frame-sequence.ts';
import { createCodeReader } from '../../src/node/shared/code-reading/read-codes.ts';
import { noise, seeded } from '../unit/airgap/frames/noise.ts';

/*
 * Codes as a bad camera sees them: out of focus, moved, dim, noisy, turned, from the side, under a lamp, from too far away, between two
 * frames of the animation, and several of these together. How many of them the code reader reads, and how many zbar, where it is
 * installed. Prints one JSON line.
 */
const SIDE = 640;
const EACH = 20;
const VERSIONS = [10, 14, 20, 27] as const;

/** What spoils a picture. Lengths in modules, brightness in 255ths. */
interface Spoil {
  /** Gaussian, standard deviation. */
  readonly blur?: number;
  /** Along a line. */
  readonly motion?: number;
  readonly degrees?: number;
  /** How much nearer one side is than the other: 0.2 makes it 20 % larger. */
  readonly tilt?: number;
  /** Share of the picture's side that the code takes. */
  readonly share?: number;
  readonly dark?: number;
  readonly light?: number;
  /** Standard deviation of the sensor's noise. */
  readonly noise?: number;
  /** A lamp's reflection: how much it adds in its middle. */
  readonly glare?: number;
  /** Share of the frame before that is still in view. */
  readonly ghost?: number;
}

const kinds: Readonly<Record<string, (strength: number) => Spoil>> = {
  blurred: (s) => ({ blur: 0.25 + 0.3 * s }),
  moved: (s) => ({ motion: 0.5 + 0.9 * s }),
  dim: (s) => ({ dark: 12, light: 60 - 34 * s, noise: 3 + 2 * s }),
  noisy: (s) => ({ noise: 25 + 45 * s }),
  turned: (s) => ({ degrees: 5 + 80 * s, blur: 0.15 }),
  'from the side': (s) => ({ tilt: 0.15 + 0.35 * s, degrees: 8, blur: 0.12 }),
  'under a lamp': (s) => ({ glare: 90 + 130 * s, dark: 50, light: 200, blur: 0.12 }),
  'far away': (s) => ({ share: 0.62 - 0.26 * s, noise: 4 }),
  'between two frames': (s) => ({ ghost: 0.15 + 0.25 * s, noise: 5 }),
  'all of it': (s) => ({ blur: 0.2 + 0.12 * s, noise: 10 + 12 * s, degrees: 20 * s, tilt: 0.1 + 0.1 * s, dark: 45, light: 150, glare: 30, ghost: 0.08 }),
};

interface Picture {
  readonly luma: Uint8Array;
  readonly text: string;
}

/** A normal deviate. */
const normal = (chance: () => number): number => Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());

function picture(position: number, version: number, spoil: Spoil, chance: () => number): Picture {
  const sequence = frameSequence({ kind: 'bytes', bytes: noise(30_000) }, { format: 'strongroom', version });
  const [text, before] = [sequence.frame(position), sequence.frame(position + 1)];
  const [shown, ghost] = [codeModules(text, version, position % 8), codeModules(before, version, (position + 1) % 8)];
  const { size } = shown;
  const stride = (size + 7) >> 3;
  const darkness = (code: typeof shown, row: number, column: number): number => (row < 0 || column < 0 || row >= size || column >= size ? 0 : ((code.rows[row * stride + (column >> 3)] as number) >> (7 - (column & 7))) & 1);
  const { blur = 0.08, motion = 0, degrees = 0, tilt = 0, dark = 35, light = 220, noise: grain = 2, glare = 0, ghost: ghostShare = 0 } = spoil;
  // Turned codes need room for their corners.
  const angle = (degrees * Math.PI) / 180;
  const share = (spoil.share ?? 0.92) / (Math.abs(Math.cos(angle)) + Math.abs(Math.sin(angle))) / (1 + tilt / 2);
  const perPixel = (size + 8) / (SIDE * share);
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const [driftX, driftY] = [(chance() - 0.5) * 6, (chance() - 0.5) * 6];
  const brightness = new Float32Array(SIDE * SIDE);
  for (let y = 0; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) {
      let sum = 0;
      for (const [dx, dy] of [[0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]] as const) {
        const [px, py] = [x + dx - SIDE / 2 - driftX, y + dy - SIDE / 2 - driftY];
        const depth = 1 + (tilt * px) / SIDE;
        const [u, v] = [(px * depth) * perPixel, (py * depth) * perPixel];
        const column = Math.floor(u * cos + v * sin + size / 2);
        const row = Math.floor(v * cos - u * sin + size / 2);
        sum += darkness(shown, row, column) * (1 - ghostShare) + darkness(ghost, row, column) * ghostShare;
      }
      brightness[y * SIDE + x] = light - ((light - dark) * sum) / 4;
    }
  }
  const softened = smeared(gaussian(brightness, blur / perPixel), motion / perPixel, angle + Math.PI / 5);
  const [lampX, lampY] = [SIDE * (0.3 + 0.4 * chance()), SIDE * (0.3 + 0.4 * chance())];
  const luma = new Uint8Array(SIDE * SIDE);
  for (let y = 0; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) {
      const lamp = glare === 0 ? 0 : glare * Math.exp(-((x - lampX) ** 2 + (y - lampY) ** 2) / (2 * (SIDE / 6) ** 2));
      luma[y * SIDE + x] = Math.max(0, Math.min(255, Math.round((softened[y * SIDE + x] as number) + lamp + grain * normal(chance))));
    }
  }
  return { luma, text };
}

function gaussian(source: Float32Array, deviation: number): Float32Array {
  if (deviation < 0.3) return source;
  const reach = Math.ceil(deviation * 3);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, index) => Math.exp(-((index - reach) ** 2) / (2 * deviation ** 2)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const pass = (from: Float32Array, step: number, across: number): Float32Array => from.map((_, at) => {
    const place = Math.floor(at / step) % across;
    let sum = 0;
    for (let offset = -reach; offset <= reach; offset += 1) sum += (weights[offset + reach] as number) * (from[at + (Math.max(0, Math.min(across - 1, place + offset)) - place) * step] as number);
    return sum / total;
  });
  return pass(pass(source, 1, SIDE), SIDE, SIDE);
}

/** The mean along a line. */
function smeared(source: Float32Array, length: number, angle: number): Float32Array {
  const steps = Math.round(length);
  if (steps < 1) return source;
  return source.map((_, at) => {
    const [x, y] = [at % SIDE, Math.floor(at / SIDE)];
    let sum = 0;
    for (let step = 0; step <= steps; step += 1) {
      const along = step - steps / 2;
      const [sx, sy] = [Math.max(0, Math.min(SIDE - 1, Math.round(x + along * Math.cos(angle)))), Math.max(0, Math.min(SIDE - 1, Math.round(y + along * Math.sin(angle))))];
      sum += source[sy * SIDE + sx] as number;
    }
    return sum / (steps + 1);
  });
}

const folder = mkdtempSync(join(tmpdir(), 'strongroom-hard-frames-'));
const hasZbar = spawnSync('zbarimg', ['--version']).status === 0;
function readByZbar({ luma, text }: Picture): boolean {
  const file = join(folder, 'frame.pgm');
  writeFileSync(file, Buffer.concat([Buffer.from(`P5\n${SIDE} ${SIDE}\n255\n`), luma]));
  return spawnSync('zbarimg', ['-q', '--raw', '-Sdisable', '-Sqrcode.enable', file], { encoding: 'utf8' }).stdout.split('\n').includes(text);
}

const reader = createCodeReader();
try {
  const chance = seeded(11);
  const results: { kind: string; frames: number; read: number; zbar: number | null }[] = [];
  const times: number[] = [];
  for (const [kind, spoil] of Object.entries(kinds)) {
    const row = { kind, frames: EACH, read: 0, zbar: hasZbar ? 0 : null };
    for (let index = 0; index < EACH; index += 1) {
      const made = picture(index, VERSIONS[index % VERSIONS.length] as number, spoil(Math.floor(index / VERSIONS.length) / (EACH / VERSIONS.length - 1)), chance);
      const began = performance.now();
      if ((await reader.inFrame({ width: SIDE, height: SIDE, luma: made.luma })).includes(made.text)) row.read += 1;
      times.push(performance.now() - began);
      if (row.zbar !== null && readByZbar(made)) row.zbar += 1;
    }
    results.push(row);
  }
  const total = (of: (row: (typeof results)[number]) => number): number => results.reduce((sum, row) => sum + of(row), 0);
  console.log(JSON.stringify({ frames: total((row) => row.frames), read: total((row) => row.read), zbar: hasZbar ? total((row) => row.zbar as number) : null, medianMs: Math.round([...times].sort((a, b) => a - b)[times.length >> 1] as number), results }));
} finally {
  await reader.forget();
  rmSync(folder, { recursive: true, force: true });
}
