/** Pixels to each side over which noise is averaged out, and those over which the brightness around is taken. */
const NOISE_REACH = 1;
const AROUND_REACH = 3;
/** How much the difference from the brightness around is raised. */
const RAISE = 1.5;

/**
 * A picture in which nothing was found, made ready for a second look: the sensor's noise is averaged out, then edges that a lens or a
 * movement has softened are raised again. Of hard pictures of codes most that a first look misses are read so (test/bench/hard-frames.ts);
 * a good picture would lose by it, so that it comes second.
 * @param luma brightness, a byte a pixel, row by row
 */
export function sharpened(luma: Uint8Array, width: number, height: number): Uint8Array {
  const quiet = meanAround(luma, width, height, NOISE_REACH);
  const around = meanAround(quiet, width, height, AROUND_REACH);
  const sharp = new Uint8ClampedArray(luma.length);
  for (let at = 0; at < sharp.length; at += 1) sharp[at] = (quiet[at] as number) + RAISE * ((quiet[at] as number) - (around[at] as number));
  return new Uint8Array(sharp.buffer);
}

/** The mean of the square around each pixel; at the borders of what there is of it. */
function meanAround(luma: Uint8Array, width: number, height: number, reach: number): Uint8Array {
  const means = new Uint8Array(luma.length);
  // Sums of columns over the rows around, kept up to date row by row: the work is the same for every reach.
  const columns = new Uint32Array(width);
  let rows = 0;
  const addRow = (row: number, sign: 1 | -1): void => {
    if (row < 0 || row >= height) return;
    rows += sign;
    for (let x = 0, at = row * width; x < width; x += 1, at += 1) columns[x] = (columns[x] as number) + sign * (luma[at] as number);
  };
  for (let row = 0; row < reach; row += 1) addRow(row, 1);
  for (let y = 0; y < height; y += 1) {
    addRow(y + reach, 1);
    addRow(y - reach - 1, -1);
    let sum = 0;
    let count = 0;
    for (let x = 0; x < Math.min(reach, width); x += 1, count += 1) sum += columns[x] as number;
    for (let x = 0; x < width; x += 1) {
      if (x + reach < width) {
        sum += columns[x + reach] as number;
        count += 1;
      }
      if (x - reach > 0) {
        sum -= columns[x - reach - 1] as number;
        count -= 1;
      }
      means[y * width + x] = sum / (count * rows);
    }
  }
  return means;
}
