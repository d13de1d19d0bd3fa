import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GreyPicture } from '../pictures.ts';

/** Pages of a PDF as pictures, by poppler, which shares nothing with Strongroom. */
export function picturesOfPdf(pdf: Uint8Array, dpi: number): readonly GreyPicture[] {
  const folder = mkdtempSync(join(tmpdir(), 'strongroom-pdf-'));
  try {
    writeFileSync(join(folder, 'in.pdf'), pdf);
    const result = spawnSync('pdftoppm', ['-r', String(dpi), '-gray', join(folder, 'in.pdf'), join(folder, 'page')], { encoding: 'utf8' });
    if (result.status !== 0) throw new Error(`pdftoppm: ${result.error?.message ?? result.stderr}`);
    return readdirSync(folder).filter((name) => name.endsWith('.pgm')).sort().map((name) => greyOfPgm(readFileSync(join(folder, name))));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function greyOfPgm(file: Buffer): GreyPicture {
  const header = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(file.subarray(0, 64).toString('latin1'));
  if (header === null) throw new Error('not a grey picture');
  return { width: Number(header[1]), height: Number(header[2]), luma: new Uint8Array(file.subarray(header[0].length)) };
}

/** The page's sides in millimetres, as the PDF's own box states them. */
export function pageSizesMm(pdf: Uint8Array): readonly (readonly [number, number])[] {
  const text = Buffer.from(pdf).toString('latin1');
  return [...text.matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]/g)].map(([, width, height]) => [(Number(width) * 25.4) / 72, (Number(height) * 25.4) / 72]);
}

/** Share of pixels in which two pictures differ by more than where exactly an edge lies. */
export function difference(a: GreyPicture, b: GreyPicture): number {
  const [width, height] = [Math.min(a.width, b.width), Math.min(a.height, b.height)];
  const isDark = ({ luma, width: row }: GreyPicture, x: number, y: number): boolean => (luma[y * row + x] as number) < 128;
  // Renderers part at edges by a pixel: a pixel counts only where the other picture has its colour nowhere within one pixel.
  const near = (picture: GreyPicture, x: number, y: number, dark: boolean): boolean => {
    for (let dy = -1; dy <= 1; dy += 1) for (let dx = -1; dx <= 1; dx += 1) if (isDark(picture, x + dx, y + dy) === dark) return true;
    return false;
  };
  let other = 0;
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const dark = isDark(a, x, y);
      if (dark !== isDark(b, x, y) && (!near(b, x, y, dark) || !near(a, x, y, !dark))) other += 1;
    }
  }
  return other / (width * height);
}

/** A video of one still picture, for Chromium's fake camera. */
export function videoOf({ width, height, luma }: GreyPicture): Uint8Array {
  const [even, rows] = [width & ~1, height & ~1];
  const y = Buffer.alloc(even * rows);
  for (let row = 0; row < rows; row += 1) y.set(luma.subarray(row * width, row * width + even), row * even);
  const frame = [Buffer.from('FRAME\n'), y, Buffer.alloc((even * rows) / 2, 128)];
  return new Uint8Array(Buffer.concat([Buffer.from(`YUV4MPEG2 W${even} H${rows} F10:1 Ip A1:1 C420mpeg2\n`), ...frame, ...frame]));
}
