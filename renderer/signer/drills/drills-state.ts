import type { WireError } from '../../../src/host/contract.ts';
import type { Answer, SignerHost } from '../../host/client.ts';
import type { FileContent } from '../../ui/file-content.ts';
import { emptyBackup, emptyPaper, withoutSecrets, withShare, type BackupEntry, type PaperEntry, type ShareSet } from './drill-entry.ts';
import type { DrillKey } from './drill-keys.ts';

export type DrillRecord = Answer<'drill.list', SignerHost>['records'][number];
/** A record on this laptop that cannot be read, by its file's name and the code of why. */
export type DamagedRecord = NonNullable<Answer<'drill.list', SignerHost>['damaged']>[number];
export type WordCheck = Answer<'mnemonic.check-words', SignerHost>;
export type Rehearsed = Answer<'drill.rehearse', SignerHost>;
export type Fault = Rehearsed['fault'];
export type DrillDue = Answer<'drill.due', SignerHost>['keys'][number];
export type DrillSource = DrillRecord['from'];

/** Who drills, and when the next one is due: settled before the clock starts. */
export interface DrillSetup {
  readonly by: string;
  readonly monthsToNext: number;
}

/** One line of the rehearsal. */
export interface FaultLine {
  readonly fault: Fault;
  /** `null` before it was tried. */
  readonly outcome: Rehearsed | WireError | null;
}

interface Running {
  readonly stage: 'running';
  readonly drillHandle: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly key: DrillKey;
  readonly from: DrillSource;
  readonly paper: PaperEntry;
  readonly backup: BackupEntry;
  /** What the host says of the words so far. Part of the secret; gone with the next letter that is typed. */
  readonly check: WordCheck | null;
  /** The last try, where it did not end the drill. */
  readonly lastTry: DrillRecord | null;
  readonly isBusy: boolean;
  readonly error: WireError | null;
}

export type DrillPage =
  /** `selected`: the key that is looked at, as `idOf` names it. */
  | { readonly stage: 'list'; readonly selected: string | null; readonly isBusy: boolean; readonly error: WireError | null }
  | Running
  | { readonly stage: 'result'; readonly key: DrillKey; readonly record: DrillRecord; readonly keptAs: string | null; readonly isBusy: boolean; readonly error: WireError | null }
  | { readonly stage: 'rehearsal'; readonly lines: readonly FaultLine[]; readonly isBusy: boolean };

/** The workspace where keys are brought back from paper or a backup, to see that they come back. */
export interface DrillsState {
  /** The records on this laptop; `null` before they were read. */
  readonly records: readonly DrillRecord[] | null;
  readonly damaged: readonly DamagedRecord[];
  /** How each key stands today, the most pressing first. */
  readonly due: readonly DrillDue[];
  readonly setup: DrillSetup;
  readonly page: DrillPage;
}

export type DrillsEvent =
  | { readonly type: 'records-read'; readonly records: readonly DrillRecord[]; readonly damaged: readonly DamagedRecord[]; readonly due: readonly DrillDue[] }
  | { readonly type: 'selected'; readonly id: string }
  | { readonly type: 'setup-changed'; readonly setup: DrillSetup }
  | { readonly type: 'working' }
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'begun'; readonly drillHandle: string; readonly startedAt: string; readonly key: DrillKey; readonly from: DrillSource }
  | { readonly type: 'paper-typed'; readonly paper: PaperEntry }
  | { readonly type: 'backup-chosen'; readonly file: FileContent }
  | { readonly type: 'passphrase-typed'; readonly passphrase: string }
  /** `paper`: the very entry that was asked about. */
  | { readonly type: 'checked'; readonly paper: PaperEntry; readonly check: WordCheck }
  /** `paper`: the entry from which the share was put down. */
  | { readonly type: 'share-taken'; readonly paper: PaperEntry; readonly share: string; readonly shareSet: ShareSet }
  /** The answer was wrong and the drill goes on. */
  | { readonly type: 'tried'; readonly drillHandle: string; readonly record: DrillRecord }
  | { readonly type: 'over'; readonly drillHandle: string; readonly record: DrillRecord }
  | { readonly type: 'kept'; readonly name: string }
  | { readonly type: 'closed' }
  | { readonly type: 'rehearsal-opened'; readonly faults: readonly Fault[] }
  | { readonly type: 'rehearsal-started' }
  | { readonly type: 'rehearsed'; readonly fault: Fault; readonly outcome: Rehearsed | WireError }
  | { readonly type: 'rehearsal-ended' }
  /** Another workspace was gone to: a drill goes on, and its time runs, but nothing typed stays. */
  | { readonly type: 'left' };

const listPage = (selected: string | null): Extract<DrillPage, { stage: 'list' }> => ({ stage: 'list', selected, isBusy: false, error: null });

/** Where the workspace begins. */
export const noDrill: DrillsState = { records: null, damaged: [], due: [], setup: { by: '', monthsToNext: 6 }, page: listPage(null) };

export function drillsTransition(state: DrillsState, event: DrillsEvent): DrillsState {
  switch (event.type) {
    case 'records-read':
      return { ...state, records: event.records, damaged: event.damaged, due: event.due };
    case 'setup-changed':
      return { ...state, setup: event.setup };
    default:
      return { ...state, page: pageTransition(state.page, event) };
  }
}

type PageEvent = Exclude<DrillsEvent, { type: 'records-read' | 'setup-changed' }>;

function pageTransition(page: DrillPage, event: PageEvent): DrillPage {
  switch (event.type) {
    case 'working':
      return page.stage === 'rehearsal' ? page : { ...page, isBusy: true, error: null };
    case 'failed':
      if (page.stage === 'rehearsal') return page;
      // The host forgot it (the program was started again): nothing that is typed can answer it any more.
      if (page.stage === 'running' && event.error.code === 'drill.unknown') return { ...listPage(page.key.id), error: event.error };
      return { ...page, isBusy: false, error: event.error };
    case 'closed':
      // A drill that runs is ended by an answer or by giving up, never by looking elsewhere.
      return page.stage === 'running' ? page : listPage(page.stage === 'result' ? page.key.id : null);
    default:
      break;
  }
  switch (page.stage) {
    case 'list':
      return listTransition(page, event);
    case 'running':
      return runningTransition(page, event);
    case 'result':
      return event.type === 'kept' ? { ...page, keptAs: event.name, isBusy: false, error: null } : page;
    case 'rehearsal':
      return rehearsalTransition(page, event);
  }
}

function listTransition(page: Extract<DrillPage, { stage: 'list' }>, event: PageEvent): DrillPage {
  switch (event.type) {
    case 'selected':
      return listPage(event.id);
    case 'begun':
      return {
        stage: 'running', drillHandle: event.drillHandle, startedAt: event.startedAt, key: event.key, from: event.from,
        paper: emptyPaper(), backup: emptyBackup, check: null, lastTry: null, isBusy: false, error: null,
      };
    case 'rehearsal-opened':
      return { stage: 'rehearsal', lines: event.faults.map((fault) => ({ fault, outcome: null })), isBusy: false };
    default:
      return page;
  }
}

function runningTransition(page: Running, event: PageEvent): DrillPage {
  switch (event.type) {
    case 'paper-typed':
      return { ...page, paper: event.paper, check: null, error: null };
    case 'backup-chosen':
      return { ...page, backup: { ...page.backup, file: event.file }, error: null };
    case 'passphrase-typed':
      return { ...page, backup: { ...page.backup, passphrase: event.passphrase }, error: null };
    case 'checked':
      // An answer about other words than those that stand there now would only mislead.
      return page.paper === event.paper ? { ...page, check: event.check, isBusy: false } : { ...page, isBusy: false };
    case 'share-taken':
      return page.paper === event.paper ? { ...page, paper: withShare(event.paper, event.share, event.shareSet), isBusy: false } : { ...page, isBusy: false };
    case 'tried':
      return page.drillHandle === event.drillHandle ? { ...page, lastTry: event.record, check: null, isBusy: false, error: null } : page;
    case 'over':
      return page.drillHandle === event.drillHandle ? { stage: 'result', key: page.key, record: event.record, keptAs: null, isBusy: false, error: null } : page;
    case 'left':
      return { ...page, paper: withoutSecrets(page.paper), backup: emptyBackup, check: null };
    default:
      return page;
  }
}

function rehearsalTransition(page: Extract<DrillPage, { stage: 'rehearsal' }>, event: PageEvent): DrillPage {
  switch (event.type) {
    case 'rehearsal-started':
      return { ...page, isBusy: true, lines: page.lines.map(({ fault }) => ({ fault, outcome: null })) };
    case 'rehearsed':
      return { ...page, lines: page.lines.map((line) => (line.fault === event.fault ? { ...line, outcome: event.outcome } : line)) };
    case 'rehearsal-ended':
      return { ...page, isBusy: false };
    default:
      return page;
  }
}

/** What the rehearsal shows, once all of it was tried; `null` before. A fault that could not be tried is a surprise too. */
export function rehearsalVerdict(lines: readonly FaultLine[]): 'as-predicted' | 'surprise' | null {
  if (lines.some(({ outcome }) => outcome !== null && ('code' in outcome || !outcome.asPredicted))) return 'surprise';
  return lines.length > 0 && lines.every(({ outcome }) => outcome !== null) ? 'as-predicted' : null;
}
