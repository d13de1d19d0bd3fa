/** The dark modules of a QR code: row by row, true for dark. */
export interface QrModules {
  readonly size: number;
  readonly isDark: (row: number, column: number) => boolean;
}

/** Light modules around a code that scanners need (ISO/IEC 18004, "quiet zone"). */
export const QUIET_MODULES = 4;

/** One SVG path for all dark modules: a run of neighbours is one rectangle. The quiet zone is part of the coordinates. */
export function qrPath({ size, isDark }: QrModules): string {
  let path = '';
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      if (!isDark(row, column)) continue;
      let end = column + 1;
      while (end < size && isDark(row, end)) end += 1;
      path += `M${column + QUIET_MODULES} ${row + QUIET_MODULES}h${end - column}v1h-${end - column}z`;
      column = end;
    }
  }
  return path;
}
