/** A code as the host gives it: rows of modules, packed, each filled up to whole bytes. */
export interface PackedCode {
  /** Modules in a row and in a column. */
  readonly size: number;
  readonly rowsBase64: string;
}

/** A code that is ready to be drawn: one path for all dark modules, with the quiet zone in its coordinates. */
export interface DrawnCode {
  /** Modules of a side, the quiet zone included. */
  readonly side: number;
  readonly path: string;
}

/** Light modules around a code that scanners need (ISO/IEC 18004, "quiet zone"). */
const QUIET_MODULES = 4;

/** One SVG path: a run of dark neighbours is one rectangle. @throws RangeError when the rows are fewer than the size says */
export function drawnCode({ size, rowsBase64 }: PackedCode): DrawnCode {
  const rows = atob(rowsBase64);
  const stride = (size + 7) >> 3;
  if (rows.length !== stride * size) throw new RangeError('the rows of a code do not fit its size');
  let path = '';
  for (let row = 0; row < size; row += 1) {
    let start = -1;
    for (let column = 0; column <= size; column += 1) {
      const isDark = column < size && ((rows.charCodeAt(row * stride + (column >> 3)) >> (7 - (column & 7))) & 1) === 1;
      if (isDark && start < 0) start = column;
      if (!isDark && start >= 0) {
        path += `M${start + QUIET_MODULES} ${row + QUIET_MODULES}h${column - start}v1h${start - column}z`;
        start = -1;
      }
    }
  }
  return { side: size + 2 * QUIET_MODULES, path };
}

/** The largest square of whole pixels a module that fits, as CSS pixels: modules of unequal widths are harder to read. */
export function fittingSide(side: number, room: number, pixelRatio: number): number {
  const pixels = Math.max(1, Math.floor((room * pixelRatio) / side));
  return (pixels * side) / pixelRatio;
}
