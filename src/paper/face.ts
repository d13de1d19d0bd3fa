import { StrongroomError } from '../errors/strongroom-error.ts';
import { monoRegular } from './glyphs/mono-regular.ts';
import { sansRegular } from './glyphs/sans-regular.ts';
import { sansSemibold } from './glyphs/sans-semibold.ts';

/** Outlines of the characters that paper can print, by character. */
export interface Face {
  readonly unitsPerEm: number;
  /** Height of capitals in font units. */
  readonly capHeight: number;
  /** Advance width and outline (`M`, `L`, `Q`, `Z`; absolute; y upwards), both in font units. */
  readonly glyphs: Readonly<Record<string, readonly [advance: number, outline: string]>>;
}

export const faceNames = ['sans', 'sans-semibold', 'mono'] as const;
export type FaceName = (typeof faceNames)[number];

const faces: Readonly<Record<FaceName, Face>> = { sans: sansRegular, 'sans-semibold': sansSemibold, mono: monoRegular };

// Looked up for every character of every page, often: maps are faster than the records, and have no inherited names.
const glyphs: Readonly<Record<FaceName, ReadonlyMap<string, readonly [advance: number, outline: string]>>> = {
  sans: new Map(Object.entries(sansRegular.glyphs)),
  'sans-semibold': new Map(Object.entries(sansSemibold.glyphs)),
  mono: new Map(Object.entries(monoRegular.glyphs)),
};

export const faceOf = (name: FaceName): Face => faces[name];

/** A typographic point, in millimetres. */
export const POINT_MM = 25.4 / 72;

/** How a text looks: face, size in millimetres (the em), and extra space after each character in millimetres. */
export interface Style {
  readonly face: FaceName;
  readonly sizeMm: number;
  readonly trackingMm?: number;
}

/** Text as paper prints it: composed accents, since outlines exist for whole letters only. */
export const printedForm = (text: string): string => (isAscii(text) ? text : text.normalize('NFC'));

const isAscii = (text: string): boolean => /^[ -~]*$/.test(text);

/** True when every character of the text has an outline in the face. */
export const isPrintable = (text: string, face: FaceName = 'sans'): boolean => Array.from(printedForm(text)).every((character) => glyphs[face].has(character));

/**
 * A character's advance and outline.
 * @throws StrongroomError `paper.unprintable`
 */
export function glyphOf(face: FaceName, character: string): readonly [advance: number, outline: string] {
  const glyph = glyphs[face].get(character);
  // The text may be a secret: the error does not repeat it.
  if (glyph === undefined) throw unprintable();
  return glyph;
}

export const unprintable = (): StrongroomError =>
  new StrongroomError('paper.unprintable', 'A text holds a character that sheets cannot print.', {}, 'Sheets print Latin, Greek and Cyrillic letters. Choose another label, or leave room and write it by hand.');

/**
 * The width of a text in millimetres, tracking after the last character left out.
 * @throws StrongroomError `paper.unprintable`
 */
export function widthOf(text: string, style: Style): number {
  const { unitsPerEm } = faces[style.face];
  let units = 0;
  let count = 0;
  for (const character of printedForm(text)) {
    units += glyphOf(style.face, character)[0];
    count += 1;
  }
  return (units * style.sizeMm) / unitsPerEm + Math.max(0, count - 1) * (style.trackingMm ?? 0);
}

/** The height of capitals in millimetres: what centres a line of text. */
export const capHeightOf = (style: Style): number => (faces[style.face].capHeight * style.sizeMm) / faces[style.face].unitsPerEm;

/**
 * Lines no wider than asked. Breaks at blanks; a word that is wider than a line is cut between characters, never dropped.
 * @param maxWidthMm room for a line, millimetres
 * @throws StrongroomError `paper.unprintable`
 */
export function wrap(text: string, style: Style, maxWidthMm: number): string[] {
  return text.split('\n').flatMap((paragraph) => wrapParagraph(printedForm(paragraph), style, maxWidthMm));
}

function wrapParagraph(paragraph: string, style: Style, maxWidthMm: number): string[] {
  const lines: string[] = [];
  const tracking = style.trackingMm ?? 0;
  const blankMm = widthOf(' ', style) + 2 * tracking;
  let line = '';
  let lineMm = 0;
  for (const word of paragraph.split(' ')) {
    const wordMm = widthOf(word, style);
    const longerMm = line === '' ? wordMm : lineMm + blankMm + wordMm;
    if (longerMm <= maxWidthMm) {
      line = line === '' ? word : `${line} ${word}`;
      lineMm = longerMm;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = cut(word, style, maxWidthMm);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) as string;
    lineMm = widthOf(line, style);
  }
  return [...lines, line];
}

/** A word in pieces that each fit a line. */
function cut(word: string, style: Style, maxWidthMm: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const character of word) {
    if (piece !== '' && widthOf(piece + character, style) > maxWidthMm) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...pieces, piece];
}
