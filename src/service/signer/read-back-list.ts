import { sha256 } from '@noble/hashes/sha2.js';
import * as v from 'valibot';
import { toHex, utf8 } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { codesOf } from '../../paper/sheet.ts';
import type { PreparedSheet } from './prepared-sheet.ts';

const Hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const Sheet = v.strictObject({
  sheetId: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
  serial: v.pipe(v.string(), v.regex(/^[A-Z0-9-]{1,24}$/)),
  part: v.picklist(['public', 'secret']),
  /** SHA-256 of each code's text. */
  codes: v.pipe(v.array(Hash), v.maxLength(50)),
  /** SHA-256 of each page's check words. */
  pages: v.pipe(v.array(Hash), v.minLength(1), v.maxLength(20)),
});
const List = v.strictObject({ format: v.literal('strongroom-read-back'), version: v.literal(1), sheets: v.pipe(v.array(Sheet), v.minLength(1), v.maxLength(1000)) });

/**
 * What the prints of sheets that can be made only once must hold, without holding it: hashes of what stands on them. A key has
 * 128 bits or more, so that its hash tells nothing of it; check words are no secret.
 */
export type ReadBackList = v.InferOutput<typeof List>;

export interface ListedState {
  readonly sheets: readonly { readonly sheetId: string; readonly serial: string; readonly part: 'public' | 'secret'; readonly made: boolean; readonly by: 'codes' | 'words' | null }[];
  /** Texts or words that are on none of the sheets. */
  readonly foreign: number;
}

const hashOf = (text: string): string => toHex(sha256(utf8(text)));
/** As `isTyped` compares them. */
const hashOfWords = (words: string): string => hashOf(words.trim().toLowerCase().split(/[\s-]+/).join(' '));

export const readBackListOf = (prepared: readonly PreparedSheet[]): ReadBackList => ({
  format: 'strongroom-read-back',
  version: 1,
  sheets: prepared.map(({ sheet, pages, facts: { sheetId, serial, part } }) => ({ sheetId, serial, part, codes: codesOf(sheet).map(({ text }) => hashOf(text)), pages: pages.map(({ checkWords }) => hashOfWords(checkWords)) })),
});

/** @throws StrongroomError `paper.list-malformed` */
export function parseReadBackList(text: string): ReadBackList {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    content = undefined;
  }
  const parsed = v.safeParse(List, content);
  if (!parsed.success) throw new StrongroomError('paper.list-malformed', 'The file is not a list of sheets to be read back, or was damaged.', {}, 'Give the file that was written together with the sheets.');
  return parsed.output;
}

/** Which listed sheets are proven to be on paper. @param words check words as typed, three words an entry */
export function readListed(list: ReadBackList, { scanned, words }: { readonly scanned: readonly string[]; readonly words: readonly string[] }): ListedState {
  const texts = new Set(scanned.map(hashOf));
  const typed = new Set(words.map(hashOfWords));
  const onSheets = new Set(list.sheets.flatMap(({ codes }) => codes));
  const onPages = new Set(list.sheets.flatMap(({ pages }) => pages));
  return {
    sheets: list.sheets.map(({ sheetId, serial, part, codes, pages }) => {
      const by = codes.length > 0 && codes.every((code) => texts.has(code)) ? 'codes' : pages.every((page) => typed.has(page)) ? 'words' : null;
      return { sheetId, serial, part, made: by !== null, by };
    }),
    foreign: [...texts].filter((text) => !onSheets.has(text)).length + [...typed].filter((each) => !onPages.has(each)).length,
  };
}
