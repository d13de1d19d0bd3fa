/** A page as a scanner gives it: 8-bit grey, row by row, 0 black. With the changes that printers and scanners make. */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** A binary PGM (P5) with one byte a pixel, as pdftoppm writes it. */
export function readPgm(bytes: Uint8Array): GreyImage {
  const header = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(Buffer.from(bytes.subarray(0, 64)).toString('latin1'));
  if (header === null) throw new Error('not a PGM');
  return { width: Number(header[1]), height: Number(header[2]), pixels: bytes.subarray(header[0].length) };
}

export const writePgm = ({ width, height, pixels }: GreyImage): Uint8Array => Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), pixels]);

/** Black becomes 45 % grey and white 55 %: a toner cartridge at its end, or a photograph in bad light. */
export const tenPercentContrast = (image: GreyImage): GreyImage => ({ ...image, pixels: image.pixels.map((value) => 115 + Math.round(value / 10)) });

/**
 * The page turned and shrunk about its middle, with the greys between pixels; white comes in from outside.
 * @param degrees of turning, as paper lies in a scanner
 * @param scale 1 for none
 */
export function moved({ width, height, pixels }: GreyImage, degrees: number, scale: number): GreyImage {
  const turn = (degrees * Math.PI) / 180;
  const [cos, sin, cx, cy] = [Math.cos(turn) / scale, Math.sin(turn) / scale, width / 2, height / 2];
  const result = new Uint8Array(width * height).fill(255);
  for (let y = 0; y < height; y += 1) {
    let sourceX = cx - cx * cos + (y - cy) * sin;
    let sourceY = cy + cx * sin + (y - cy) * cos;
    for (let x = 0; x < width; x += 1, sourceX += cos, sourceY -= sin) {
      const [left, top] = [Math.floor(sourceX), Math.floor(sourceY)];
      if (left < 0 || top < 0 || left >= width - 1 || top >= height - 1) continue;
      const at = top * width + left;
      const [fx, fy] = [sourceX - left, sourceY - top];
      const above = (pixels[at] as number) * (1 - fx) + (pixels[at + 1] as number) * fx;
      const below = (pixels[at + width] as number) * (1 - fx) + (pixels[at + width + 1] as number) * fx;
      result[y * width + x] = Math.round(above * (1 - fy) + below * fy);
    }
  }
  return { width, height, pixels: result };
}

/** The scale at which a printer makes a page fit between its margins. */
export const scaleInto = (image: GreyImage, marginMm: number, dpi: number): number => 1 - (2 * marginMm * dpi) / 25.4 / image.width;

/** The other thing that a printer does: it cuts off what is too near to the edges. */
export function cutAt({ width, height, pixels }: GreyImage, marginMm: number, dpi: number): GreyImage {
  const margin = (marginMm * dpi) / 25.4;
  const isOutside = (at: number, length: number): boolean => at < margin || at >= length - margin;
  return { width, height, pixels: pixels.map((value, index) => (isOutside(index % width, width) || isOutside(Math.floor(index / width), height) ? 255 : value)) };
}
