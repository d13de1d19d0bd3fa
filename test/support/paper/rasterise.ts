import type { PicturePath } from '../../../src/paper/picture.ts';

/** The inside of filled SVG paths as pixels, sampled at their middles: the plainest renderer there can be, to compare others with. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  /** 1 where black was painted last. */
  readonly dark: Uint8Array;
  /** 1 near a stroked line, where the two pictures may differ in how thin a line can be. */
  readonly stroked: Uint8Array;
}

type Point = readonly [x: number, y: number];

/** Closed polygons of a path; curves in short pieces. */
function polygonsOf(d: string): Point[][] {
  const polygons: Point[][] = [];
  let at: Point = [0, 0];
  for (const [, letter, text = ''] of d.matchAll(/([MLQHVZ])([^MLQHVZ]*)/g)) {
    const n = text.trim() === '' ? [] : text.trim().split(' ').map(Number);
    const [a = 0, b = 0, c = 0, e = 0] = n;
    if (letter === 'M') polygons.push([]);
    if (letter === 'M' || letter === 'L') at = [a, b];
    else if (letter === 'H') at = [a, at[1]];
    else if (letter === 'V') at = [at[0], a];
    else if (letter === 'Q') {
      const [x0, y0] = at;
      for (let step = 1; step < 8; step += 1) {
        const t = step / 8;
        polygons.at(-1)?.push([(1 - t) ** 2 * x0 + 2 * t * (1 - t) * a + t * t * c, (1 - t) ** 2 * y0 + 2 * t * (1 - t) * b + t * t * e]);
      }
      at = [c, e];
    }
    if (letter !== 'Z') polygons.at(-1)?.push(at);
  }
  return polygons;
}

export function rasterise(paths: readonly PicturePath[], widthMm: number, heightMm: number, dpi: number): Bitmap {
  const scale = dpi / 25.4;
  const [width, height] = [Math.ceil(widthMm * scale - 1e-6), Math.ceil(heightMm * scale - 1e-6)];
  const [dark, stroked] = [new Uint8Array(width * height), new Uint8Array(width * height)];
  for (const { d, paint } of paths) {
    if (typeof paint === 'string') fill(polygonsOf(d), scale, width, height, dark, paint === 'black' ? 1 : 0);
    else for (const polygon of polygonsOf(d)) traceEdges(polygon, scale, width, height, stroked, d.endsWith('Z'));
  }
  return { width, height, dark, stroked };
}

/** Nonzero winding, one scan line at a time. */
function fill(polygons: readonly Point[][], scale: number, width: number, height: number, dark: Uint8Array, value: number): void {
  const crossings: [x: number, turn: number][][] = Array.from({ length: height }, () => []);
  for (const polygon of polygons) {
    polygon.forEach(([x0, y0], index) => {
      const [x1, y1] = polygon[(index + 1) % polygon.length] as Point;
      const turn = y1 > y0 ? 1 : -1;
      const [topX, topY, bottomX, bottomY] = (turn === 1 ? [x0, y0, x1, y1] : [x1, y1, x0, y0]).map((value_) => value_ * scale) as [number, number, number, number];
      for (let row = Math.max(0, Math.ceil(topY - 0.5)); row < Math.min(height, Math.ceil(bottomY - 0.5)); row += 1) {
        crossings[row]?.push([topX + ((row + 0.5 - topY) / (bottomY - topY)) * (bottomX - topX), turn]);
      }
    });
  }
  crossings.forEach((row, y) => {
    row.sort((a, b) => a[0] - b[0]);
    let winding = 0;
    row.forEach(([x, turn], index) => {
      winding += turn;
      const next = row[index + 1];
      if (winding !== 0 && next !== undefined) dark.fill(value, y * width + Math.max(0, Math.ceil(x - 0.5)), y * width + Math.min(width, Math.ceil(next[0] - 0.5)));
    });
  });
}

function traceEdges(polygon: readonly Point[], scale: number, width: number, height: number, stroked: Uint8Array, isClosed: boolean): void {
  polygon.forEach(([x0, y0], index) => {
    const next = polygon[index + 1] ?? (isClosed ? polygon[0] : undefined);
    if (next === undefined) return;
    const steps = Math.max(1, Math.ceil(Math.hypot(next[0] - x0, next[1] - y0) * scale));
    for (let step = 0; step <= steps; step += 1) {
      const [x, y] = [Math.round((x0 + ((next[0] - x0) * step) / steps) * scale), Math.round((y0 + ((next[1] - y0) * step) / steps) * scale)];
      for (let dy = -3; dy <= 3; dy += 1) for (let dx = -3; dx <= 3; dx += 1) if (x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height) stroked[(y + dy) * width + x + dx] = 1;
    }
  });
}
