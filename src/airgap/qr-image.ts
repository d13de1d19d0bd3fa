/// <reference path="../../types/qrcode-core.d.ts" />
import { create } from 'qrcode/lib/core/qrcode.js';
import { StrongroomError } from '../errors/strongroom-error.ts';

/** Modules of white around the code that scanners need. @see ISO/IEC 18004, "Quiet zone" */
const QUIET_ZONE = 4;
/** Q restores a quarter of a damaged code: the least for paper. L is for screens, which have no creases. */
export type QrCorrection = 'L' | 'M' | 'Q' | 'H';

/** A QR code as rows of modules, `true` where dark, without its quiet zone. */
export interface QrModules {
  readonly size: number;
  isDark(row: number, column: number): boolean;
}

/**
 * The modules of a text's QR code.
 * @throws StrongroomError `frames.malformed` when the text is empty or does not fit one code
 */
export function qrModules(text: string, correction: QrCorrection = 'Q'): QrModules {
  const mode = singleModeOf(text);
  try {
    const { modules } = create(mode === null ? text : [{ data: text, mode }], { errorCorrectionLevel: correction });
    return { size: modules.size, isDark: (row, column) => modules.data[row * modules.size + column] === 1 };
  } catch {
    throw new StrongroomError('frames.malformed', 'The text is empty or does not fit one QR code.', { characters: text.length }, 'Split it into several frames.');
  }
}

/**
 * The one mode that is best for a text, said outright where it is known, since finding the best mix takes long; otherwise
 * `null`. Between bytes a change to digits and back costs more bits than it saves for up to six digits, one to capitals for up
 * to ten characters.
 */
function singleModeOf(text: string): 'numeric' | 'alphanumeric' | 'byte' | null {
  if (/^[0-9]+$/.test(text)) return 'numeric';
  if (/^[0-9A-Z $%*+\-./:]+$/.test(text)) return 'alphanumeric';
  return text === '' || /[0-9]{7}|[0-9A-Z $%*+\-./:]{11}/.test(text) ? null : 'byte';
}

/**
 * A QR code as an SVG document of one path: black modules of one unit on a white ground with its quiet zone. The ground is
 * drawn, so that the code can be scanned on a dark page too.
 * @throws StrongroomError `frames.malformed`
 */
export function qrSvg(text: string, correction: QrCorrection = 'Q'): string {
  const { size, isDark } = qrModules(text, correction);
  let path = '';
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      if (!isDark(row, column)) continue;
      const start = column;
      while (column + 1 < size && isDark(row, column + 1)) column += 1;
      const width = column - start + 1;
      path += `M${start + QUIET_ZONE} ${row + QUIET_ZONE}h${width}v1h-${width}z`;
    }
  }
  const side = size + 2 * QUIET_ZONE;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${side}v${side}h-${side}z"/><path fill="#000" d="${path}"/></svg>`;
}
