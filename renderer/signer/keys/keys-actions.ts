import type { WireError } from '../../../src/host/contract.ts';
import { base64OfText, type FileContent } from '../../ui/file-content.ts';
import { readShelf, type SignerContext } from '../context.ts';
import type { KeyFacts } from '../session.ts';
import { askedPositions, type CeremonyEvent } from './ceremony-state.ts';

/** What the Keys workspace does: each asks the host and tells the machines what came of it. */
export function keysActions(context: SignerContext) {
  const { host, keys, session } = context;
  const ceremony = (event: CeremonyEvent): void => keys.send({ type: 'ceremony', event });

  const unlock = async (fileName: string, keyFileBase64: string): Promise<void> => {
    const state = keys.state.value;
    if (state.stage !== 'shelf' || state.isBusy) return;
    keys.send({ type: 'working' });
    const reply = await host['key.unlock']({ keyFileBase64, passphrase: state.passphrase });
    if (!reply.ok) return keys.send({ type: 'failed', error: reply.error });
    session.send({ type: 'unlocked', key: { fileName, facts: reply.value } });
    keys.send({ type: 'done', fileName });
  };

  const lock = async (keyHandle: string): Promise<void> => {
    await host['key.lock']({ keyHandle });
    session.send({ type: 'locked', keyHandle });
    keys.send({ type: 'left' });
  };

  const showRecord = async (keyHandle: string): Promise<void> => {
    keys.send({ type: 'working' });
    const reply = await host['key.export']({ keyHandle, script: 'p2wsh', account: 0 });
    keys.send(reply.ok ? { type: 'record-shown', record: reply.value } : { type: 'failed', error: reply.error });
  };

  const saveRecord = async (): Promise<void> => {
    const state = keys.state.value;
    if (state.stage !== 'shelf' || state.record === null) return;
    const { keyRecord, suggestedName, fingerprint } = state.record;
    const reply = await host['file.save']({ kind: 'key-record', suggestedName, contentBase64: base64OfText(`${keyRecord}\n`) });
    if (!reply.ok) return keys.send({ type: 'failed', error: reply.error });
    if (reply.value.savedAs === null) return;
    keys.send({ type: 'record-saved', savedAs: reply.value.savedAs });
    session.send({ type: 'record-saved', fingerprint });
  };

  /** Takes key files from elsewhere onto the shelf; they stay encrypted. */
  const addKeyFiles = async (files: readonly FileContent[]): Promise<void> => {
    for (const file of files) {
      const reply = await host['shelf.add-key']({ name: file.name, keyFileBase64: file.contentBase64 });
      if (!reply.ok) return keys.send({ type: 'failed', error: reply.error });
      keys.send({ type: 'selected', fileName: reply.value.name });
    }
    await readShelf(context);
  };
  const openKeyFiles = async (): Promise<void> => {
    const reply = await host['file.open']({ kind: 'key', several: true });
    if (!reply.ok) return keys.send({ type: 'failed', error: reply.error });
    await addKeyFiles(reply.value.files);
  };

  const saveBackup = async (fileName: string, contentBase64: string): Promise<void> => {
    const reply = await host['file.save']({ kind: 'key', suggestedName: fileName, contentBase64 });
    if (!reply.ok) return keys.send({ type: 'failed', error: reply.error });
    if (reply.value.savedAs !== null) keys.send({ type: 'record-saved', savedAs: reply.value.savedAs });
  };

  const make = async (): Promise<void> => {
    const state = keys.state.value;
    if (state.stage !== 'creating' || state.ceremony.step !== 'passphrase' || state.ceremony.isBusy) return;
    const { about, rolls, first } = state.ceremony;
    ceremony({ type: 'making' });
    const reply = await host['key.create']({ ...about, dice: rolls, coins: '', passphrase: first });
    ceremony(reply.ok ? { type: 'made', key: reply.value } : { type: 'failed', error: reply.error });
  };

  const uncover = async (keyHandle: string): Promise<void> => {
    const reply = await host['key.words']({ keyHandle });
    ceremony(reply.ok ? { type: 'uncovered', words: reply.value.words } : { type: 'failed', error: reply.error });
  };

  const beginCheck = (words: number): void => {
    // Which words are asked for is no secret; it only must not be known while writing.
    const random = (below: number): number => (crypto.getRandomValues(new Uint32Array(1))[0] as number) % below;
    ceremony({ type: 'check-begun', asked: askedPositions(words, random) });
  };

  const check = async (): Promise<void> => {
    const state = keys.state.value;
    if (state.stage !== 'creating' || state.ceremony.step !== 'check' || state.ceremony.isBusy) return;
    const { key, asked, answers } = state.ceremony;
    ceremony({ type: 'checking' });
    const reply = await host['key.words']({ keyHandle: key.keyHandle });
    if (!reply.ok) return ceremony({ type: 'failed', error: reply.error });
    ceremony({ type: 'checked', wrong: asked.flatMap((word, position) => (reply.value.words[word] === answers[position] ? [] : [position])) });
  };

  /** Puts a new key onto the shelf and leaves it open. */
  const keep = async (suggestedName: string, keyFileBase64: string, facts: KeyFacts): Promise<WireError | null> => {
    const reply = await host['shelf.add-key']({ name: suggestedName, keyFileBase64 });
    if (!reply.ok) return reply.error;
    await readShelf(context);
    session.send({ type: 'unlocked', key: { fileName: reply.value.name, facts } });
    keys.send({ type: 'done', fileName: reply.value.name });
    return null;
  };

  const save = async (): Promise<void> => {
    const state = keys.state.value;
    if (state.stage !== 'creating' || state.ceremony.step !== 'save' || state.ceremony.isBusy) return;
    const { keyFileBase64, suggestedName, ...facts } = state.ceremony.key;
    ceremony({ type: 'saving' });
    const error = await keep(suggestedName, keyFileBase64, facts);
    if (error !== null) ceremony({ type: 'failed', error });
  };

  /** Ends a ceremony before the key was saved; the key is locked and forgotten. */
  const abandon = async (): Promise<void> => {
    const state = keys.state.value;
    const made = state.stage === 'creating' && 'key' in state.ceremony ? state.ceremony.key : null;
    keys.send({ type: 'left' });
    if (made !== null) await host['key.lock']({ keyHandle: made.keyHandle });
  };

  const restore = async (): Promise<void> => {
    const state = keys.state.value;
    if (state.stage !== 'restoring' || state.isBusy) return;
    const { network, label, mnemonic, bip39Passphrase, first } = state.form;
    keys.send({ type: 'working' });
    const reply = await host['key.restore']({ network, label, mnemonic: mnemonic.trim().replace(/\s+/g, ' '), bip39Passphrase, passphrase: first });
    if (!reply.ok) return keys.send({ type: 'failed', error: reply.error });
    const { keyFileBase64, suggestedName, ...facts } = reply.value;
    const error = await keep(suggestedName, keyFileBase64, facts);
    if (error !== null) keys.send({ type: 'failed', error });
  };

  return { ceremony, unlock, lock, showRecord, saveRecord, addKeyFiles, openKeyFiles, saveBackup, make, uncover, beginCheck, check, save, abandon, restore };
}

export type KeysActions = ReturnType<typeof keysActions>;
