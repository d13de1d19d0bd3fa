import { sha256 } from '@noble/hashes/sha2.js';
import type { InferInput } from 'valibot';
import { toHex, utf8 } from '../../domain/bytes.ts';
import type { SheetForCustody } from '../../custody/events.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { prepareSheets, ReadState } from '../../host/paper-wire.ts';
import { isCheckWords } from '../../paper/check-words.ts';
import type { Page } from '../../paper/page.ts';
import { codesOf, type SheetPart } from '../../paper/sheet.ts';
import type { PaperWalletRecord } from '../../signer/entropy/paper-wallet-record.ts';
import type { SignerEffects } from './effects.ts';
import type { PreparedSheet, PreparedSheets } from './prepared-sheet.ts';
import { readState, type SheetReadState } from './print-proof.ts';

/** A job that nobody touched for so long is dropped: reading 500 sheets back takes its time, a laptop left alone does not get it. */
export const IDLE_JOB_MS = 30 * 60 * 1000;
/** Jobs at the same time; the one that was left alone longest makes room. */
const MOST_JOBS = 8;
/** Foreign texts that are told apart; a count above it says no more to anybody. */
const MOST_FOREIGN = 1000;

type PreparedReply = InferInput<(typeof prepareSheets)['output']>;
type ReadReply = InferInput<typeof ReadState>;

/** A sheet that was read back just now and is not in the custody register as such yet. */
export interface NewlyMade {
  readonly sheet: SheetForCustody;
  readonly by: 'codes' | 'words';
}

interface Job {
  readonly prepared: PreparedSheets;
  /** The unlocked key that it was made of; `null` for templates and new paper wallets. */
  readonly keyHandle: string | null;
  /** Pages of all sheets in the order of printing. */
  readonly pages: readonly { readonly sheet: PreparedSheet; readonly page: Page; readonly number: number }[];
  /** Texts of its own codes that were scanned. */
  readonly scanned: Set<string>;
  /** SHA-256 of texts that are none of its own: somebody else's secret is not kept here. */
  readonly foreign: Set<string>;
  typed: readonly string[];
  readonly noted: Set<string>;
  by: string;
  usedAt: number;
  cancelTimer: () => void;
}

/**
 * Prepared sheets in the host's memory, under handles that nobody can guess. The window gets names, numbers and addresses of
 * pictures; what the sheets say stays here until the job is dropped.
 */
export class SheetJobs {
  readonly #effects: Pick<SignerEffects, 'newHandle' | 'now' | 'after'>;
  readonly #onDrop: (job: string) => void;
  readonly #jobs = new Map<string, Job>();
  #dropsOfAll = 0;

  /** @param onDrop told of every job that is gone, so that what hangs on it goes too */
  constructor(effects: Pick<SignerEffects, 'newHandle' | 'now' | 'after'>, onDrop: (job: string) => void = () => undefined) {
    this.#effects = effects;
    this.#onDrop = onDrop;
  }

  /** For sheets that take time to make. @returns whether everything was dropped since now: what is made then must not be kept */
  watchDrops(): () => boolean {
    const dropsBefore = this.#dropsOfAll;
    return () => this.#dropsOfAll !== dropsBefore;
  }

  /** @param pictureOf the address of a page's picture, from the job's handle and the page's place in it */
  open(prepared: PreparedSheets, keyHandle: string | null, pictureOf: (job: string, index: number) => string): PreparedReply {
    if (this.#jobs.size >= MOST_JOBS) this.drop([...this.#jobs].reduce((oldest, each) => (each[1].usedAt < oldest[1].usedAt ? each : oldest))[0]);
    const handle = this.#effects.newHandle();
    const pages = prepared.sheets.flatMap((sheet) => sheet.pages.map((page, index) => ({ sheet, page, number: index + 1 })));
    this.#jobs.set(handle, { prepared, keyHandle, pages, scanned: new Set(), foreign: new Set(), typed: [], noted: new Set(), by: '', usedAt: this.#effects.now(), cancelTimer: this.#startTimer(handle) });
    return {
      job: handle,
      sheets: prepared.sheets.map(({ sheet, facts }) => ({ ...facts, label: sheet.label, codes: codesOf(sheet).map(({ id }) => id) })),
      pages: pages.map(({ sheet, page, number }, index) => ({ sheetId: sheet.facts.sheetId, page: number, picture: pictureOf(handle, index), widthMm: page.widthMm, heightMm: page.heightMm })),
      handCodes: prepared.handCodes.map(({ serial, code }) => ({ serial, code })),
    };
  }

  /** @returns `null` where the job is gone or has no such page */
  page(handle: string, index: number): Page | null {
    const job = this.#jobs.get(handle);
    if (job === undefined) return null;
    this.#touch(handle, job);
    return job.pages[index]?.page ?? null;
  }

  /**
   * Everything of one part, for a printer or a file.
   * @param by who prints or saves it; read-backs of this job are noted under this name
   * @throws StrongroomError `sheet.gone`, `paper.malformed` where the job has nothing of that part
   */
  part(handle: string, part: SheetPart, by: string): { readonly sheets: readonly SheetForCustody[]; readonly pages: readonly Page[]; readonly serial: string } {
    const job = this.#use(handle);
    const sheets = job.prepared.sheets.filter(({ facts }) => facts.part === part);
    const [first] = sheets;
    if (first === undefined) throw new StrongroomError('paper.malformed', `Nothing of this is ${part}.`, { part }, 'Choose the other part.');
    job.by = by;
    return { sheets: sheets.map(forCustody), pages: sheets.flatMap(({ pages }) => pages), serial: first.facts.serial };
  }

  /** How a batch of new paper wallets came to be; of other sheets nothing. @throws StrongroomError `sheet.gone` */
  recordOf(handle: string): PaperWalletRecord | undefined {
    return this.#use(handle).prepared.record;
  }

  /** Adds what a picture showed. @throws StrongroomError `sheet.gone` */
  scan(handle: string, texts: readonly string[]): ReadReply {
    const job = this.#use(handle);
    const own = new Set(job.prepared.sheets.flatMap(({ sheet }) => codesOf(sheet).map(({ text }) => text)));
    for (const text of texts) {
      if (own.has(text)) job.scanned.add(text);
      else if (job.foreign.size < MOST_FOREIGN) job.foreign.add(toHex(sha256(utf8(text))));
    }
    return replyOf(job, texts.length);
  }

  /** Adds check words, three an entry. @throws StrongroomError `sheet.gone` */
  typeWords(handle: string, words: readonly string[]): ReadReply {
    const job = this.#use(handle);
    for (const typed of words) if (job.typed.length < MOST_FOREIGN && typed.trim() !== '' && !job.typed.includes(typed)) job.typed = [...job.typed, typed];
    return replyOf(job, 0);
  }

  /** Sheets that are proven and were not noted yet, and who printed them. @throws StrongroomError `sheet.gone` */
  newlyMade(handle: string): { readonly sheets: readonly NewlyMade[]; readonly by: string } {
    const job = this.#use(handle);
    const byId = new Map(job.prepared.sheets.map((sheet) => [sheet.facts.sheetId, sheet]));
    const made = statesOf(job).flatMap(({ sheetId, by }) => {
      const sheet = byId.get(sheetId);
      return by === null || sheet === undefined || job.noted.has(sheetId) ? [] : [{ sheet: forCustody(sheet), by }];
    });
    return { sheets: made, by: job.by };
  }

  /** These are in the custody register now. */
  noted(handle: string, sheetIds: readonly string[]): void {
    for (const sheetId of sheetIds) this.#jobs.get(handle)?.noted.add(sheetId);
  }

  /** These were handed to a printer: the new paper has to be read back, whatever an earlier one showed. */
  printed(handle: string, sheetIds: readonly string[]): void {
    const job = this.#jobs.get(handle);
    if (job === undefined) return;
    const anew = job.prepared.sheets.filter(({ facts }) => sheetIds.includes(facts.sheetId));
    for (const { sheet, facts } of anew) {
      job.noted.delete(facts.sheetId);
      for (const { text } of codesOf(sheet)) job.scanned.delete(text);
    }
    job.typed = job.typed.filter((typed) => !anew.some(({ pages }) => pages.some(({ checkWords }) => isCheckWords(typed, checkWords))));
  }

  /** Dropping what is gone is no error. */
  drop(handle: string): void {
    const job = this.#jobs.get(handle);
    if (job === undefined) return;
    this.#jobs.delete(handle);
    job.cancelTimer();
    job.scanned.clear();
    this.#onDrop(handle);
  }

  /** What was made of a key goes with it. */
  dropOfKey(keyHandle: string): void {
    for (const [handle, job] of [...this.#jobs]) if (job.keyHandle === keyHandle) this.drop(handle);
  }

  dropAll(): void {
    this.#dropsOfAll += 1;
    for (const handle of [...this.#jobs.keys()]) this.drop(handle);
  }

  #use(handle: string): Job {
    const job = this.#jobs.get(handle);
    if (job === undefined) {
      throw new StrongroomError('sheet.gone', 'The prepared sheets are gone: the print was ended, its key was locked, the page was reloaded or closed, nobody used them for 30 minutes, or more prints were begun than are kept.', {}, 'Prepare them again. Prints of paper wallets and shares that were not read back are of another batch: note them as void and destroy them.');
    }
    this.#touch(handle, job);
    return job;
  }

  #touch(handle: string, job: Job): void {
    job.cancelTimer();
    job.cancelTimer = this.#startTimer(handle);
    job.usedAt = this.#effects.now();
  }

  // A timer stands still while a laptop sleeps; going to sleep drops every job anyway.
  #startTimer(handle: string): () => void {
    return this.#effects.after(IDLE_JOB_MS, () => this.drop(handle));
  }
}

const statesOf = (job: Job): readonly SheetReadState[] => readState(job.prepared, { scanned: [...job.scanned], words: job.typed }).sheets;

function replyOf(job: Job, seen: number): ReadReply {
  const { sheets, foreignWords } = readState(job.prepared, { scanned: [...job.scanned], words: job.typed });
  return {
    sheets: sheets.map(({ sheetId, read, missing, unproven, made, by }) => ({ sheetId, read: [...read], missing: [...missing], unproven: [...unproven], made, by })),
    foreign: job.foreign.size,
    foreignWords,
    seen,
  };
}

function forCustody({ sheet, facts, fingerprint }: PreparedSheet): SheetForCustody {
  const { sheetId, serial, kind, part, pages } = facts;
  return { sheetId, serial, kind, part, label: sheet.label, network: sheet.network, fingerprint, pages };
}
