import { qrModules, type QrModules } from '../../airgap/qr-image.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { widthOf, wrap } from '../face.ts';
import { MIN_MODULE_MM, QUIET_MODULES, type PageItem } from '../page.ts';
import type { Block, PrintedCode } from '../sheet.ts';
import { baselineIn, CONTENT_WIDTH_MM, leading, styles, textItem, type Piece } from './piece.ts';
import { factColumn, inFours, inLines, introPieces, linePiece } from './text-pieces.ts';

const GUTTER_MM = 8;
const COLUMN_MM = (CONTENT_WIDTH_MM - GUTTER_MM) / 2;
/** Larger modules gain nothing: they only move a code's corners further apart than a camera sees well. */
const MAX_MODULE_MM = 1.6;
/** The side that a code of several is given where its modules allow. */
const PART_SIDE_MM = 60;

interface SizedCode {
  readonly modules: QrModules;
  readonly moduleMm: number;
  readonly sideMm: number;
}

/**
 * A code's modules and their size, a multiple of 0.05 mm near the wished side and never under 0.6 mm.
 * @throws StrongroomError `paper.too-large`
 */
function sized(code: PrintedCode, wishedSideMm: number): SizedCode {
  let modules: QrModules;
  try {
    modules = qrModules(code.text, code.correction);
  } catch (fault) {
    if (fault instanceof StrongroomError) throw tooLarge();
    throw fault;
  }
  const moduleMm = Math.min(MAX_MODULE_MM, Math.max(MIN_MODULE_MM, Math.floor(wishedSideMm / modules.size / 0.05 + 1e-9) * 0.05));
  return { modules, moduleMm, sideMm: modules.size * moduleMm };
}

const tooLarge = (): StrongroomError =>
  new StrongroomError('paper.too-large', 'A content does not fit a QR code of a size that scanners read.', {}, 'Print it in several parts.');

/** The quiet zone hangs out to the left of the measure; the modules stand flush with the text. */
const drawCode = (code: PrintedCode, { modules, moduleMm }: SizedCode, xMm: number, yMm: number): PageItem => ({ kind: 'code', id: code.id, text: code.text, modules, xMm, yMm, moduleMm });

/** One code with its heading, note and facts to the right, and its text beneath. */
export function codePieces(block: Extract<Block, { type: 'code' }>): Piece[] {
  const size = sized(block.code, block.sideMm);
  const quiet = QUIET_MODULES * size.moduleMm;
  // The white ground ends before the text begins, on every side.
  const columnX = size.sideMm + Math.max(GUTTER_MM, quiet + 2);
  const columnWidth = CONTENT_WIDTH_MM - columnX;
  const headingLines = wrap(block.heading, styles.heading, columnWidth);
  const noteLines = block.note === '' ? [] : wrap(block.note, styles.body, columnWidth);
  const facts = factColumn(block.facts, columnWidth);
  const factsTop = headingLines.length * 5.4 + 1.6 + noteLines.length * leading.body + (noteLines.length === 0 ? 0 : 2.4);
  const copy = copyLines(block);
  const squareMm = Math.max(size.sideMm, factsTop + facts.heightMm) + quiet;
  const square: Piece = {
    heightMm: squareMm,
    spaceMm: Math.max(5, quiet + 2),
    keepWithNext: copy.length > 0,
    unfolded: [-quiet, size.sideMm + quiet],
    draw: (x, y) => [
      drawCode(block.code, size, x, y),
      ...headingLines.map((line, index) => textItem(line, x + columnX, baselineIn(y - 0.6 + index * 5.4, 5.4, styles.heading), styles.heading)),
      ...noteLines.map((line, index) => textItem(line, x + columnX, baselineIn(y + headingLines.length * 5.4 + 0.4 + index * leading.body, leading.body, styles.body), styles.body)),
      ...facts.draw(x + columnX, y + factsTop),
    ],
  };
  return [square, ...copy];
}

/** The readable copy: large for what people may have to type, smaller for long contents. */
function copyLines({ code, copy }: Extract<Block, { type: 'code' }>): Piece[] {
  if (copy === 'none') return [];
  const [style, height] = code.text.length <= 120 ? ([styles.monoLarge, leading.monoLarge] as const) : ([styles.mono, leading.mono] as const);
  const lines = copy === 'fours' ? inFours(code.text, style, CONTENT_WIDTH_MM) : inLines(code.text, style, CONTENT_WIDTH_MM);
  return lines.map((line, index) => ({ ...linePiece(line, style, height, index === 0 ? 2 : 0, code.id), keepWithNext: index < lines.length - 1 }));
}

/** Parts of a long content, two codes in a row, each with its number and text. */
export function codePartPieces(block: Extract<Block, { type: 'code-parts' }>): Piece[] {
  const rows: PrintedCode[][] = [];
  block.codes.forEach((code, index) => (index % 2 === 0 ? rows.push([code]) : (rows.at(-1) as PrintedCode[]).push(code)));
  const style = styles.monoSmall;
  return [
    ...introPieces(block.heading, block.note),
    ...rows.map((row, rowIndex): Piece => {
      const cells = row.map((code, column) => {
        const size = sized(code, PART_SIDE_MM);
        if (size.sideMm + QUIET_MODULES * size.moduleMm > COLUMN_MM + 1) throw tooLarge();
        return { code, size, number: rowIndex * 2 + column + 1, lines: inLines(code.text, style, COLUMN_MM) };
      });
      const sideMm = Math.max(...cells.map(({ size }) => size.sideMm));
      const quiet = Math.max(...cells.map(({ size }) => size.moduleMm)) * QUIET_MODULES;
      const textTop = sideMm + quiet + 1;
      return {
        heightMm: textTop + leading.caption + 0.8 + Math.max(...cells.map(({ lines }) => lines.length)) * leading.monoSmall,
        spaceMm: quiet + 3,
        unfolded: [-quiet, sideMm + quiet],
        draw: (x, y) =>
          cells.flatMap(({ code, size, number, lines }, column) => {
            const left = x + column * (COLUMN_MM + GUTTER_MM);
            return [
              drawCode(code, size, left, y),
              textItem(block.codes.length === 1 ? 'In one code' : `Part ${number} of ${block.codes.length}`, left, baselineIn(y + textTop, leading.caption, styles.caption), styles.caption),
              ...lines.map((line, index) => textItem(line, left, baselineIn(y + textTop + leading.caption + 0.8 + index * leading.monoSmall, leading.monoSmall, style), style, code.id)),
            ];
          }),
      };
    }),
  ];
}

/** The width of a module of a hand-drawn code, millimetres: a felt pen fills it in one dab. */
const GRID_MODULE_MM = 2.8;

/** An empty grid with finder and timing patterns; letters and numbers along the edges, as when playing chess. */
export function codeGridPieces(block: Extract<Block, { type: 'code-grid' }>): Piece[] {
  const { modules } = block;
  const side = modules * GRID_MODULE_MM;
  const left = 10;
  return [
    ...introPieces(block.heading, block.note),
    {
      heightMm: side + 8,
      spaceMm: 3,
      unfolded: [0, side + 6],
      draw(x, y) {
        const [x0, y0] = [x + left, y + 6];
        const lines = Array.from({ length: modules + 1 }, (_, index): PageItem[] => {
          // Every fourth line is darker, so that a row is not lost.
          const strokeMm = index % 4 === 0 || index === modules ? 0.25 : 0.1;
          const at = index * GRID_MODULE_MM;
          return [
            { kind: 'line', fromMm: [x0, y0 + at], toMm: [x0 + side, y0 + at], strokeMm },
            { kind: 'line', fromMm: [x0 + at, y0], toMm: [x0 + at, y0 + side], strokeMm },
          ];
        }).flat();
        const finders = ([[0, 0], [0, modules - 7], [modules - 7, 0]] as const).flatMap(([row, column]): PageItem[] =>
          ([[0, 7, 'black'], [1, 5, 'white'], [2, 3, 'black']] as const).map(([inset, width, paint]) => ({
            kind: 'box', xMm: x0 + (column + inset) * GRID_MODULE_MM, yMm: y0 + (row + inset) * GRID_MODULE_MM, widthMm: width * GRID_MODULE_MM, heightMm: width * GRID_MODULE_MM, paint,
          })),
        );
        const names = Array.from({ length: Math.ceil(modules / 4) }, (_, index): PageItem[] => {
          const at = index * 4 * GRID_MODULE_MM + GRID_MODULE_MM / 2;
          const [column, row] = [String.fromCharCode(65 + index), String(index + 1)];
          return [
            textItem(column, x0 + at - widthOf(column, styles.caption) / 2, y0 - 1.6, styles.caption),
            textItem(row, x0 - 3 - widthOf(row, styles.caption) / 2, y0 + at + 1, styles.caption),
          ];
        }).flat();
        return [...lines, ...finders, ...names];
      },
    },
  ];
}
