import type { WireError } from '../../../src/host/contract.ts';
import type { FrameContent } from '../../camera/camera-scan.tsx';
import type { NetworkName } from '../../frame/networks.ts';
import type { SignerContext } from '../context.ts';
import { registrationsOf, unlockedKeys, type StoredRegistration, type UnlockedKey } from '../session.ts';
import { pagesOf, printProblem, sheetForWords, type JobEvent, type Part } from './job-state.ts';
import { orderOf, orderProblem, type OrderForm, type What } from './order-form.ts';
import { noteProblem, type CustodySheet, type NoteForm, type RegisterEvent } from './register-state.ts';

/** Keys that a sheet can be made of: seed sheets need words, shares need words or a seed. */
export function keysFor(what: What, keys: readonly UnlockedKey[]): readonly UnlockedKey[] {
  if (what === 'seed') return keys.filter((key) => key.facts.secret === 'mnemonic');
  return what === 'shares' ? keys.filter((key) => key.facts.secret !== 'master-key') : keys;
}

/** The key, wallet and network that a form stands for, where it leaves them open. */
export interface Chosen {
  readonly keys: readonly UnlockedKey[];
  readonly key: UnlockedKey | null;
  readonly registrations: readonly StoredRegistration[];
  readonly registration: StoredRegistration | null;
  readonly network: NetworkName;
}

export function chosenOf(context: SignerContext, form: OrderForm): Chosen {
  const session = context.session.state.value;
  const keys = keysFor(form.what, unlockedKeys(session));
  const key = keys.find((candidate) => candidate.facts.keyHandle === form.keyHandle) ?? keys[0] ?? null;
  const registrations = registrationsOf(session).filter((stored) => stored.ownKey === key?.facts.fingerprint);
  return { keys, key, registrations, registration: registrations.find((stored) => stored.name === form.registration) ?? registrations[0] ?? null, network: form.network ?? key?.facts.network ?? context.usualNetwork };
}

/** What of an order is missing, in words, or `null`. */
export const problemOf = (form: OrderForm, chosen: Chosen): string | null =>
  orderProblem(form, { keyHandle: chosen.key?.facts.keyHandle ?? null, registration: chosen.registration?.registration ?? null });

/** Which preparation is under way, so that it can be given up from a view that was drawn later. */
const underWay = new WeakMap<SignerContext['paper'], AbortController>();

/** What the Paper workspace does: each asks the host and tells the machine what came of it. */
export function paperActions(context: SignerContext) {
  const { host, paper } = context;
  const job = (event: JobEvent): void => paper.send({ type: 'job', event });
  const register = (event: RegisterEvent): void => paper.send({ type: 'register', event });
  const jobNow = () => paper.state.value.job;
  /** What went wrong with the open job; one that the host no longer has is over. */
  const jobFailed = (error: WireError): void => {
    if (error.code === 'sheet.gone') paper.send({ type: 'job-gone', error });
    else job({ type: 'failed', error });
  };

  const prepare = async (): Promise<void> => {
    const { form, order, job: open } = paper.state.value;
    const chosen = chosenOf(context, form);
    if (order.stage === 'preparing' || open !== null || problemOf(form, chosen) !== null) return;
    const abort = new AbortController();
    underWay.set(paper, abort);
    paper.send({ type: 'preparing', progress: { fraction: null, activity: 'Preparing' } });
    const wanted = orderOf(form, { keyHandle: chosen.key?.facts.keyHandle ?? '', registration: chosen.registration?.registration ?? '', network: chosen.network });
    const reply = await host['sheet.prepare']({ order: wanted }, {
      signal: abort.signal,
      onProgress: (progress) => { if (underWay.get(paper) === abort) paper.send({ type: 'preparing', progress }); },
    });
    underWay.delete(paper);
    if (reply.ok) paper.send({ type: 'prepared', prepared: reply.value });
    else paper.send({ type: 'not-prepared', error: reply.error.code === 'host.cancelled' ? null : reply.error });
  };
  const giveUp = (): void => underWay.get(paper)?.abort();

  /** Ends the job: the host forgets the sheets. What was printed stays in the register. */
  const endJob = async (): Promise<void> => {
    const open = jobNow();
    if (open === null) return;
    paper.send({ type: 'job-ended' });
    await host['sheet.drop']({ job: open.job });
    await list();
  };

  const findPrinters = async (): Promise<void> => {
    const reply = await host['sheet.printers']({});
    job(reply.ok ? { type: 'printers-found', printers: reply.value.printers } : { type: 'failed', error: reply.error });
  };

  const print = async (part: Part): Promise<void> => {
    const open = jobNow();
    if (open === null || printProblem(open, part) !== null || pagesOf(open, part).length === 0) return;
    job({ type: 'working' });
    const reply = await host['sheet.print']({ job: open.job, part, printer: open.printer, by: open.by.trim() });
    const name = open.printers?.find((printer) => printer.name === open.printer)?.displayName ?? open.printer;
    if (!reply.ok) return jobFailed(reply.error);
    job({ type: 'sent', part, sending: { by: 'printer', to: name } });
  };

  const saveAsFile = async (part: Part): Promise<void> => {
    const open = jobNow();
    if (open === null || open.isBusy || open.by.trim() === '') return;
    job({ type: 'working' });
    const reply = await host['sheet.save']({ job: open.job, part, by: open.by.trim() });
    if (!reply.ok) return jobFailed(reply.error);
    job(reply.value.savedAs === null ? { type: 'idle' } : { type: 'sent', part, sending: { by: 'file', to: reply.value.savedAs } });
  };

  const allowCamera = async (on: boolean): Promise<WireError | null> => {
    const reply = await host['camera.use']({ on });
    return reply.ok ? null : reply.error;
  };

  /** One picture of the camera; the view takes the next one when this is done. */
  const scan = async (frame: FrameContent): Promise<void> => {
    const open = jobNow();
    if (open === null) return;
    const reply = await host['sheet.scan']({ job: open.job, frame });
    // A picture of a job that was ended meanwhile says nothing of the next one.
    if (jobNow()?.job !== open.job) return;
    if (!reply.ok) return jobFailed(reply.error);
    job({ type: 'read', read: reply.value, by: 'camera' });
  };

  const scanFile = async (): Promise<void> => {
    const open = jobNow();
    if (open === null || open.isBusy) return;
    job({ type: 'working' });
    const reply = await host['sheet.scan-file']({ job: open.job });
    if (!reply.ok) return jobFailed(reply.error);
    job({ type: 'read', read: reply.value, by: 'file' });
  };

  /** Asks whether the host still has the job: after a picture of it did not come. */
  const lookAfterJob = async (): Promise<void> => {
    const open = jobNow();
    if (open === null) return;
    const reply = await host['sheet.type-words']({ job: open.job, words: [] });
    if (!reply.ok && jobNow()?.job === open.job) jobFailed(reply.error);
  };

  const checkWords = async (): Promise<void> => {
    const open = jobNow();
    const sheet = open === null ? null : sheetForWords(open);
    if (open === null || sheet === null || open.isBusy) return;
    const words = open.words.map((text) => text.trim()).filter((text) => text !== '');
    if (words.length < sheet.pages) return;
    job({ type: 'working' });
    const reply = await host['sheet.type-words']({ job: open.job, words });
    if (!reply.ok) return jobFailed(reply.error);
    job({ type: 'read', read: reply.value, by: 'words' });
  };

  const list = async (): Promise<void> => {
    const reply = await host['custody.list']({});
    register(reply.ok ? { type: 'listed', sheets: reply.value.sheets } : { type: 'failed', error: reply.error });
  };

  const note = async (sheet: CustodySheet, form: NoteForm): Promise<void> => {
    if (paper.state.value.register.isBusy || noteProblem(form) !== null) return;
    register({ type: 'working' });
    const { sheetId } = sheet;
    const by = form.by.trim();
    const remark = form.remark.trim();
    const reply = await host['custody.note'](
      form.act === 'sealed' ? { event: 'sealed', sheetId, by, seal: form.seal.trim(), remark }
        : form.act === 'void' ? { event: 'void', sheetId, by, remark }
          : { event: 'reprinted', sheetId, by, replacement: form.replacement, remark },
    );
    if (!reply.ok) return register({ type: 'failed', error: reply.error });
    register({ type: 'noted', sheet: reply.value.sheet });
    await list();
  };

  return { job, register, prepare, giveUp, endJob, findPrinters, print, saveAsFile, allowCamera, scan, scanFile, lookAfterJob, checkWords, list, note };
}

export type PaperActions = ReturnType<typeof paperActions>;
