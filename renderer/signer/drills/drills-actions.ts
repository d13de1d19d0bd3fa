import type { FileContent } from '../../ui/file-content.ts';
import type { SignerContext } from '../context.ts';
import { draftShare, secretsOf, takesBip39Passphrase, withShare, type PaperEntry } from './drill-entry.ts';
import { drillKeys, type DrillKey } from './drill-keys.ts';
import { faults } from './drill-texts.ts';
import type { DrillPage, DrillRecord, DrillSource } from './drills-state.ts';

type Running = Extract<DrillPage, { stage: 'running' }>;

/** What the Drills workspace does: each asks the host and tells the machine what came of it. */
export function drillsActions(context: SignerContext) {
  const { host, drills, session } = context;

  /** Reads what is kept, and how each key stands today. */
  const readRecords = async (): Promise<void> => {
    const kept = await host['drill.list']({});
    if (!kept.ok) return drills.send({ type: 'failed', error: kept.error });
    const { records, damaged = [] } = kept.value;
    const keys = drillKeys(session.state.value, records, context.usualNetwork).map(({ fingerprint, network, label }) => ({ fingerprint, network, label }));
    const due = await host['drill.due']({ records: records.map((record) => JSON.stringify(record)), keys, today: null });
    drills.send(due.ok ? { type: 'records-read', records, damaged, due: due.value.keys } : { type: 'failed', error: due.error });
  };

  const begin = async (key: DrillKey, from: DrillSource): Promise<void> => {
    const { page } = drills.state.value;
    if (page.stage !== 'list' || page.isBusy) return;
    drills.send({ type: 'working' });
    const { fingerprint, network, label, registrations } = key;
    const reply = await host['drill.begin']({ subject: { fingerprint, network, label, registrations: registrations.map(({ text }) => text) }, from });
    drills.send(reply.ok ? { type: 'begun', ...reply.value, key, from } : { type: 'failed', error: reply.error });
  };

  const checkWords = async (): Promise<void> => {
    const page = running();
    if (page === null || page.isBusy) return;
    const { paper } = page;
    drills.send({ type: 'working' });
    const reply = await host['mnemonic.check-words']({ text: paper.words.map((word) => (word === '' ? '?' : word)).join(' '), language: paper.language });
    drills.send(reply.ok ? { type: 'checked', paper, check: reply.value } : { type: 'failed', error: reply.error });
  };

  /** Puts the typed share down, once the host found it whole and of the others' set. */
  const takeShare = async (): Promise<void> => {
    const page = running();
    const share = page === null ? '' : draftShare(page.paper);
    if (page === null || page.isBusy || share === '') return;
    const { paper } = page;
    if (paper.seedXor) return drills.send({ type: 'paper-typed', paper: withShare(paper, share, null) });
    drills.send({ type: 'working' });
    const reply = await host['share.check']({ secrets: [...paper.shares, share] });
    if (!reply.ok) return drills.send({ type: 'failed', error: reply.error });
    drills.send({ type: 'share-taken', paper, share, shareSet: reply.value });
  };

  const chooseBackup = async (): Promise<void> => {
    const reply = await host['file.open']({ kind: 'key', several: false });
    if (!reply.ok) return drills.send({ type: 'failed', error: reply.error });
    takeBackup(reply.value.files);
  };
  const takeBackup = ([file]: readonly FileContent[]): void => {
    if (file !== undefined) drills.send({ type: 'backup-chosen', file });
  };

  const answer = async (final: boolean): Promise<void> => {
    const page = running();
    if (page === null || page.isBusy) return;
    const { by, monthsToNext } = drills.state.value.setup;
    drills.send({ type: 'working' });
    const reply = await host['drill.answer']({ drillHandle: page.drillHandle, answer: answerOf(page), by: by.trim(), final, monthsToNext });
    if (!reply.ok) return drills.send({ type: 'failed', error: reply.error });
    const { record, isOver } = reply.value;
    if (isOver) await end(page.drillHandle, record);
    else drills.send({ type: 'tried', drillHandle: page.drillHandle, record });
  };

  const giveUp = async (): Promise<void> => {
    const page = running();
    if (page === null || page.isBusy) return;
    drills.send({ type: 'working' });
    const reply = await host['drill.abandon']({ drillHandle: page.drillHandle, by: drills.state.value.setup.by.trim() });
    if (!reply.ok) return drills.send({ type: 'failed', error: reply.error });
    await end(page.drillHandle, reply.value.record);
  };

  /** Whatever came of it is kept without being asked: a failed drill is the one that must not get lost. */
  const end = async (drillHandle: string, record: DrillRecord): Promise<void> => {
    drills.send({ type: 'over', drillHandle, record });
    await keep();
  };
  const keep = async (): Promise<void> => {
    const { page } = drills.state.value;
    if (page.stage !== 'result' || page.isBusy || page.keptAs !== null) return;
    drills.send({ type: 'working' });
    const reply = await host['drill.keep']({ record: page.record });
    if (!reply.ok) return drills.send({ type: 'failed', error: reply.error });
    drills.send({ type: 'kept', name: reply.value.name });
    await readRecords();
  };

  const rehearse = async (): Promise<void> => {
    const { page } = drills.state.value;
    if (page.stage !== 'rehearsal' || page.isBusy) return;
    drills.send({ type: 'rehearsal-started' });
    for (const fault of faults) {
      const reply = await host['drill.rehearse']({ fault });
      drills.send({ type: 'rehearsed', fault, outcome: reply.ok ? reply.value : reply.error });
    }
    drills.send({ type: 'rehearsal-ended' });
  };

  const running = (): Running | null => {
    const { page } = drills.state.value;
    return page.stage === 'running' ? page : null;
  };
  const typePaper = (paper: PaperEntry): void => drills.send({ type: 'paper-typed', paper });

  return { readRecords, begin, checkWords, takeShare, chooseBackup, takeBackup, answer, giveUp, keep, rehearse, typePaper };
}

function answerOf({ from, paper, backup }: Running) {
  if (from === 'backup') return { from, keyFileBase64: backup.file?.contentBase64 ?? '', passphrase: backup.passphrase };
  const takesBip39 = takesBip39Passphrase(paper);
  return {
    from, secrets: [...secretsOf(paper)], language: paper.language, seedXor: paper.way === 'shares' && paper.seedXor,
    // Only the one whose field is in view: the other was typed for something else.
    bip39Passphrase: takesBip39 ? paper.bip39Passphrase : '', sharePassphrase: takesBip39 ? '' : paper.sharePassphrase,
  };
}

export type DrillsActions = ReturnType<typeof drillsActions>;
