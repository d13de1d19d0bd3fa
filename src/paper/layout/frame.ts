import { chainParameters, type NetworkName } from '../../domain/network.ts';
import { widthOf, wrap } from '../face.ts';
import { PRINTER_MARGIN_MM, type PageItem } from '../page.ts';
import { bandOf, type Sheet } from '../sheet.ts';
import { baselineIn, CONTENT_WIDTH_MM, HAIRLINE_MM, horizontal, RULE_MM, styles, textItem } from './piece.ts';

/** What is around the content of every page. */
export interface Frame {
  readonly leftMm: number;
  readonly widthMm: number;
  readonly heightMm: number;
}

const BAND_TOP_MM = 22;
const BAND_MM = 8.5;
const NETWORK_BAND_MM = 6;
/** The content ends above the footer. */
export const FOOTER_MM = 25;

/** Secret sheets are folded in three, the printed side inwards, and sealed; public ones are filed flat. */
export const foldsOf = (sheet: Sheet, { heightMm }: Frame): readonly number[] => (sheet.part === 'secret' ? [heightMm / 3, (2 * heightMm) / 3] : []);

export const isTestNetwork = (network: NetworkName): boolean => chainParameters(network).isTest;
const networkBandWords = (network: NetworkName): string => (network === 'practice' ? 'PRACTICE  ·  not money' : `${network.toUpperCase()}  ·  test network, not money`);

/**
 * Everything above the content.
 * @returns the items, and where the content begins
 */
export function header(sheet: Sheet, frame: Frame, page: number): { readonly items: readonly PageItem[]; readonly bottomMm: number } {
  const { leftMm } = frame;
  const right = leftMm + CONTENT_WIDTH_MM;
  const serialX = right - widthOf(sheet.serial, styles.mono);
  const words = bandOf(sheet);
  const bandTextX = leftMm + (CONTENT_WIDTH_MM - widthOf(words, styles.band)) / 2;
  const band: PageItem =
    sheet.part === 'secret'
      ? { kind: 'box', xMm: leftMm, yMm: BAND_TOP_MM, widthMm: CONTENT_WIDTH_MM, heightMm: BAND_MM, paint: 'black' }
      : { kind: 'box', xMm: leftMm + 0.2, yMm: BAND_TOP_MM + 0.2, widthMm: CONTENT_WIDTH_MM - 0.4, heightMm: BAND_MM - 0.4, paint: { strokeMm: 0.4 } };
  const bandText: PageItem = { kind: 'text', text: words, xMm: bandTextX, baselineMm: baselineIn(BAND_TOP_MM, BAND_MM, styles.band), style: styles.band, ink: sheet.part === 'secret' ? 'white' : 'black' };
  const items: PageItem[] = [
    textItem('Strongroom', leftMm, 18, styles.strong),
    textItem(sheet.serial, serialX, 18, styles.mono),
    band,
    bandText,
  ];
  let y = BAND_TOP_MM + BAND_MM;
  if (isTestNetwork(sheet.network)) {
    items.push(...networkBand(sheet.network, leftMm, y));
    y += NETWORK_BAND_MM;
  }
  if (page > 1) return { items, bottomMm: y + 3 };
  const labelLines = sheet.label === '' ? [] : wrap(sheet.label, styles.label, CONTENT_WIDTH_MM);
  items.push(textItem(sheet.title, leftMm, y + 12.5, styles.title));
  labelLines.forEach((line, index) => items.push(textItem(line, leftMm, y + 19.5 + index * 6, styles.label)));
  return { items, bottomMm: y + 14.5 + labelLines.length * 6 };
}

/** A hatched band: a test sheet is not mistaken for money, in greyscale or on a copy. */
function networkBand(network: NetworkName, leftMm: number, topMm: number): PageItem[] {
  const words = networkBandWords(network);
  const textWidth = widthOf(words, styles.caption);
  const from = leftMm + (CONTENT_WIDTH_MM - textWidth) / 2;
  const [top, bottom] = [topMm + 1.2, topMm + NETWORK_BAND_MM - 0.4];
  const hatch = (start: number, end: number): PageItem[] =>
    Array.from({ length: Math.floor((end - start - 4) / 2.5) }, (_, index): PageItem => ({ kind: 'line', fromMm: [start + index * 2.5, bottom], toMm: [start + index * 2.5 + (bottom - top), top], strokeMm: 0.3 }));
  return [...hatch(leftMm, from - 2), ...hatch(from + textWidth + 4, leftMm + CONTENT_WIDTH_MM), textItem(words, from, baselineIn(top, bottom - top, styles.caption), styles.caption)];
}

/** Rule, place in the sheet, and the words that prove that the page was read. */
export function footer(sheet: Sheet, frame: Frame, caption: string, checkWords: string): PageItem[] {
  const { leftMm, heightMm } = frame;
  const top = heightMm - FOOTER_MM + 4;
  const made = sheet.date === '' ? '' : `Made ${sheet.date}`;
  const wordsX = leftMm + CONTENT_WIDTH_MM - widthOf(checkWords, styles.mono);
  const wordsLabel = 'Check words';
  return [
    horizontal(leftMm, top, CONTENT_WIDTH_MM, RULE_MM),
    textItem(caption, leftMm, top + 5, styles.caption),
    ...(made === '' ? [] : [textItem(made, leftMm, top + 9.4, styles.caption)]),
    textItem(wordsLabel, wordsX - widthOf(wordsLabel, styles.caption) - 3, top + 9.4, styles.caption),
    textItem(checkWords, wordsX, top + 9.4, styles.mono),
  ];
}

/** Short lines at both edges of the printable area. */
export function foldMarks(sheet: Sheet, frame: Frame): PageItem[] {
  const { widthMm } = frame;
  return foldsOf(sheet, frame).flatMap((y) => [horizontal(PRINTER_MARGIN_MM + 0.5, y, 4, HAIRLINE_MM * 1.5), horizontal(widthMm - PRINTER_MARGIN_MM - 4.5, y, 4, HAIRLINE_MM * 1.5)]);
}

/** The network's name across the page in outline, under everything else. */
export function watermark(sheet: Sheet, { widthMm, heightMm }: Frame): PageItem[] {
  if (!isTestNetwork(sheet.network)) return [];
  const text = sheet.network.toUpperCase();
  const style = { face: 'sans-semibold', sizeMm: 10, trackingMm: 0 } as const;
  // As long as the diagonal band of the printable area allows, whatever the word.
  const sizeMm = Math.min(46, (10 * 190) / widthOf(text, style));
  return [{ kind: 'watermark', text, centreMm: [widthMm / 2, heightMm / 2 + 4], degrees: -54, style: { ...style, sizeMm }, strokeMm: HAIRLINE_MM }];
}
