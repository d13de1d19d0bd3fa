import { unprintable, isPrintable, widthOf } from '../face.ts';
import type { PageItem } from '../page.ts';
import type { Block } from '../sheet.ts';
import { baselineIn, CONTENT_WIDTH_MM, HAIRLINE_MM, horizontal, leading, styles, textItem, type Piece } from './piece.ts';
import { introPieces } from './text-pieces.ts';

/** A row to write in, and one that is only read. */
const WORD_ROW_MM = 7;
const READ_ROW_MM = 6;
const WORD_GUTTER_MM = 10;
/** More words than this stand closer: a share of a 64-byte seed has 59, and must stay on one page with its code. */
const MANY_WORDS = 36;
const MANY_READ_ROW_MM = 5;
const MANY_WORD_ROW_MM = 6.2;
/** Where word, digits and the line for the hand-written copy begin within a column. */
const WORD_X_MM = 9;
const DIGITS_X_MM = 37;
const LINE_X_MM = 49;

/**
 * Numbered words in columns read downwards, on one page. Words with digits, and words still to be written, have two columns and
 * a line for the hand; words alone have three. Where there are many, each has more columns.
 */
export function wordPieces(block: Extract<Block, { type: 'words' }>): Piece[] {
  const areWordsAlone = block.words.every(({ word, digits }) => word !== null && digits === null);
  const areMany = block.words.length > MANY_WORDS;
  const columns = areWordsAlone ? (areMany ? 5 : 3) : areMany ? 3 : 2;
  const gutterMm = areMany ? WORD_GUTTER_MM / 2 : WORD_GUTTER_MM;
  const [readMm, writeMm] = areMany ? [MANY_READ_ROW_MM, MANY_WORD_ROW_MM] : [READ_ROW_MM, WORD_ROW_MM];
  const rowMm = areWordsAlone ? readMm : writeMm;
  const rows = Math.ceil(block.words.length / columns);
  const columnMm = (CONTENT_WIDTH_MM - (columns - 1) * gutterMm) / columns;
  return Array.from({ length: rows }, (_, row) => ({
    heightMm: rowMm,
    spaceMm: row === 0 ? 4 : 0,
    keepWithNext: row < rows - 1,
    draw: (x, y) => Array.from({ length: columns }, (_unused, column) => drawWord(block, row + column * rows, x + column * (columnMm + gutterMm), y, columnMm, rowMm)).flat(),
  }));
}

function drawWord({ words, copyOf }: Extract<Block, { type: 'words' }>, index: number, x: number, y: number, columnMm: number, rowMm: number): PageItem[] {
  const numbered = words[index];
  if (numbered === undefined) return [];
  const { number, word, digits } = numbered;
  if (word !== null && !isPrintable(word, 'mono')) throw unprintable();
  const label = String(number);
  const lineX = x + (word === null ? (digits === null ? WORD_X_MM : 22) : digits === null ? 0 : LINE_X_MM);
  const baseline = baselineIn(y, rowMm, styles.word);
  const digitsX = word === null ? x + WORD_X_MM : x + DIGITS_X_MM;
  return [
    textItem(label, x + 6 - widthOf(label, styles.caption), baseline, styles.caption),
    ...(word === null ? [] : [textItem(word, x + WORD_X_MM, baseline, styles.word, copyOf.words ?? undefined)]),
    ...(digits === null ? [] : [textItem(digits, digitsX, baseline, styles.mono, copyOf.digits ?? undefined)]),
    horizontal(lineX, y + rowMm - (word !== null && digits === null ? 0.4 : 1.2), x + columnMm - lineX, HAIRLINE_MM),
  ];
}

const BOX_MM = 7;
const BOX_GAP_MM = 3;

/** Boxes for a character each, in groups of four with the number of the first above, so that a slip is found again. */
export function boxPieces(block: Extract<Block, { type: 'boxes' }>): Piece[] {
  const groupMm = 4 * BOX_MM + BOX_GAP_MM;
  const groupsPerRow = Math.floor((CONTENT_WIDTH_MM + BOX_GAP_MM) / groupMm);
  const perRow = groupsPerRow * 4;
  return [
    ...introPieces(block.heading, ''),
    ...Array.from({ length: Math.ceil(block.count / perRow) }, (_, row): Piece => ({
      heightMm: BOX_MM + 5.4,
      spaceMm: 0,
      draw: (x, y) =>
        Array.from({ length: Math.min(perRow, block.count - row * perRow) }, (_unused, index): PageItem[] => {
          const left = x + Math.floor(index / 4) * groupMm + (index % 4) * BOX_MM;
          const number = index % 4 === 0 ? [textItem(String(row * perRow + index + 1), left, y + 3, styles.caption)] : [];
          return [...number, { kind: 'box', xMm: left, yMm: y + 4.2, widthMm: BOX_MM, heightMm: BOX_MM, paint: { strokeMm: HAIRLINE_MM } }];
        }).flat(),
    })),
  ];
}

const TABLE_ROW_MM = 8.5;

/** An empty table: titles, then ruled rows. */
export function tablePieces(block: Extract<Block, { type: 'table' }>): Piece[] {
  const total = block.columns.reduce((sum, { share }) => sum + share, 0);
  let left = 0;
  const columns = block.columns.map(({ title, share }) => {
    const xMm = left;
    left += (share / total) * CONTENT_WIDTH_MM;
    return { title, xMm };
  });
  const titles: Piece = {
    heightMm: leading.caption + 1.4,
    spaceMm: 1,
    keepWithNext: true,
    draw: (x, y) => [
      ...columns.map(({ title, xMm }) => textItem(title, x + xMm, baselineIn(y, leading.caption, styles.caption), styles.caption)),
      horizontal(x, y + leading.caption + 1.4, CONTENT_WIDTH_MM, HAIRLINE_MM * 2),
    ],
  };
  const row: Piece = {
    heightMm: TABLE_ROW_MM,
    spaceMm: 0,
    draw: (x, y) => [
      horizontal(x, y + TABLE_ROW_MM, CONTENT_WIDTH_MM, HAIRLINE_MM),
      ...columns.slice(1).map(({ xMm }): PageItem => ({ kind: 'line', fromMm: [x + xMm - 1.5, y + 1], toMm: [x + xMm - 1.5, y + TABLE_ROW_MM], strokeMm: HAIRLINE_MM })),
    ],
  };
  return [...introPieces(block.heading, ''), titles, ...Array.from({ length: block.rows }, () => row)];
}

/** Seal, date, and the hands that made and saw it: the same on every sheet, at the foot of its last page. */
export const SIGNATURES_MM = 41;

export function drawSignatures(x: number, y: number): PageItem[] {
  const half = (CONTENT_WIDTH_MM - 10) / 2;
  const rows: readonly (readonly [string, string])[] = [
    ['Seal number', 'Date and place'],
    ['Made by (name)', 'Signature'],
    ['Witnessed by (name)', 'Signature'],
  ];
  return rows.flatMap((row, index) =>
    row.flatMap((label, column) => {
      const left = x + column * (half + 10);
      const lineY = y + 8 + index * 13.5;
      return [horizontal(left, lineY, half, HAIRLINE_MM * 1.5), textItem(label, left, lineY + 3.4, styles.caption)];
    }),
  );
}
