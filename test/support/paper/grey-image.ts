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
export const tenPercentContrast = (image: GreyImage): GreyImage => ({ ...image, pixels: image.pixels.map((value) => Math.round(114.75 + (value * 25.5) / 255)) });

/** What a pixel between four pixels looks like; white beyond the edge. */
function between({ width, height, pixels }: GreyImage, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const at = (column: number, row: number): number => (column < 0 || row < 0 || column >= width || row >= height ? 255 : (pixels[row * width + column] as number));
  const [fx, fy] = [x - left, y - top];
  return Math.round((at(left, top) * (1 - fx) + at(left + 1, top) * fx) * (1 - fy) + (at(left, top + 1) * (1 - fx) + at(left + 1, top + 1) * fx) * fy);
}

function moved(image: GreyImage, source: (x: number, y: number) => readonly [x: number, y: number]): GreyImage {
  const pixels = new Uint8Array(image.width * image.height);
  for (let y = 0; y < image.height; y += 1) {
    for (let x = 0; x < image.width; x += 1) {
      const [sourceX, sourceY] = source(x, y);
      pixels[y * image.width + x] = between(image, sourceX, sourceY);
    }
  }
  return { ...image, pixels };
}

/** Turned about its middle, as paper lies in a scanner. */
export function skewed(image: GreyImage, degrees: number): GreyImage {
  const turn = (degrees * Math.PI) / 180;
  const [cos, sin, cx, cy] = [Math.cos(turn), Math.sin(turn), image.width / 2, image.height / 2];
  return moved(image, (x, y) => [cx + (x - cx) * cos + (y - cy) * sin, cy - (x - cx) * sin + (y - cy) * cos]);
}

/** What a printer does that cannot print this near to the edges: cuts off what is there. */
export function cutAt(image: GreyImage, marginMm: number, dpi: number): GreyImage {
  const margin = (marginMm / 25.4) * dpi;
  return moved(image, (x, y) => (x < margin || y < margin || x >= image.width - margin || y >= image.height - margin ? [-9, -9] : [x, y]));
}

/** The other thing that it does: makes everything smaller until the page fits between the margins. */
export function shrunkInto(image: GreyImage, marginMm: number, dpi: number): GreyImage {
  const margin = (marginMm / 25.4) * dpi;
  const scale = (image.width - 2 * margin) / image.width;
  const top = (image.height * (1 - scale)) / 2;
  return moved(image, (x, y) => [(x - margin) / scale, (y - top) / scale]);
}

export const smallestPixel = (image: GreyImage, inside: (x: number, y: number) => boolean): number => {
  let smallest = 255;
  for (let y = 0; y < image.height; y += 1) for (let x = 0; x < image.width; x += 1) if (inside(x, y)) smallest = Math.min(smallest, image.pixels[y * image.width + x] as number);
  return smallest;
};
