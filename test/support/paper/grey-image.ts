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
export function tenPercentContrast({ width, height, pixels }: GreyImage): GreyImage {
  const faint = Uint8Array.from({ length: 256 }, (_, value) => 115 + Math.round(value / 10));
  const result = new Uint8Array(pixels.length);
  for (let index = 0; index < pixels.length; index += 1) result[index] = faint[pixels[index] as number] as number;
  return { width, height, pixels: result };
}

/** Fractions of a pixel, while positions are added up and while greys are mixed. */
const POSITION_BITS = 16;
const GREY_BITS = 8;

/**
 * The page turned and shrunk about its middle, with the greys between pixels; white comes in from outside. In whole numbers:
 * a thousand pages are four thousand million pixels.
 * @param degrees of turning, as paper lies in a scanner
 * @param scale 1 for none
 */
export function moved({ width, height, pixels }: GreyImage, degrees: number, scale: number): GreyImage {
  const turn = (degrees * Math.PI) / 180;
  const [cos, sin, cx, cy] = [Math.cos(turn) / scale, Math.sin(turn) / scale, width / 2, height / 2];
  const whole = (value: number): number => Math.round(value * (1 << POSITION_BITS));
  const [stepX, stepY] = [whole(cos), whole(-sin)];
  const one = 1 << GREY_BITS;
  const result = new Uint8Array(width * height).fill(255);
  for (let y = 0; y < height; y += 1) {
    let sourceX = whole(cx - cx * cos + (y - cy) * sin);
    let sourceY = whole(cy + cx * sin + (y - cy) * cos);
    for (let x = 0; x < width; x += 1, sourceX += stepX, sourceY += stepY) {
      const left = sourceX >> POSITION_BITS;
      const top = sourceY >> POSITION_BITS;
      if (left < 0 || top < 0 || left >= width - 1 || top >= height - 1) continue;
      const at = top * width + left;
      const fx = (sourceX >> (POSITION_BITS - GREY_BITS)) & (one - 1);
      const fy = (sourceY >> (POSITION_BITS - GREY_BITS)) & (one - 1);
      const above = (pixels[at] as number) * (one - fx) + (pixels[at + 1] as number) * fx;
      const below = (pixels[at + width] as number) * (one - fx) + (pixels[at + width + 1] as number) * fx;
      result[y * width + x] = (above * (one - fy) + below * fy + (1 << (2 * GREY_BITS - 1))) >> (2 * GREY_BITS);
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
