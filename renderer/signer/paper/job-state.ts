import type { WireError } from '../../../src/host/contract.ts';
import type { Answer, SignerHost } from '../../host/client.ts';

export type Prepared = Answer<'sheet.prepare', SignerHost>;
export type ReadState = Answer<'sheet.scan', SignerHost>;
export type Printer = Answer<'sheet.printers', SignerHost>['printers'][number];
export type JobSheet = Prepared['sheets'][number];
export type JobPage = Prepared['pages'][number];
export type HandCode = Prepared['handCodes'][number];
export type Part = JobSheet['part'];

/** The steps of a print, in their physical order; `codes` only where short codes are copied by hand. */
export type JobStep = 'look' | 'print' | 'codes' | 'prove';

/** What a person says before secret pages go to a printer. */
export const printChecks = ['printer', 'memory', 'alone', 'queue'] as const;
export type PrintCheck = (typeof printChecks)[number];

/** How a print is shown to be the sheet. */
export type ProofWay = 'camera' | 'file' | 'words';

/** A printer by its name, or a file by its path. */
export interface Sending {
  readonly by: 'printer' | 'file';
  readonly to: string;
}

/** Prepared sheets that the host holds, and how far they are. Of secrets only short codes not yet written down are in it. */
export interface JobState {
  readonly job: string;
  readonly sheets: readonly JobSheet[];
  readonly pages: readonly JobPage[];
  /** Nothing secret is printed: a form that is secret once somebody wrote on it. */
  readonly isBlank: boolean;
  /** Short codes that still must be written down, the next one first; each is forgotten when it was. */
  readonly codes: readonly HandCode[];
  readonly codesTotal: number;
  readonly isCodeShown: boolean;
  readonly step: JobStep;
  readonly part: Part;
  /** Of the pages of the part that is looked at, counted from 0. */
  readonly page: number;
  readonly isUncovered: boolean;
  readonly isWide: boolean;
  readonly printers: readonly Printer[] | null;
  readonly printer: string;
  readonly by: string;
  readonly checks: ReadonlySet<PrintCheck>;
  /** Where each part went. */
  readonly sent: Readonly<Record<Part, readonly Sending[]>>;
  readonly way: ProofWay;
  /** The sheet whose check words are typed; `null`: the first that is not proven. */
  readonly wordsOf: string | null;
  /** Check words as typed, a text a page. */
  readonly words: readonly string[];
  readonly wordsWrong: boolean;
  readonly read: ReadState | null;
  readonly isBusy: boolean;
  readonly error: WireError | null;
}

export type JobEvent =
  | { readonly type: 'step'; readonly step: JobStep }
  | { readonly type: 'part-shown'; readonly part: Part }
  | { readonly type: 'page-shown'; readonly page: number }
  | { readonly type: 'uncovered' }
  | { readonly type: 'covered' }
  | { readonly type: 'width'; readonly isWide: boolean }
  | { readonly type: 'printers-found'; readonly printers: readonly Printer[] }
  | { readonly type: 'printer-chosen'; readonly printer: string }
  | { readonly type: 'by-typed'; readonly by: string }
  | { readonly type: 'checked'; readonly check: PrintCheck; readonly is: boolean }
  | { readonly type: 'sent'; readonly part: Part; readonly sending: Sending }
  | { readonly type: 'code-shown' }
  | { readonly type: 'code-written' }
  | { readonly type: 'way-chosen'; readonly way: ProofWay }
  | { readonly type: 'words-of'; readonly sheetId: string }
  | { readonly type: 'words-typed'; readonly page: number; readonly text: string }
  | { readonly type: 'read'; readonly read: ReadState; readonly by: ProofWay }
  | { readonly type: 'working' }
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'idle' };

const partsOf = (sheets: readonly JobSheet[]): readonly Part[] => (['public', 'secret'] as const).filter((part) => sheets.some((sheet) => sheet.part === part));

export function jobOf({ job, sheets, pages, handCodes }: Prepared, by: string, isBlank = false): JobState {
  return {
    job, sheets, pages, isBlank, codes: handCodes, codesTotal: handCodes.length, isCodeShown: false, step: 'look', part: partsOf(sheets)[0] ?? 'public', page: 0, isUncovered: false, isWide: false,
    printers: null, printer: '', by, checks: new Set(), sent: { public: [], secret: [] }, way: 'camera', wordsOf: null, words: [], wordsWrong: false, read: null, isBusy: false, error: null,
  };
}

export const jobParts = (job: JobState): readonly Part[] => partsOf(job.sheets);
export const jobSteps = (job: JobState): readonly JobStep[] => (job.codesTotal === 0 ? ['look', 'print', 'prove'] : ['look', 'print', 'codes', 'prove']);

/** The pages of a part, sheet by sheet. */
export function pagesOf(job: JobState, part: Part): readonly JobPage[] {
  const ids = new Set(job.sheets.filter((sheet) => sheet.part === part).map((sheet) => sheet.sheetId));
  return job.pages.filter((page) => ids.has(page.sheetId));
}

export interface SheetProof {
  readonly sheet: JobSheet;
  readonly read: readonly string[];
  readonly missing: readonly string[];
  readonly made: boolean;
  readonly by: 'codes' | 'words' | null;
  /** From here, in this job. */
  readonly isPrinted: boolean;
  readonly isSaved: boolean;
}

/** How far each sheet is, in the order of the job; before the first reading every code is missing. */
export function proofs(job: JobState): readonly SheetProof[] {
  const known = new Map((job.read?.sheets ?? []).map((sheet) => [sheet.sheetId, sheet]));
  return job.sheets.map((sheet) => {
    const state = known.get(sheet.sheetId);
    const went = (by: Sending['by']): boolean => job.sent[sheet.part].some((sending) => sending.by === by);
    return { sheet, read: state?.read ?? [], missing: state?.missing ?? sheet.codes, made: state?.made ?? false, by: state?.by ?? null, isPrinted: went('printer'), isSaved: went('file') };
  });
}

/** The sheet whose check words are asked for: the chosen one, or the first that is printed and not proven. */
export function sheetForWords(job: JobState): JobSheet | null {
  const all = proofs(job);
  const open = all.filter((proof) => !proof.made);
  const chosen = open.find((proof) => proof.sheet.sheetId === job.wordsOf) ?? open.find((proof) => proof.isPrinted) ?? open[0];
  return chosen?.sheet ?? null;
}

/** The page that is looked at, or `null` when the part has none. */
export const shownPage = (job: JobState): JobPage | null => pagesOf(job, job.part)[job.page] ?? null;

/** Whether pages of a part hold a secret as they are printed. */
export const holdsSecrets = (job: JobState, part: Part): boolean => part === 'secret' && !job.isBlank;

/** Whether the page on the screen must not be seen yet. */
export const isCovered = (job: JobState): boolean => holdsSecrets(job, job.part) && !job.isUncovered;

/** Why a part cannot be printed yet, in words, or `null`. Pages without secrets need a printer and a name only. */
export function printProblem(job: JobState, part: Part): string | null {
  if (job.isBusy) return 'Wait for the print under way.';
  if (job.printer === '') return job.printers?.length === 0 ? 'This laptop knows no printer.' : 'Choose a printer.';
  if (job.by.trim() === '') return 'Say who prints.';
  const open = printChecks.filter((check) => !job.checks.has(check)).length;
  return holdsSecrets(job, part) && open > 0 ? `${open} of ${printChecks.length} points to check first.` : null;
}

/** New paper has to be read back whatever an earlier print of it showed; the host forgets that too. */
function unreadOf(job: JobState, part: Part): ReadState | null {
  if (job.read === null) return null;
  const printed = new Set(job.sheets.filter((sheet) => sheet.part === part).map((sheet) => sheet.sheetId));
  return { ...job.read, sheets: job.read.sheets.filter((sheet) => !printed.has(sheet.sheetId)) };
}

/** Covered, hidden and closed: the state of a step that was just left. */
const calm = { isUncovered: false, isCodeShown: false, words: [], wordsWrong: false, error: null } as const;

export function jobTransition(job: JobState, event: JobEvent): JobState {
  switch (event.type) {
    case 'step':
      return { ...job, ...calm, step: jobSteps(job).includes(event.step) ? event.step : job.step };
    case 'part-shown':
      return jobParts(job).includes(event.part) ? { ...job, part: event.part, page: 0, isUncovered: false } : job;
    case 'page-shown':
      return event.page >= 0 && event.page < pagesOf(job, job.part).length ? { ...job, page: event.page } : job;
    case 'uncovered':
      return job.step === 'look' ? { ...job, isUncovered: true } : job;
    case 'covered':
      return { ...job, isUncovered: false, isCodeShown: false };
    case 'width':
      return { ...job, isWide: event.isWide };
    case 'printers-found': {
      const usual = event.printers.find((printer) => printer.isDefault) ?? event.printers[0];
      const isStillThere = event.printers.some((printer) => printer.name === job.printer);
      return { ...job, printers: event.printers, printer: isStillThere ? job.printer : (usual?.name ?? '') };
    }
    case 'printer-chosen':
      // Another printer has another memory: what was checked was checked for the one before.
      return { ...job, printer: event.printer, checks: new Set([...job.checks].filter((check) => check !== 'printer' && check !== 'memory')) };
    case 'by-typed':
      return { ...job, by: event.by };
    case 'checked': {
      const checks = new Set(job.checks);
      if (event.is) checks.add(event.check);
      else checks.delete(event.check);
      return { ...job, checks };
    }
    case 'sent':
      return { ...job, isBusy: false, error: null, sent: { ...job.sent, [event.part]: [...job.sent[event.part], event.sending] }, read: event.sending.by === 'printer' ? unreadOf(job, event.part) : job.read };
    case 'code-shown':
      return job.step === 'codes' && job.codes.length > 0 ? { ...job, isCodeShown: true } : job;
    case 'code-written':
      return job.isCodeShown ? { ...job, codes: job.codes.slice(1), isCodeShown: false } : job;
    case 'way-chosen':
      return { ...job, way: event.way, words: [], wordsWrong: false, error: null };
    case 'words-of':
      return { ...job, wordsOf: event.sheetId, words: [], wordsWrong: false };
    case 'words-typed': {
      const words = [...job.words];
      for (let page = words.length; page <= event.page; page += 1) words[page] = '';
      words[event.page] = event.text;
      return { ...job, words, wordsWrong: false };
    }
    case 'read': {
      const after = { ...job, read: event.read, isBusy: false, error: null };
      if (event.by !== 'words') return after;
      const typedFor = sheetForWords(job)?.sheetId;
      const isMade = event.read.sheets.some((sheet) => sheet.sheetId === typedFor && sheet.made);
      return isMade ? { ...after, words: [], wordsWrong: false, wordsOf: null } : { ...after, wordsWrong: true };
    }
    case 'working':
      return { ...job, isBusy: true, error: null };
    case 'failed':
      return { ...job, isBusy: false, error: event.error };
    case 'idle':
      return { ...job, isBusy: false };
  }
}
