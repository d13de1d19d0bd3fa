import { afterAll, expect, test } from 'vitest';
import { codeModules } from '../../../src/airgap/frames/code-modules.ts';
import { createCodeReader } from '../../../src/node/shared/code-reading/read-codes.ts';
import { sharpened } from '../../../src/node/shared/code-reading/second-look.ts';
import { seeded } from '../airgap/frames/noise.ts';

/* A picture in which no code was found is looked at a second time, without its noise and with its edges raised. */

const reader = createCodeReader();
afterAll(() => reader.forget());

test('what is even stays as it is, up to its borders', () => {
  const even = new Uint8Array(7 * 5).fill(90);
  expect(sharpened(even, 7, 5)).toEqual(even);
});

test('at an edge the dark gets darker and the light lighter', () => {
  const edge = Uint8Array.from({ length: 16 * 16 }, (_, at) => (at % 16 < 8 ? 100 : 150));
  const sharp = sharpened(edge, 16, 16);
  expect([sharp[8 * 16 + 6], sharp[8 * 16 + 9]]).toEqual([79, 172]);
  expect([sharp[8 * 16], sharp[8 * 16 + 15]]).toEqual([100, 150]);
});

test('pictures that are smaller than the square around a pixel are no matter', () => {
  for (const [width, height] of [[1, 1], [2, 1], [1, 9], [3, 2]] as const) expect(sharpened(new Uint8Array(width * height).fill(7), width, height)).toEqual(new Uint8Array(width * height).fill(7));
});

// A first look alone finds nothing in it.
test('a code that is dim, blurred and noisy is read', async () => {
  const [side, text] = [400, 'S$1P'.padEnd(300, '7A3$')];
  const { size, rows } = codeModules(text, 10);
  const stride = (size + 7) >> 3;
  const isDark = (x: number, y: number): boolean => {
    const [row, column] = [Math.floor((y / side) * (size + 8)) - 4, Math.floor((x / side) * (size + 8)) - 4];
    return row >= 0 && column >= 0 && row < size && column < size && (((rows[row * stride + (column >> 3)] as number) >> (7 - (column & 7))) & 1) === 1;
  };
  const chance = seeded(5);
  const luma = new Uint8Array(side * side);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      let dark = 0;
      for (let dy = -2; dy <= 2; dy += 1) for (let dx = -2; dx <= 2; dx += 1) dark += isDark(x + dx, y + dy) ? 1 : 0;
      luma[y * side + x] = 100 - (60 * dark) / 25 + (chance() + chance() + chance() - 1.5) * 30;
    }
  }
  expect(await reader.inFrame({ width: side, height: side, luma })).toEqual([text]);
});
