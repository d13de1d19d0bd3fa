import { isCheckWords } from '../../paper/check-words.ts';
import { codesOf } from '../../paper/sheet.ts';
import type { PreparedSheets } from './prepared-sheet.ts';

/** What a person or a camera brought back from the prints, in any order, repeated or not. */
export interface ReadBackEvidence {
  /** Texts of scanned codes. Secrets, where the sheets are. */
  readonly scanned: readonly string[];
  /** Check words as typed, three words an entry. */
  readonly words: readonly string[];
}

/** How far the read-back of one sheet is. */
export interface SheetReadState {
  readonly sheetId: string;
  /** Names of codes, never what they hold. */
  readonly read: readonly string[];
  readonly missing: readonly string[];
  /** Pages whose check words were not given, from 1. */
  readonly unproven: readonly number[];
  /** Counts as made: each of its codes was scanned, or the check words of each of its pages were typed. */
  readonly made: boolean;
  readonly by: 'codes' | 'words' | null;
}

export interface PrintReadState {
  /** In the order of the prepared sheets. */
  readonly sheets: readonly SheetReadState[];
  /** Scanned texts that are on none of the sheets: another sheet, an older print, or something else that lay there. */
  readonly foreign: number;
  /** Typed words that are on none of the pages. */
  readonly foreignWords: number;
}

/**
 * Which sheets are now proven to be on paper. Codes are compared by content alone; a sheet without a code is proven by its
 * check words only. What is foreign proves nothing and spoils nothing here: who asks for one sheet and nothing else must
 * look at `foreign` too.
 */
export function readState({ sheets }: Pick<PreparedSheets, 'sheets'>, { scanned, words }: ReadBackEvidence): PrintReadState {
  const found = new Set(scanned);
  const known = new Set<string>();
  const states = sheets.map(({ sheet, pages, facts: { sheetId } }): SheetReadState => {
    const codes = codesOf(sheet);
    for (const { text } of codes) known.add(text);
    const read = codes.filter(({ text }) => found.has(text)).map(({ id }) => id);
    const missing = codes.filter(({ text }) => !found.has(text)).map(({ id }) => id);
    const unproven = pages.flatMap(({ checkWords }, index) => (words.some((typed) => isCheckWords(typed, checkWords)) ? [] : [index + 1]));
    const by = codes.length > 0 && missing.length === 0 ? 'codes' : unproven.length === 0 ? 'words' : null;
    return { sheetId, read, missing, unproven, made: by !== null, by };
  });
  const isOnAPage = (typed: string): boolean => sheets.some(({ pages }) => pages.some(({ checkWords }) => isCheckWords(typed, checkWords)));
  return {
    sheets: states,
    foreign: [...found].filter((text) => !known.has(text)).length,
    foreignWords: words.filter((typed) => !isOnAPage(typed)).length,
  };
}
