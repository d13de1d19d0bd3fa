import { unreachable } from '../domain/unreachable.ts';
import { capHeightOf, faceOf, glyphOf, printedForm, widthOf } from './face.ts';
import { QUIET_MODULES, type CodeItem, type Ink, type Page, type PageItem } from './page.ts';

/** A filled or stroked shape: SVG path data in millimetres. */
export interface PicturePath {
  readonly d: string;
  readonly paint: Ink | { readonly strokeMm: number };
}

/** A page as paths alone, in painting order: what the preview puts into one `<svg>` and what is sent to a printer. */
export interface Picture {
  readonly widthMm: number;
  readonly heightMm: number;
  readonly paths: readonly PicturePath[];
}

/** At most four decimals: a ten-thousandth of a millimetre, and the same text on every machine. */
export const decimal = (value: number): string => String(Math.round(value * 10_000) / 10_000);

/** The page as paths. Shapes of one paint that follow each other are joined, so that a page is a handful of paths. */
export function pictureOf(page: Page): Picture {
  const paths: { d: string[]; paint: PicturePath['paint'] }[] = [];
  for (const item of page.items) {
    for (const { d, paint } of pathsOf(item)) {
      const last = paths.at(-1);
      if (last !== undefined && samePaint(last.paint, paint)) last.d.push(d);
      else paths.push({ d: [d], paint });
    }
  }
  return { widthMm: page.widthMm, heightMm: page.heightMm, paths: paths.map(({ d, paint }) => ({ d: d.join(''), paint })) };
}

const samePaint = (a: PicturePath['paint'], b: PicturePath['paint']): boolean =>
  typeof a === 'string' || typeof b === 'string' ? a === b : a.strokeMm === b.strokeMm;

function pathsOf(item: PageItem): PicturePath[] {
  switch (item.kind) {
    case 'text':
      return [{ d: textPath(item.text, item.style, ([x, y]) => [item.xMm + x, item.baselineMm + y]), paint: item.ink ?? 'black' }];
    case 'line':
      return [{ d: `M${decimal(item.fromMm[0])} ${decimal(item.fromMm[1])}L${decimal(item.toMm[0])} ${decimal(item.toMm[1])}`, paint: { strokeMm: item.strokeMm } }];
    case 'box':
      return [{ d: boxPath(item.xMm, item.yMm, item.widthMm, item.heightMm), paint: item.paint }];
    case 'code':
      return [groundOf(item), { d: runsOf(item).map(([row, column, length]) => boxPath(item.xMm + column * item.moduleMm, item.yMm + row * item.moduleMm, length * item.moduleMm, item.moduleMm)).join(''), paint: 'black' }];
    case 'watermark':
      return [{ d: watermarkPath(item), paint: { strokeMm: item.strokeMm } }];
    default:
      return unreachable(item);
  }
}

const boxPath = (x: number, y: number, width: number, height: number): string => `M${decimal(x)} ${decimal(y)}H${decimal(x + width)}V${decimal(y + height)}H${decimal(x)}Z`;

/** The white square under a code, quiet zone included: a code stays readable over a watermark. */
function groundOf({ xMm, yMm, moduleMm, modules }: CodeItem): PicturePath {
  const quiet = QUIET_MODULES * moduleMm;
  const side = modules.size * moduleMm + 2 * quiet;
  return { d: boxPath(xMm - quiet, yMm - quiet, side, side), paint: 'white' };
}

/** The dark modules as horizontal runs: row, first column, length. */
export function runsOf({ modules }: CodeItem): (readonly [row: number, column: number, length: number])[] {
  const runs: (readonly [number, number, number])[] = [];
  for (let row = 0; row < modules.size; row += 1) {
    for (let column = 0; column < modules.size; column += 1) {
      if (!modules.isDark(row, column)) continue;
      const start = column;
      while (column + 1 < modules.size && modules.isDark(row, column + 1)) column += 1;
      runs.push([row, start, column - start + 1]);
    }
  }
  return runs;
}

type Place = (point: readonly [x: number, y: number]) => readonly [x: number, y: number];

/** A text's outlines. @param place where a point (millimetres from the start of the baseline, y downwards) goes */
function textPath(text: string, style: { readonly face: Parameters<typeof glyphOf>[0]; readonly sizeMm: number; readonly trackingMm?: number }, place: Place): string {
  const scale = style.sizeMm / faceOf(style.face).unitsPerEm;
  let pen = 0;
  let path = '';
  for (const character of printedForm(text)) {
    const [advance, outline] = glyphOf(style.face, character);
    for (const { letter, points } of commandsOf(outline)) {
      path += letter + points.map(([x, y]) => place([pen + x * scale, -y * scale]).map(decimal).join(' ')).join(' ');
    }
    pen += advance * scale + (style.trackingMm ?? 0);
  }
  return path;
}

function watermarkPath({ text, style, centreMm, degrees }: Extract<PageItem, { kind: 'watermark' }>): string {
  const [width, height] = [widthOf(text, style), capHeightOf(style)];
  const turn = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  return textPath(text, style, ([x, y]) => {
    const [fromCentreX, fromCentreY] = [x - width / 2, y + height / 2];
    return [centreMm[0] + fromCentreX * cos - fromCentreY * sin, centreMm[1] + fromCentreX * sin + fromCentreY * cos];
  });
}

interface OutlineCommand {
  readonly letter: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

const parsedOutlines = new Map<string, readonly OutlineCommand[]>();

/** An outline's commands, in font units. */
export function commandsOf(outline: string): readonly OutlineCommand[] {
  const known = parsedOutlines.get(outline);
  if (known !== undefined) return known;
  const commands = [...outline.matchAll(/([MLQZ])([^MLQZ]*)/g)].map(([, letter = '', numbers = '']) => {
    const values = numbers === '' ? [] : numbers.split(' ').map(Number);
    return { letter, points: Array.from({ length: values.length / 2 }, (_, index) => [values[index * 2] as number, values[index * 2 + 1] as number] as const) };
  });
  parsedOutlines.set(outline, commands);
  return commands;
}
