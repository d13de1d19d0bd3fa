import { sha256 } from '@noble/hashes/sha2.js';
import * as v from 'valibot';
import { RegisteredSheet } from '../../custody/entry.ts';
import type { SheetForCustody } from '../../custody/events.ts';
import { toHex, utf8 } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { codesOf } from '../../paper/sheet.ts';
import type { PreparedSheet } from './prepared-sheet.ts';

const Hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
/** As the custody register knows them. */
const { serial, kind, part, label, network, fingerprint } = RegisteredSheet.entries;
const Sheet = v.strictObject({
  sheetId: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
  serial, kind, part, label, network, fingerprint,
  /** SHA-256 of each code's text. */
  codes: v.pipe(v.array(Hash), v.maxLength(50)),
  /** SHA-256 of each page's check words. */
  pages: v.pipe(v.array(Hash), v.minLength(1), v.maxLength(20)),
});
const List = v.strictObject({ format: v.literal('strongroom-read-back'), version: v.literal(1), sheets: v.pipe(v.array(Sheet), v.minLength(1), v.maxLength(1000), v.check((sheets) => new Set(sheets.map(({ sheetId }) => sheetId)).size === sheets.length)) });

/**
 * What the prints of sheets that can be made only once must hold, without holding it: hashes of what stands on them. A key or a
 * share has 128 bits or more, so that its hash tells nothing of it; check words are no secret. What the sheets are called is
 * there too, so that a proof can be noted in a custody register.
 */
export type ReadBackList = v.InferOutput<typeof List>;

/** A sheet of the list, and what proves it. */
export interface ListedSheet extends SheetForCustody {
  /** `null`: not proven yet. */
  readonly by: 'codes' | 'words' | null;
}

export interface ListedState {
  readonly sheets: readonly ListedSheet[];
  /** Texts or words that are on none of the sheets. */
  readonly foreign: number;
}

const hashOf = (text: string): string => toHex(sha256(utf8(text)));
/** As `isTyped` compares them. */
const hashOfWords = (words: string): string => hashOf(words.trim().toLowerCase().split(/[\s-]+/).join(' '));

export const readBackListOf = (prepared: readonly PreparedSheet[]): ReadBackList => ({
  format: 'strongroom-read-back',
  version: 1,
  sheets: prepared.map(({ sheet, pages, fingerprint, facts: { sheetId, serial, kind, part } }) => ({ sheetId, serial, kind, part, label: sheet.label, network: sheet.network, fingerprint, codes: codesOf(sheet).map(({ text }) => hashOf(text)), pages: pages.map(({ checkWords }) => hashOfWords(checkWords)) })),
});

/** As it is written to a file. */
export const formatReadBackList = (list: ReadBackList): string => `${JSON.stringify(list, null, 2)}\n`;

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
    sheets: list.sheets.map(({ codes, pages, ...sheet }) => ({
      ...sheet,
      pages: pages.length,
      by: codes.length > 0 && codes.every((code) => texts.has(code)) ? 'codes' : pages.every((page) => typed.has(page)) ? 'words' : null,
    })),
    foreign: [...texts].filter((text) => !onSheets.has(text)).length + [...typed].filter((each) => !onPages.has(each)).length,
  };
}
