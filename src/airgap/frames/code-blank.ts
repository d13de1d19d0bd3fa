/** Everything of a code but its data: what each version always has, and where its data goes. @see ISO/IEC 18004 */
export interface BlankCode {
  /** Modules in a row and in a column. */
  readonly size: number;
  /** Row by row, 1 is dark: patterns and version; the modules of data are 0. */
  readonly modules: Uint8Array;
  /** Modules of data in the order of their bits, as positions in `modules`. */
  readonly order: Uint16Array;
  /** Positions of the format's 15 bits, the lowest first, in both copies. */
  readonly format: readonly (readonly [number, number])[];
}

const blanks = new Map<number, BlankCode>();

/** Drawn once for each version that is shown. */
export function blankCode(version: number): BlankCode {
  const known = blanks.get(version);
  if (known !== undefined) return known;
  const drawn = draw(version);
  blanks.set(version, drawn);
  return drawn;
}

function draw(version: number): BlankCode {
  const size = 17 + 4 * version;
  const modules = new Uint8Array(size * size);
  const taken = new Uint8Array(size * size);
  const put = (row: number, column: number, isDark: boolean): void => {
    if (row < 0 || column < 0 || row >= size || column >= size) return;
    modules[row * size + column] = isDark ? 1 : 0;
    taken[row * size + column] = 1;
  };
  for (let at = 8; at < size - 8; at += 1) {
    put(6, at, at % 2 === 0);
    put(at, 6, at % 2 === 0);
  }
  // Three finders with the white around them: squares within squares.
  for (const [row, column] of [[3, 3], [3, size - 4], [size - 4, 3]] as const) square(put, row, column, 4, (ring) => ring !== 2 && ring !== 4);
  const places = alignmentPlaces(version, size);
  for (const row of places) {
    for (const column of places) {
      const isAtFinder = (row === 6 && column === 6) || (row === 6 && column === size - 7) || (row === size - 7 && column === 6);
      if (!isAtFinder) square(put, row, column, 2, (ring) => ring !== 1);
    }
  }
  const format = formatPlaces(size);
  for (const [first, second] of format) taken[first] = taken[second] = 1;
  put(size - 8, 8, true);
  if (version >= 7) {
    const word = (version << 12) | remainder(version << 12, 12, 0x1f25);
    for (let bit = 0; bit < 18; bit += 1) {
      const [near, far] = [Math.floor(bit / 3), size - 11 + (bit % 3)];
      put(near, far, ((word >>> bit) & 1) === 1);
      put(far, near, ((word >>> bit) & 1) === 1);
    }
  }
  return { size, modules, order: dataOrder(size, taken), format };
}

function square(put: (row: number, column: number, isDark: boolean) => void, row: number, column: number, radius: number, isDark: (ring: number) => boolean): void {
  for (let down = -radius; down <= radius; down += 1) {
    for (let right = -radius; right <= radius; right += 1) put(row + down, column + right, isDark(Math.max(Math.abs(down), Math.abs(right))));
  }
}

/** Rows and columns of the small squares: evenly from the last back to 6, the first step being what is left. */
function alignmentPlaces(version: number, size: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  // The standard's table departs from its own rule once.
  const step = version === 32 ? 26 : Math.ceil((size - 13) / (2 * count - 2)) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, index) => size - 7 - (count - 2 - index) * step)];
}

function formatPlaces(size: number): [number, number][] {
  return Array.from({ length: 15 }, (_, bit) => {
    // The first copy runs around the upper left corner and steps over the timing lines.
    const row = bit < 6 ? bit : bit < 8 ? bit + 1 : 8;
    const column = bit < 8 ? 8 : bit === 8 ? 7 : 14 - bit;
    return [row * size + column, bit < 8 ? 8 * size + size - 1 - bit : (size - 15 + bit) * size + 8];
  });
}

/** Two columns at a time, from the right, up and down in turn; the column of the timing line is left out. */
function dataOrder(size: number, taken: Uint8Array): Uint16Array {
  const order: number[] = [];
  let isUpward = true;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right -= 1;
    for (let step = 0; step < size; step += 1) {
      const row = isUpward ? size - 1 - step : step;
      for (const column of [right, right - 1]) if (taken[row * size + column] === 0) order.push(row * size + column);
    }
    isUpward = !isUpward;
  }
  return Uint16Array.from(order);
}

/** Remainder of a BCH code's division, bit by bit. */
export function remainder(word: number, bits: number, generator: number): number {
  let rest = word;
  for (let bit = 31 - Math.clz32(rest); rest !== 0 && bit >= bits; bit = 31 - Math.clz32(rest)) rest ^= generator << (bit - bits);
  return rest;
}
