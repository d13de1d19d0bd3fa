import { sha256 } from '@noble/hashes/sha2.js';
import { toHex, utf8 } from '../domain/bytes.ts';
import { isTyped, proquint } from '../domain/proquint.ts';
import type { Sheet } from './sheet.ts';

/**
 * Everything that is on the sheet; two sheets differ in it whenever they differ in a printed character. Fields in the order of
 * their names: the order in which a program happened to set them is not on the paper.
 */
const normalised = (sheet: Sheet): string => `strongroom-sheet-1\n${JSON.stringify(sheet, fieldsByName)}`;

const fieldsByName = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;

/** Names a sheet in files and in the custody register: 32 hex digits of SHA-256 over its content. */
export const sheetIdOf = (sheet: Sheet): string => toHex(sha256(utf8(normalised(sheet)))).slice(0, 32);

/**
 * Three words that stand on one page only, from 48 bits of SHA-256 over the whole sheet and the page's number. A person who
 * types them has that very page in hand: a page of another sheet, an older print of it, or another page of it has others.
 * They prove reading, not secrecy, and say nothing about a secret that has the entropy of a key.
 */
export function checkWordsOf(sheet: Sheet, page: number, pages: number): string {
  const digest = sha256(utf8(`${normalised(sheet)}\npage ${page} of ${pages}`));
  const view = new DataView(digest.buffer, digest.byteOffset);
  return [0, 2, 4].map((offset) => proquint(view.getUint16(offset))).join(' ');
}

/** True when a person typed these words; case and the kind of blanks do not matter. */
export const isCheckWords = (typed: string, expected: string): boolean => isTyped(typed, expected);
