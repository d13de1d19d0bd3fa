import type { InferOutput } from 'valibot';
import { unreachable } from '../domain/unreachable.ts';
import type { CustodyNote } from '../host/custody-wire.ts';
import type { CustodyEntry, RegisteredSheet } from './entry.ts';
import type { Register } from './register.ts';

/** A sheet as it comes into the register. */
export interface SheetForCustody extends RegisteredSheet {
  readonly sheetId: string;
}

/** Who says something, and when. `at`: milliseconds since 1970. */
export interface Saying {
  readonly at: number;
  readonly by: string;
}

/** The form of a time in the register: ISO 8601, UTC, to the second. */
export const custodyTime = (milliseconds: number): string => new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');

/** What a person said of a sheet. */
export function entryOfNote(note: InferOutput<typeof CustodyNote>, at: number): CustodyEntry {
  const common = { at: custodyTime(at), sheetId: note.sheetId, by: note.by, remark: note.remark };
  switch (note.event) {
    case 'sealed':
      return { event: 'sealed', ...common, seal: note.seal };
    case 'void':
      return { event: 'void', ...common };
    case 'reprinted':
      return { event: 'reprinted', ...common, replacement: note.replacement };
    default:
      return unreachable(note);
  }
}

/** These sheets were handed to a printer. @param remark which one, for example */
export const printedEntries = (sheets: readonly SheetForCustody[], { at, by }: Saying, remark: string): readonly CustodyEntry[] =>
  sheets.map(({ sheetId, ...sheet }) => ({ event: 'printed', at: custodyTime(at), sheetId, by, remark, sheet }));

/**
 * A sheet was read back. One that was printed from its file outside of Strongroom comes into the register now; one that
 * counts as made already, or lies in its bag, is not made again.
 */
export function madeEntries(register: Register, sheet: SheetForCustody, proof: 'codes' | 'words', saying: Saying): readonly CustodyEntry[] {
  const state = register.get(sheet.sheetId)?.state;
  if (state === 'made' || state === 'sealed') return [];
  const made: CustodyEntry = { event: 'made', at: custodyTime(saying.at), sheetId: sheet.sheetId, by: saying.by, remark: '', proof };
  return state === undefined ? [...printedEntries([sheet], saying, 'printed from a file'), made] : [made];
}
