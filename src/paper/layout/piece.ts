import { capHeightOf, POINT_MM, type Style } from '../face.ts';
import type { PageItem } from '../page.ts';

/** The measure of every sheet, the same on A4 and Letter, so that both have one composition. */
export const CONTENT_WIDTH_MM = 170;
/** Where values begin beside their labels. */
export const LABEL_WIDTH_MM = 40;

/**
 * The least part of a sheet that is not divided between pages. Heights are millimetres; positions in `draw` are those of its
 * upper left corner.
 */
export interface Piece {
  readonly heightMm: number;
  /** Space above, dropped at the top of a page. */
  readonly spaceMm: number;
  /** Stays on one page with the piece that follows. */
  readonly keepWithNext?: boolean;
  /** The part of it, from its top, that must not lie on a fold: a crease takes modules out of a code. */
  readonly unfolded?: readonly [fromMm: number, toMm: number];
  draw(xMm: number, yMm: number): readonly PageItem[];
}

const style = (face: Style['face'], points: number, trackingMm = 0): Style => ({ face, sizeMm: points * POINT_MM, trackingMm });

export const styles = {
  title: style('sans-semibold', 22),
  label: style('sans', 13),
  heading: style('sans-semibold', 11),
  body: style('sans', 9.5),
  strong: style('sans-semibold', 10.5),
  value: style('sans', 10.5),
  caption: style('sans', 8),
  band: style('sans-semibold', 10, 0.12),
  mono: style('mono', 10),
  monoLarge: style('mono', 13),
  monoSmall: style('mono', 8),
  word: style('mono', 12),
} as const satisfies Readonly<Record<string, Style>>;

/** Line heights in millimetres. */
export const leading = { body: 4.6, value: 5.4, caption: 3.8, mono: 5.4, monoLarge: 7, monoSmall: 3.7 } as const;

export const HAIRLINE_MM = 0.12;
export const RULE_MM = 0.25;

/** The baseline of a line of text that is centred in a row. */
export const baselineIn = (topMm: number, heightMm: number, text: Style): number => topMm + (heightMm + capHeightOf(text)) / 2;

export const textItem = (text: string, xMm: number, baselineMm: number, textStyle: Style, code?: string): PageItem =>
  ({ kind: 'text', text, xMm, baselineMm, style: textStyle, ...(code === undefined ? {} : { code }) });

export const horizontal = (xMm: number, yMm: number, widthMm: number, strokeMm: number): PageItem => ({ kind: 'line', fromMm: [xMm, yMm], toMm: [xMm + widthMm, yMm], strokeMm });
