import { codesOf, type Sheet } from './sheet.ts';

/** How a scan of printed sheets compares with what was to be printed. A sheet is read back when nothing is missing or foreign. */
export interface ReadBack {
  readonly read: readonly string[];
  readonly missing: readonly string[];
  /** How many codes were scanned that are not on this sheet: another sheet, an older print, or a damaged one. */
  readonly foreign: number;
  readonly isComplete: boolean;
}

/**
 * Compares the texts that a camera or an image decoder found with the sheet's codes, by content alone.
 * @param scanned decoded texts, in any order, repeated or not
 */
export function readBack(sheet: Sheet, scanned: readonly string[]): ReadBack {
  const codes = codesOf(sheet);
  const found = new Set(scanned);
  const read = codes.filter((code) => found.has(code.text)).map((code) => code.id);
  const missing = codes.filter((code) => !found.has(code.text)).map((code) => code.id);
  const foreign = [...found].filter((text) => !codes.some((code) => code.text === text)).length;
  return { read, missing, foreign, isComplete: codes.length > 0 && missing.length === 0 && foreign === 0 };
}
