import { unreachable } from '../domain/unreachable.ts';
import { StrongroomError } from '../errors/strongroom-error.ts';
import type { CustodyEntry, RegisteredSheet } from './entry.ts';
import { refuseSecretText } from './secret-text.ts';

/** Where a sheet stands. */
export type CustodyState = CustodyEntry['event'];

/** A sheet and everything that was said of it. */
export interface KeptSheet extends RegisteredSheet {
  readonly sheetId: string;
  readonly state: CustodyState;
  /** The number of its bag, once sealed; stays in the record when it was opened, voided or replaced. */
  readonly seal: string | null;
  /** Oldest first. */
  readonly history: readonly { readonly at: string; readonly event: CustodyState; readonly by: string; readonly remark: string }[];
}

/** Every sheet by its id, in the order in which they were first printed. */
export type Register = ReadonlyMap<string, KeptSheet>;

export const emptyRegister: Register = new Map();

/**
 * What may follow what. A sheet counts only when it was read back, and a sealed one must have been made; whatever is void or
 * replaced stays so. Printing again is possible until the sheet lies in its bag: then it must be read back again.
 */
const mayFollow: Readonly<Record<CustodyState, readonly (CustodyState | 'unknown')[]>> = {
  printed: ['unknown', 'printed', 'made'],
  made: ['printed', 'made'],
  sealed: ['made', 'sealed'],
  void: ['printed', 'made', 'sealed', 'reprinted'],
  reprinted: ['printed', 'made', 'sealed'],
};

/**
 * The register with more entries, one after the other: all or none.
 * @throws StrongroomError `custody.unknown-sheet`, `custody.transition`, `custody.secret`
 */
export function record(register: Register, entries: readonly CustodyEntry[]): Register {
  const next = new Map(register);
  for (const entry of entries) recordInto(next, entry);
  return next;
}

/**
 * One entry into a register that is being built.
 * @throws StrongroomError as `record`; the register is as it was then
 */
export function recordInto(register: Map<string, KeptSheet>, entry: CustodyEntry): void {
  for (const text of freeTextsOf(entry)) refuseSecretText(text);
  const present = register.get(entry.sheetId);
  if (present === undefined && entry.event !== 'printed') throw unknownSheet(entry.sheetId);
  requireTransition(present, entry);
  if (entry.event === 'reprinted') requireReplacement(register, entry);
  const { at, event, by, remark } = entry;
  const facts = present ?? { ...(entry as Extract<CustodyEntry, { event: 'printed' }>).sheet, sheetId: entry.sheetId, seal: null, history: [] };
  register.set(entry.sheetId, { ...facts, state: event, seal: entry.event === 'sealed' ? entry.seal : facts.seal, history: [...facts.history, { at, event, by, remark: remark === '' ? wordsOf(entry) : remark }] });
}

/**
 * Looks whether these sheets may be printed now, before a printer is asked.
 * @throws StrongroomError `custody.transition`
 */
export function requirePrintable(register: Register, sheetIds: readonly string[]): void {
  for (const sheetId of sheetIds) {
    const present = register.get(sheetId);
    if (present !== undefined && !mayFollow.printed.includes(present.state)) throw forbidden(present, 'printed', 'Make it anew under another serial, and note here that the new sheet replaces this one.');
  }
}

function requireTransition(present: KeptSheet | undefined, entry: CustodyEntry): void {
  if (mayFollow[entry.event].includes(present?.state ?? 'unknown') || present === undefined) return;
  throw forbidden(present, entry.event, hintFor(entry.event, present.state));
}

function requireReplacement(register: Register, { sheetId, replacement }: Extract<CustodyEntry, { event: 'reprinted' }>): void {
  const other = register.get(replacement);
  if (other === undefined) throw unknownSheet(replacement);
  const present = register.get(sheetId) as KeptSheet;
  const reason =
    replacement === sheetId ? 'a sheet cannot replace itself'
    : other.kind !== present.kind || other.part !== present.part || other.network !== present.network || other.fingerprint !== present.fingerprint ? 'it is a sheet of something else'
    : other.state === 'void' || other.state === 'reprinted' ? `it is ${stateWords[other.state]} itself`
    : null;
  if (reason !== null) {
    throw new StrongroomError('custody.transition', `Sheet ${other.serial} cannot take the place of ${present.serial}: ${reason}.`, { sheetId, replacement, reason }, 'Name the sheet that was printed in its place.');
  }
}

/** How a state is called in sentences. */
export const stateWords: Readonly<Record<CustodyState, string>> = { printed: 'printed and not read back', made: 'read back', sealed: 'sealed', void: 'void', reprinted: 'replaced by another sheet' };

function hintFor(event: CustodyState, state: CustodyState): string {
  if (state === 'void' || state === 'reprinted') return 'What is void or replaced stays so. Make a new sheet under another serial.';
  if (event === 'sealed') return 'Read the print back first: scan its codes, or type its check words. Only then does it count as made.';
  return 'Look at its history: something else was said of it before.';
}

const forbidden = (sheet: KeptSheet, event: CustodyState, hint: string): StrongroomError =>
  new StrongroomError('custody.transition', `Sheet ${sheet.serial} is ${stateWords[sheet.state]}; it cannot become "${event}" now.`, { sheetId: sheet.sheetId, serial: sheet.serial, state: sheet.state, event }, hint);

const unknownSheet = (sheetId: string): StrongroomError =>
  new StrongroomError('custody.unknown-sheet', 'The custody register has no sheet of this id.', { sheetId }, 'Compare the id with the list. A sheet comes into the register when it is printed.');

/** What an entry says by itself where nobody wrote a remark. */
function wordsOf(entry: CustodyEntry): string {
  switch (entry.event) {
    case 'printed':
    case 'void':
      return '';
    case 'made':
      return entry.proof === 'codes' ? 'read back by its codes' : 'read back by its check words';
    case 'sealed':
      return `bag ${entry.seal}`;
    case 'reprinted':
      return `replaced by ${entry.replacement}`;
    default:
      return unreachable(entry);
  }
}

/** The texts of an entry that a person or a file can have put in. */
function freeTextsOf(entry: CustodyEntry): readonly string[] {
  const texts = [entry.by, entry.remark];
  if (entry.event === 'sealed') texts.push(entry.seal);
  if (entry.event === 'printed') texts.push(entry.sheet.label, entry.sheet.serial);
  return texts;
}
