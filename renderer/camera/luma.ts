/** One picture of a camera, brightness only: what reading codes needs, and a quarter of the bytes. */
export interface LumaPicture {
  readonly width: number;
  readonly height: number;
  /** One byte a pixel, row by row. */
  readonly luma: Uint8Array<ArrayBuffer>;
}

/** Brightness of red, green, blue and alpha samples, by the weights of ITU-R BT.601 in 256ths. */
export function lumaOf(rgba: Uint8ClampedArray): Uint8Array<ArrayBuffer> {
  const luma = new Uint8Array(rgba.length >> 2);
  for (let pixel = 0, at = 0; pixel < luma.length; pixel += 1, at += 4) {
    luma[pixel] = ((rgba[at] as number) * 77 + (rgba[at + 1] as number) * 150 + (rgba[at + 2] as number) * 29) >> 8;
  }
  return luma;
}

/** The longest side that is sent: a page of A4 then has 8 pixels a millimetre, five for each module of its codes. */
const LONGEST_SIDE = 1920;

/** The size in which a picture is taken: that of the camera, or smaller in the same shape. */
export function sizeToTake(width: number, height: number): { readonly width: number; readonly height: number } {
  const longest = Math.max(width, height);
  if (longest <= LONGEST_SIDE) return { width, height };
  return { width: Math.round((width * LONGEST_SIDE) / longest), height: Math.round((height * LONGEST_SIDE) / longest) };
}
