import type { QrModules } from '../airgap/qr-image.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import { capHeightOf, POINT_MM, printedForm, widthOf } from './face.ts';
import { MIN_MODULE_MM, PRINTER_MARGIN_MM, QUIET_MODULES, type CodeItem, type Page, type PageItem, type TextItem } from './page.ts';
import { runsOf } from './picture.ts';
import { readCode } from './qr-reading/read-code.ts';
import { checkWordsOf } from './check-words.ts';
import { bandOf, codesOf, type Sheet } from './sheet.ts';

/** What a page turned out to say. Texts of a secret sheet are secrets. */
export interface PageReading {
  readonly codes: readonly { readonly id: string; readonly text: string }[];
  readonly checkWords: string;
}

/**
 * Reads laid-out pages as a reader would and compares them with the sheet: each code is decoded from the rectangles that are
 * drawn, by a reader that shares nothing with the encoder and corrects nothing; its text copy is put together from the runs
 * on the page; nothing lies over a code, its quiet zone or outside the printable area. Printing is offered only after this.
 * @throws StrongroomError `paper.check-failed` naming what is wrong, never the content
 */
export function checkPages(sheet: Sheet, pages: readonly Page[]): readonly PageReading[] {
  const readings = pages.map((page, index) => {
    const bounds = page.items.map(boundsOf);
    requireInsidePrintableArea(page, bounds);
    requireText(page, sheet.serial, 'the serial');
    requireText(page, bandOf(sheet), 'the band');
    const checkWords = checkWordsOf(sheet, index + 1, pages.length);
    if (page.checkWords !== checkWords) throw failed('its check words are another sheet\'s', page);
    requireText(page, checkWords, 'the check words');
    return { codes: page.items.flatMap((item, place) => (item.kind === 'code' ? [{ id: item.id, text: readDrawnCode(page, item, place, bounds) }] : [])), checkWords };
  });
  const expected = codesOf(sheet);
  const found = readings.flatMap((reading) => reading.codes);
  const matches = found.length === expected.length && expected.every((code, index) => found[index]?.id === code.id && found[index]?.text === code.text);
  if (!matches) throw failed('its codes are not the sheet\'s');
  for (const code of expected) requireCopy(code, pages);
  return readings;
}

function failed(reason: string, page?: Page): StrongroomError {
  return new StrongroomError('paper.check-failed', `The page does not read back as its sheet: ${reason}.`, { reason, ...(page === undefined ? {} : { page: page.caption }) }, 'Do not print it. This is a fault of the program; please report it without the sheet.');
}

function requireText(page: Page, text: string, what: string): void {
  if (!page.items.some((item) => item.kind === 'text' && item.text === text)) throw failed(`${what} is missing`, page);
}

const withoutBlanks = (text: string): string => text.replace(/ /g, '');

/** The readable copy beneath a code, joined column by column over the pages, is its content but for blanks. */
function requireCopy(code: { readonly id: string; readonly text: string }, pages: readonly Page[]): void {
  const copy = pages.flatMap((page) => page.items.filter((item): item is TextItem => item.kind === 'text' && item.code === code.id).sort((a, b) => a.xMm - b.xMm || a.baselineMm - b.baselineMm));
  if (withoutBlanks(copy.map((run) => run.text).join('')) !== withoutBlanks(code.text)) throw failed('the text beneath a code is not its content');
}

/** The text of a code as its rectangles say; its modules are large enough and nothing else is near. */
function readDrawnCode(page: Page, item: CodeItem, place: number, bounds: readonly Bounds[]): string {
  const { size } = item.modules;
  if (item.moduleMm < MIN_MODULE_MM - 1e-9) throw failed('the modules of a code are too small', page);
  const quiet = QUIET_MODULES * item.moduleMm;
  const zone: Bounds = { left: item.xMm - quiet, top: item.yMm - quiet, right: item.xMm + size * item.moduleMm + quiet, bottom: item.yMm + size * item.moduleMm + quiet };
  // What was drawn before lies under the white ground and would be cut off, but for a watermark, which may be; what comes after
  // lies on the modules.
  const isCovered = page.items.some((other, index) => index !== place && !(index < place && other.kind === 'watermark') && overlap(zone, bounds[index] as Bounds));
  if (isCovered) throw failed('something lies over a code', page);
  const dark = new Uint8Array(size * size);
  for (const [row, column, length] of runsOf(item)) dark.fill(1, row * size + column, row * size + column + length);
  const drawn: QrModules = { size, isDark: (row, column) => dark[row * size + column] === 1 };
  const text = readCode(drawn);
  if (text === null) throw failed('a code cannot be read', page);
  return text;
}

export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const overlap = (a: Bounds, b: Bounds): boolean => a.left < b.right - 1e-6 && b.left < a.right - 1e-6 && a.top < b.bottom - 1e-6 && b.top < a.bottom - 1e-6;

/** The room that an item takes, millimetres. For a text from ascender to descender. */
export function boundsOf(item: PageItem): Bounds {
  switch (item.kind) {
    case 'text': {
      const cap = capHeightOf(item.style);
      return { left: item.xMm, right: item.xMm + widthOf(printedForm(item.text), item.style), top: item.baselineMm - cap * 1.1, bottom: item.baselineMm + cap * 0.35 };
    }
    case 'line':
      return { left: Math.min(item.fromMm[0], item.toMm[0]), right: Math.max(item.fromMm[0], item.toMm[0]), top: Math.min(item.fromMm[1], item.toMm[1]) - item.strokeMm / 2, bottom: Math.max(item.fromMm[1], item.toMm[1]) + item.strokeMm / 2 };
    case 'box':
      return { left: item.xMm, top: item.yMm, right: item.xMm + item.widthMm, bottom: item.yMm + item.heightMm };
    case 'code': {
      const side = item.modules.size * item.moduleMm;
      return { left: item.xMm, top: item.yMm, right: item.xMm + side, bottom: item.yMm + side };
    }
    case 'watermark': {
      const turn = (item.degrees * Math.PI) / 180;
      const [width, height] = [widthOf(item.text, item.style), capHeightOf(item.style) + POINT_MM];
      const halfX = (Math.abs(width * Math.cos(turn)) + Math.abs(height * Math.sin(turn))) / 2;
      const halfY = (Math.abs(width * Math.sin(turn)) + Math.abs(height * Math.cos(turn))) / 2;
      return { left: item.centreMm[0] - halfX, right: item.centreMm[0] + halfX, top: item.centreMm[1] - halfY, bottom: item.centreMm[1] + halfY };
    }
  }
}

function requireInsidePrintableArea(page: Page, bounds: readonly Bounds[]): void {
  const outside = bounds.some(
    ({ left, top, right, bottom }) => left < PRINTER_MARGIN_MM || top < PRINTER_MARGIN_MM || right > page.widthMm - PRINTER_MARGIN_MM || bottom > page.heightMm - PRINTER_MARGIN_MM,
  );
  if (outside) throw failed('something lies outside the printable area', page);
}
