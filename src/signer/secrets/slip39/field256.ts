/**
 * Polynomials over GF(256) with the reduction x^8 + x^4 + x^3 + x + 1: Shamir's secret sharing, byte by byte.
 * @see SLIP-39, "Shamir's secret sharing scheme"
 */

/** A point of the sharing polynomials: all bytes of one share at one x. */
export interface SharePoint {
  readonly x: number;
  /** A secret. */
  readonly y: Uint8Array;
}

/** Product in GF(256). Without tables and branches, so that its time and its memory say nothing of a secret factor. */
export function multiply(a: number, b: number): number {
  let product = 0;
  let left = a;
  for (let bit = 0; bit < 8; bit += 1) {
    product ^= left & -((b >> bit) & 1);
    left = ((left << 1) ^ (0x11b & -(left >> 7))) & 0xff;
  }
  return product;
}

/** Inverse in GF(256), as the 254th power; of 0 it is 0. */
function inverse(a: number): number {
  let result = 1;
  for (let bit = 7; bit >= 0; bit -= 1) {
    result = multiply(result, result);
    if ((254 >> bit) & 1) result = multiply(result, a);
  }
  return result;
}

/** The value at `x` of the polynomials of least degree through the points, which must have different x. A secret. */
export function interpolate(points: readonly SharePoint[], x: number): Uint8Array {
  const result = new Uint8Array((points[0] as SharePoint).y.length);
  for (const point of points) {
    const others = points.filter((other) => other !== point);
    const over = others.reduce((product, other) => multiply(product, other.x ^ x), 1);
    const under = others.reduce((product, other) => multiply(product, other.x ^ point.x), 1);
    const weight = multiply(over, inverse(under));
    for (const [index, byte] of point.y.entries()) result[index] = (result[index] as number) ^ multiply(byte, weight);
  }
  return result;
}
