import type { Reply, WireError } from '../../../src/host/contract.ts';
import type { WalletScript } from '../../../src/host/wallet-scripts.ts';
import { base64OfText, type FileContent } from '../../ui/file-content.ts';
import { readShelf, type SignerContext } from '../context.ts';
import { keepKey } from './keep-key.ts';
import type { KeysState, RecordFormat } from './keys-state.ts';
import { childIndex, taskProblem, type KeyTask, type TaskEvent } from './task-state.ts';

/** What the Keys workspace does with keys that are on the shelf: each asks the host and tells the machines what came of it. */
export function keysActions(context: SignerContext) {
  const { host, keys, session } = context;
  const failed = (error: WireError): void => keys.send({ type: 'failed', error });
  const task = (event: TaskEvent): void => keys.send({ type: 'task', event });
  const shelf = (): Extract<KeysState, { stage: 'shelf' }> | null => (keys.state.value.stage === 'shelf' ? keys.state.value : null);

  const unlock = async (fileName: string, keyFileBase64: string): Promise<void> => {
    const state = shelf();
    if (state === null || state.isBusy || state.passphrase === '') return;
    keys.send({ type: 'working' });
    const reply = await host['key.unlock']({ keyFileBase64, passphrase: state.passphrase });
    if (!reply.ok) return failed(reply.error);
    session.send({ type: 'unlocked', key: { fileName, facts: reply.value } });
    keys.send({ type: 'done', fileName });
  };

  const lock = async (keyHandle: string): Promise<void> => {
    await host['key.lock']({ keyHandle });
    session.send({ type: 'locked', keyHandle });
    keys.send({ type: 'left' });
  };

  const showRecord = async (keyHandle: string): Promise<void> => {
    const chosen = shelf();
    if (chosen === null) return;
    const { script, format } = chosen;
    keys.send({ type: 'working' });
    const reply = await host['key.export']({ keyHandle, script, account: 0, format });
    keys.send(reply.ok ? { type: 'record-shown', record: reply.value, script, format } : { type: 'failed', error: reply.error });
  };
  /** A record that is shown already is shown for the type and the format that were chosen. */
  const shownAgain = async (keyHandle: string, choose: () => void): Promise<void> => {
    const isShown = shelf()?.record !== null;
    choose();
    if (isShown) await showRecord(keyHandle);
  };
  const chooseScript = (keyHandle: string, script: WalletScript): Promise<void> => shownAgain(keyHandle, () => keys.send({ type: 'script-chosen', script }));
  const chooseFormat = (keyHandle: string, format: RecordFormat): Promise<void> => shownAgain(keyHandle, () => keys.send({ type: 'format-chosen', format }));

  const saveRecord = async (): Promise<void> => {
    const record = shelf()?.record ?? null;
    if (record === null) return;
    const { keyRecord, suggestedName, fingerprint } = record;
    const reply = await host['file.save']({ kind: 'key-record', suggestedName, contentBase64: base64OfText(`${keyRecord.trimEnd()}\n`) });
    if (!reply.ok) return failed(reply.error);
    if (reply.value.savedAs === null) return;
    keys.send({ type: 'record-saved', savedAs: reply.value.savedAs });
    session.send({ type: 'record-saved', fingerprint });
  };

  /** Takes key files from elsewhere onto the shelf; they stay encrypted. */
  const addKeyFiles = async (files: readonly FileContent[]): Promise<void> => {
    for (const file of files) {
      const reply = await host['shelf.add-key']({ name: file.name, keyFileBase64: file.contentBase64 });
      if (!reply.ok) return failed(reply.error);
      keys.send({ type: 'selected', fileName: reply.value.name });
    }
    await readShelf(context);
    await readCopies();
  };
  const openKeyFiles = async (): Promise<void> => {
    const reply = await host['file.open']({ kind: 'key', several: true });
    if (!reply.ok) return failed(reply.error);
    await addKeyFiles(reply.value.files);
  };

  const readCopies = async (): Promise<void> => {
    const reply = await host['copies.list']({});
    if (reply.ok) keys.send({ type: 'copies-read', copies: reply.value.keys });
    else failed(reply.error);
  };
  const withCopies = async (ask: () => Promise<Reply<{ readonly copies: Parameters<typeof changedCopies>[0] }>>): Promise<void> => {
    if (shelf()?.isBusy !== false) return;
    keys.send({ type: 'working' });
    const reply = await ask();
    if (reply.ok) changedCopies(reply.value.copies);
    else failed(reply.error);
  };
  const changedCopies = (copies: NonNullable<Extract<KeysState, { stage: 'shelf' }>['copies']>[number] | null): void => keys.send({ type: 'copies-changed', copies });
  const addCopy = (name: string): Promise<void> => withCopies(() => host['copies.add']({ name }));
  const checkCopies = (name: string): Promise<void> => withCopies(() => host['copies.check']({ name }));

  const uncover = async (keyHandle: string): Promise<void> => {
    keys.send({ type: 'words-asked' });
    const reply = await host['key.words']({ keyHandle });
    keys.send(reply.ok ? { type: 'words-uncovered', words: reply.value.words } : { type: 'failed', error: reply.error });
  };

  const currentTask = <Kind extends KeyTask['kind']>(kind: Kind): Extract<KeyTask, { kind: Kind }> | null => {
    const current = shelf()?.task ?? null;
    return current?.kind === kind && !current.isBusy && taskProblem(current) === null ? (current as Extract<KeyTask, { kind: Kind }>) : null;
  };

  const changePassphrase = async (keyFileBase64: string): Promise<void> => {
    const current = currentTask('passphrase');
    if (current === null) return;
    task({ type: 'working' });
    const changed = await host['key.change-passphrase']({ keyFileBase64, passphrase: current.old, newPassphrase: current.first });
    if (!changed.ok) return task({ type: 'failed', error: changed.error });
    const kept = await host['shelf.replace-key']({ name: current.fileName, keyFileBase64: changed.value.keyFileBase64 });
    if (!kept.ok) return task({ type: 'failed', error: kept.error });
    task({ type: 'done' });
    await readShelf(context);
    // The copies are those of the file before: that must be seen now, not at the next check.
    const checked = await host['copies.check']({ name: current.fileName });
    if (checked.ok) changedCopies(checked.value.copies);
    else failed(checked.error);
  };

  const makeChild = async (): Promise<void> => {
    const current = currentTask('child');
    const index = current === null ? null : childIndex(current.index);
    if (current === null || index === null) return;
    task({ type: 'working' });
    const reply = await host['key.child']({ keyHandle: current.keyHandle, words: current.words, index, label: current.label, passphrase: current.first });
    if (!reply.ok) return task({ type: 'failed', error: reply.error });
    const error = await keepKey(context, reply.value);
    if (error !== null) return task({ type: 'failed', error });
    await readCopies();
  };

  /** Goes to the Paper workspace with this key and this sheet chosen. */
  const order = (keyHandle: string, what: 'seed' | 'cosigner-card' | 'shares'): void => {
    context.paper.send({ type: 'ordered', keyHandle, what });
    context.go('paper');
  };

  return { unlock, lock, showRecord, chooseScript, chooseFormat, saveRecord, addKeyFiles, openKeyFiles, readCopies, addCopy, checkCopies, uncover, task, changePassphrase, makeChild, order };
}

export type KeysActions = ReturnType<typeof keysActions>;
