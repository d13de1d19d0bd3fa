import type { QrModules } from '../airgap/qr-image.ts';
import type { Style } from './face.ts';

/** Paper sizes, millimetres. */
export const paperSizes = {
  a4: { widthMm: 210, heightMm: 297 },
  letter: { widthMm: 215.9, heightMm: 279.4 },
} as const;
export type PaperSize = keyof typeof paperSizes;

/** Nothing is drawn nearer to an edge: printers cut off up to 6 mm, and some scale by a few percent. */
export const PRINTER_MARGIN_MM = 10;

/** Modules of white around a code. @see ISO/IEC 18004, "Quiet zone" */
export const QUIET_MODULES = 4;
/** The least side of a module: a 200 dpi scan still has more than four pixels on it. */
export const MIN_MODULE_MM = 0.6;

export type Ink = 'black' | 'white';

/**
 * One thing on a page, in millimetres from its upper left corner, y downwards. Later items lie on top of earlier ones.
 *
 * A text stands on its baseline. Runs with a `code` are the readable copy of that code's content, in reading order.
 */
export type PageItem =
  | { readonly kind: 'text'; readonly text: string; readonly xMm: number; readonly baselineMm: number; readonly style: Style; readonly ink?: Ink; readonly code?: string }
  | { readonly kind: 'line'; readonly fromMm: readonly [x: number, y: number]; readonly toMm: readonly [x: number, y: number]; readonly strokeMm: number }
  | { readonly kind: 'box'; readonly xMm: number; readonly yMm: number; readonly widthMm: number; readonly heightMm: number; readonly paint: Ink | { readonly strokeMm: number } }
  | { readonly kind: 'code'; readonly id: string; readonly text: string; readonly modules: QrModules; readonly xMm: number; readonly yMm: number; readonly moduleMm: number }
  | { readonly kind: 'watermark'; readonly text: string; readonly centreMm: readonly [x: number, y: number]; readonly degrees: number; readonly style: Style; readonly strokeMm: number };

/** A code as an item: `xMm` and `yMm` are the corner of its modules, the quiet zone lies around it on a white ground. */
export type CodeItem = Extract<PageItem, { kind: 'code' }>;
export type TextItem = Extract<PageItem, { kind: 'text' }>;

/** A page as what is on it. The one source of preview, print and PDF. */
export interface Page {
  readonly paper: PaperSize;
  readonly widthMm: number;
  readonly heightMm: number;
  /** What it is, for file names, screen readers and lists: `SR-2026-0007 · secret · page 1 of 2`. */
  readonly caption: string;
  /** Words that prove that a person read this page; see check-words.ts. */
  readonly checkWords: string;
  readonly items: readonly PageItem[];
}
