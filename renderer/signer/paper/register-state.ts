import type { WireError } from '../../../src/host/contract.ts';
import type { Answer, SignerHost } from '../../host/client.ts';

export type CustodySheet = Answer<'custody.list', SignerHost>['sheets'][number];
export type CustodyStateName = CustodySheet['state'];
export type CustodyAct = 'sealed' | 'void' | 'reprinted';
export type Filter = CustodyStateName | 'all';

/** What a person says of a sheet, as far as it is filled in. */
export interface NoteForm {
  readonly act: CustodyAct;
  readonly by: string;
  readonly seal: string;
  readonly remark: string;
  readonly replacement: string;
}

/** The custody register as it was last read. Nothing in it is secret. */
export interface RegisterState {
  readonly sheets: readonly CustodySheet[] | null;
  readonly filter: Filter;
  readonly selected: string | null;
  readonly note: NoteForm | null;
  readonly isBusy: boolean;
  readonly error: WireError | null;
}

export type RegisterEvent =
  | { readonly type: 'listed'; readonly sheets: readonly CustodySheet[] }
  | { readonly type: 'filtered'; readonly filter: Filter }
  | { readonly type: 'selected'; readonly sheetId: string }
  | { readonly type: 'note-begun'; readonly act: CustodyAct }
  | { readonly type: 'note-changed'; readonly note: NoteForm }
  | { readonly type: 'note-dropped' }
  | { readonly type: 'noted'; readonly sheet: CustodySheet }
  | { readonly type: 'working' }
  | { readonly type: 'failed'; readonly error: WireError };

export const emptyRegister: RegisterState = { sheets: null, filter: 'all', selected: null, note: null, isBusy: false, error: null };

/** What a person may still say of a sheet. What is replaced can still be destroyed; what is void stays so. */
export function actsFor(state: CustodyStateName): readonly CustodyAct[] {
  switch (state) {
    case 'printed':
      return ['reprinted', 'void'];
    case 'made':
    case 'sealed':
      return ['sealed', 'reprinted', 'void'];
    case 'reprinted':
      return ['void'];
    case 'void':
      return [];
  }
}

/** The sheets that the filter lets through, newest first. */
export function filteredSheets(register: RegisterState): readonly CustodySheet[] {
  const since = (sheet: CustodySheet): string => sheet.history.at(-1)?.at ?? '';
  return (register.sheets ?? []).filter((sheet) => register.filter === 'all' || sheet.state === register.filter).sort((a, b) => since(b).localeCompare(since(a)));
}

export function selectedSheet(register: RegisterState): CustodySheet | null {
  const shown = filteredSheets(register);
  return shown.find((sheet) => sheet.sheetId === register.selected) ?? shown[0] ?? null;
}

/** Sheets that may have taken the place of one: of the same kind, part and key, and neither void nor replaced themselves. */
export function replacementsFor(register: RegisterState, sheet: CustodySheet): readonly CustodySheet[] {
  return (register.sheets ?? []).filter((other) => other.sheetId !== sheet.sheetId && other.kind === sheet.kind && other.part === sheet.part && other.network === sheet.network && other.fingerprint === sheet.fingerprint && (other.state === 'printed' || other.state === 'made' || other.state === 'sealed'));
}

/** What of the note is missing, in words, or `null`. */
export function noteProblem(note: NoteForm): string | null {
  if (note.by.trim() === '') return 'Say who says so.';
  if (note.act === 'sealed' && !/^[A-Za-z0-9 ./-]{1,40}$/.test(note.seal.trim())) return 'Type the number of the bag as it stands on it.';
  if (note.act === 'void' && note.remark.trim() === '') return 'Say why: burnt, misprinted, lost.';
  if (note.act === 'reprinted' && note.replacement === '') return 'Choose the sheet that took its place.';
  return null;
}

export function registerTransition(register: RegisterState, event: RegisterEvent): RegisterState {
  switch (event.type) {
    case 'listed':
      return { ...register, sheets: event.sheets, error: null };
    case 'filtered':
      return { ...register, filter: event.filter, note: null, error: null };
    case 'selected':
      return { ...register, selected: event.sheetId, note: null, error: null };
    case 'note-begun':
      return { ...register, note: { act: event.act, by: register.note?.by ?? '', seal: '', remark: '', replacement: '' }, error: null };
    case 'note-changed':
      return register.note === null || register.isBusy ? register : { ...register, note: event.note, error: null };
    case 'note-dropped':
      return { ...register, note: null, error: null };
    case 'noted':
      // Another sheet may have changed with it (a replacement); the list is read again, and until then this one is right.
      return { ...register, sheets: (register.sheets ?? []).map((sheet) => (sheet.sheetId === event.sheet.sheetId ? event.sheet : sheet)), selected: event.sheet.sheetId, note: null, isBusy: false, error: null };
    case 'working':
      return { ...register, isBusy: true, error: null };
    case 'failed':
      return { ...register, isBusy: false, error: event.error };
  }
}
