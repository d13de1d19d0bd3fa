import { expect, test } from 'vitest';
import { encodeBbqr } from '../../../src/airgap/bbqr.ts';
import { qrModules, qrSvg } from '../../../src/airgap/qr-image.ts';

test('a code is one black path on a drawn white ground with four modules around it', () => {
  const svg = qrSvg('STRONGROOM');
  const { size } = qrModules('STRONGROOM');
  expect(size).toBe(21);
  expect(svg).toContain('viewBox="0 0 29 29"');
  expect(svg).toContain('<path fill="#fff" d="M0 0h29v29h-29z"/>');
  expect(svg.match(/<path/g)).toHaveLength(2);
  const runs = [...svg.matchAll(/M(\d+) (\d+)h(\d+)v1/g)].map((match) => [Number(match[1]), Number(match[2]), Number(match[3])] as const);
  expect(runs.every(([x, y, width]) => x >= 4 && y >= 4 && y < 25 && x + width <= 25)).toBe(true);
});

test('the path draws every dark module once', () => {
  const text = 'bcrt1qxvenxvenxvenxvenxvenxvenxvenxvcptjld29';
  const { size, isDark } = qrModules(text);
  const drawn = new Set<string>();
  for (const match of qrSvg(text).matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let step = 0; step < Number(match[3]); step += 1) drawn.add(`${Number(match[2]) - 4} ${Number(match[1]) - 4 + step}`);
  }
  for (let row = 0; row < size; row += 1) for (let column = 0; column < size; column += 1) expect(drawn.has(`${row} ${column}`)).toBe(isDark(row, column));
});

test('a full frame fits one code; a text that fits none is refused', () => {
  const [frame] = encodeBbqr(new Uint8Array(5000), 'P', 1062);
  expect(qrModules(frame as string, 'L').size).toBeLessThanOrEqual(97);
  expect(() => qrSvg('A'.repeat(5000))).toThrow(expect.objectContaining({ code: 'frames.malformed' }));
  expect(() => qrSvg('')).toThrow(expect.objectContaining({ code: 'frames.malformed' }));
});
