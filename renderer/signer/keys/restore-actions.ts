import type { WireError } from '../../../src/host/contract.ts';
import type { SignerContext } from '../context.ts';
import { hasBip39Passphrase, secretsOf, wordsText, type RestoreForm } from './restore-form.ts';
import { onOneLine, wordsBeforeLast, type Restore, type RestoreEvent, type ShareSet } from './restore-state.ts';
import { keepKey } from './keep-key.ts';

/** What the restore page does: each asks the host and tells the machine what came of it. */
export function restoreActions(context: SignerContext) {
  const { host, keys } = context;
  const send = (event: RestoreEvent): void => keys.send({ type: 'restore', event });
  const typing = (): Extract<Restore, { step: 'typing' }> | null => {
    const state = keys.state.value;
    return state.stage === 'restoring' && state.restore.step === 'typing' ? state.restore : null;
  };

  const change = (part: Partial<RestoreForm>): void => {
    const restore = typing();
    if (restore !== null) send({ type: 'changed', form: { ...restore.form, ...part } });
  };

  /** Asks about the words as they stand; an error of this help is not shown, since restoring says the same with more weight. */
  const checkWords = async (form: RestoreForm): Promise<void> => {
    const text = wordsText(form);
    if (text === '') return;
    const reply = await host['mnemonic.check-words']({ text, language: form.language });
    if (reply.ok) send({ type: 'words-checked', text, language: form.language, found: reply.value });
  };

  const findLastWords = async (): Promise<void> => {
    const restore = typing();
    if (restore === null) return;
    const text = wordsBeforeLast(restore.form);
    const reply = await host['mnemonic.last-words']({ text, language: restore.form.language ?? restore.check?.found.language ?? 'english' });
    send(reply.ok ? { type: 'last-words-found', text, words: reply.value.words } : { type: 'failed', error: reply.error });
  };

  /** How far a set of shares is; Seed XOR has no sets, and no part of it says anything. */
  const setOf = async (form: RestoreForm, shares: readonly string[]): Promise<{ readonly set: ShareSet | null } | { readonly error: WireError }> => {
    if (form.form === 'seed-xor' || shares.length === 0) return { set: null };
    const reply = await host['share.check']({ secrets: [...shares] });
    return reply.ok ? { set: reply.value } : { error: reply.error };
  };

  const takeShare = async (): Promise<void> => {
    const restore = typing();
    const share = onOneLine(restore?.form.share ?? '');
    if (restore === null || restore.isBusy || share === '') return;
    send({ type: 'working' });
    const asked = await setOf(restore.form, [...restore.form.shares, share]);
    send('error' in asked ? { type: 'failed', error: asked.error } : { type: 'share-taken', share, set: asked.set });
  };

  const removeShare = async (position: number): Promise<void> => {
    const restore = typing();
    if (restore === null) return;
    const asked = await setOf(restore.form, restore.form.shares.filter((_, index) => index !== position));
    send('error' in asked ? { type: 'failed', error: asked.error } : { type: 'share-removed', position, set: asked.set });
  };

  const showCharacters = async (): Promise<void> => {
    const passphrase = typing()?.form.bip39Passphrase ?? '';
    const reply = await host['passphrase.code-points']({ text: passphrase });
    send(reply.ok ? { type: 'characters-shown', passphrase, characters: reply.value.characters } : { type: 'failed', error: reply.error });
  };

  const restore = async (): Promise<void> => {
    const state = typing();
    if (state === null || state.isBusy) return;
    const { form } = state;
    send({ type: 'working' });
    const reply = await host['key.restore']({
      network: form.network,
      label: form.label,
      secrets: secretsOf(form),
      language: form.form === 'words' || form.form === 'seed-xor' ? form.language : null,
      bip39Passphrase: hasBip39Passphrase(form.form) ? form.bip39Passphrase : '',
      sharePassphrase: form.form === 'slip39' ? form.sharePassphrase : '',
      ...(form.form === 'seed-xor' ? { seedXor: true } : {}),
      passphrase: form.first,
    });
    if (!reply.ok) return send({ type: 'failed', error: reply.error });
    // Stopped while it was being made: the host forgets it as the window has.
    if (typing() === null) return void (await host['key.lock']({ keyHandle: reply.value.keyHandle }));
    send({ type: 'restored', key: reply.value });
  };

  const keep = async (): Promise<void> => {
    const state = keys.state.value;
    if (state.stage !== 'restoring' || state.restore.step !== 'comparing' || state.restore.isBusy) return;
    send({ type: 'working' });
    const error = await keepKey(context, state.restore.key);
    if (error !== null) send({ type: 'failed', error });
  };

  /** Leaves without keeping anything; a key that was made is locked and forgotten. */
  const stop = async (): Promise<void> => {
    const state = keys.state.value;
    const made = state.stage === 'restoring' && state.restore.step === 'comparing' ? state.restore.key : null;
    keys.send({ type: 'left' });
    if (made !== null) await host['key.lock']({ keyHandle: made.keyHandle });
  };

  return { send, change, checkWords, findLastWords, takeShare, removeShare, showCharacters, restore, keep, stop };
}

export type RestoreActions = ReturnType<typeof restoreActions>;
