import type { SignerContext } from '../context.ts';
import { askedPositions, type Ceremony, type CeremonyEvent } from './ceremony-state.ts';
import { keepKey } from './keep-key.ts';

/** What the ceremony of making a key does: each step asks the host and tells the machine what came of it. */
export function ceremonyActions(context: SignerContext) {
  const { host, keys } = context;
  const send = (event: CeremonyEvent): void => keys.send({ type: 'ceremony', event });
  const ceremony = (): Ceremony | null => {
    const state = keys.state.value;
    return state.stage === 'creating' ? state.ceremony : null;
  };

  const make = async (): Promise<void> => {
    const at = ceremony();
    if (at?.step !== 'passphrase' || at.isBusy) return;
    const { about, texts, first } = at;
    send({ type: 'making' });
    const reply = await host['key.create']({ ...about, ...texts, passphrase: first });
    if (!reply.ok) return send({ type: 'failed', error: reply.error });
    // Stopped while it was being made: the host forgets it as the window has.
    if (ceremony()?.step !== 'passphrase') return void (await host['key.lock']({ keyHandle: reply.value.keyHandle }));
    send({ type: 'made', key: reply.value });
  };

  const uncover = async (keyHandle: string): Promise<void> => {
    send({ type: 'uncovering' });
    const reply = await host['key.words']({ keyHandle });
    send(reply.ok ? { type: 'uncovered', words: reply.value.words } : { type: 'failed', error: reply.error });
  };

  const beginCheck = (words: number): void => {
    // Which words are asked for is no secret; it only must not be known while writing.
    const random = (below: number): number => (crypto.getRandomValues(new Uint32Array(1))[0] as number) % below;
    send({ type: 'check-begun', asked: askedPositions(words, random) });
  };

  const check = async (): Promise<void> => {
    const at = ceremony();
    if (at?.step !== 'check' || at.isBusy) return;
    const { key, asked, answers } = at;
    send({ type: 'checking' });
    const reply = await host['key.words']({ keyHandle: key.keyHandle });
    if (!reply.ok) return send({ type: 'failed', error: reply.error });
    send({ type: 'checked', wrong: asked.flatMap((word, position) => (reply.value.words[word] === answers[position] ? [] : [position])) });
  };

  const save = async (): Promise<void> => {
    const at = ceremony();
    if (at?.step !== 'save' || at.isBusy) return;
    send({ type: 'saving' });
    const error = await keepKey(context, at.key);
    if (error !== null) send({ type: 'failed', error });
  };

  /** Ends a ceremony before the key was saved; the key is locked and forgotten. */
  const stop = async (): Promise<void> => {
    const at = ceremony();
    keys.send({ type: 'left' });
    if (at !== null && 'key' in at) await host['key.lock']({ keyHandle: at.key.keyHandle });
  };

  return { send, make, uncover, beginCheck, check, save, stop };
}

export type CeremonyActions = ReturnType<typeof ceremonyActions>;
