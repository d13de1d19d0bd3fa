import type { WireError } from '../../../src/host/contract.ts';
import type { FrameContent } from '../../camera/camera-scan.tsx';
import type { FileContent } from '../../ui/file-content.ts';
import type { SignerContext } from '../context.ts';
import { registrationsOf, unlockedKeys, type StoredRegistration, type UnlockedKey } from '../session.ts';
import { signedFileName } from './sign-state.ts';
import { asksPassphrase, isOpenAlready, type PaperKey, type SweepEvent, type SweepState } from './sweep-state.ts';
import { beginWork, dropWork } from './work.ts';

/** Registered wallets whose key is open: only that key can prove an address as the wallet's own. */
export function provableWallets(context: SignerContext): readonly { readonly stored: StoredRegistration; readonly key: UnlockedKey }[] {
  const session = context.session.state.value;
  return registrationsOf(session).flatMap((stored) => {
    const key = unlockedKeys(session).find((candidate) => candidate.facts.fingerprint === stored.ownKey);
    return key === undefined ? [] : [{ stored, key }];
  });
}

/** What can be a key among the texts of a page; its address stands there too. */
const keyAmong = (texts: readonly string[]): string | undefined => texts.map((text) => text.trim()).find((text) => /^(6P[1-9A-HJ-NP-Za-km-z]{56}|[59KLc][1-9A-HJ-NP-Za-km-z]{50,51})$/.test(text));

let visits = 0;

/** Begins a sweep of paper wallets; every one has a number of its own. */
export function beginSweep(context: SignerContext): void {
  visits += 1;
  const [key] = unlockedKeys(context.session.state.value);
  context.sign.send({ type: 'sweep-begun', visit: visits, network: key?.facts.network ?? context.usualNetwork });
}

/** What a sweep of paper wallets does: each asks the host and tells the machine what came of it. */
export function sweepActions(context: SignerContext) {
  const { host, sign, session } = context;
  const send = (event: SweepEvent): void => sign.send({ type: 'sweep', event });
  const now = (): SweepState | null => {
    const state = sign.state.value;
    return state.stage === 'sweep' ? state.sweep : null;
  };
  /** What a person stopped is no failure. */
  const failed = (error: WireError): void => send(error.code === 'host.cancelled' ? { type: 'idle' } : { type: 'failed', error });
  const visitNow = (): number | null => (sign.state.value.stage === 'sweep' ? sign.state.value.visit : null);
  const close = async (keys: readonly PaperKey[]): Promise<void> => {
    for (const { paperKeyHandle } of keys) await host['paper-key.close']({ paperKeyHandle });
  };

  /** Opens a key that was typed or scanned. One that arrives after the sweep was left is closed at once. */
  const openKey = async (secret: string): Promise<void> => {
    const state = now();
    if (state?.stage !== 'gathering' || state.isBusy || secret.trim() === '') return;
    const visit = visitNow();
    send({ type: 'working' });
    const reply = await host['paper-key.open']({ network: state.network, secret: secret.trim(), passphrase: asksPassphrase(secret) ? state.passphrase : '' });
    const after = now();
    if (visitNow() !== visit || after?.stage !== 'gathering') {
      if (reply.ok) await close([reply.value]);
      return;
    }
    if (!reply.ok) return send({ type: 'failed', error: reply.error });
    if (!isOpenAlready(after.keys, reply.value)) return send({ type: 'key-opened', key: reply.value });
    await close([reply.value]);
    send({ type: 'key-again' });
  };

  const closeKey = async (key: PaperKey): Promise<void> => {
    send({ type: 'key-closed', paperKeyHandle: key.paperKeyHandle });
    await close([key]);
  };

  /** A picture of the camera. The same key is not taken twice: its sheet must leave the view before the next is looked at. */
  const scan = async (frame: FrameContent): Promise<void> => {
    const state = now();
    if (state?.stage !== 'gathering' || state.isBusy) return;
    const reply = await host['camera.read']({ frame });
    if (!reply.ok) return send({ type: 'failed', error: reply.error });
    const key = keyAmong(reply.value.texts);
    const wasInView = state.isInView;
    send({ type: 'in-view', is: key !== undefined });
    if (key !== undefined && !wasInView) await takeKey(key);
  };
  const scanFile = async (): Promise<void> => {
    const reply = await host['camera.read-file']({});
    if (!reply.ok) return send({ type: 'failed', error: reply.error });
    const key = keyAmong(reply.value.texts);
    if (key !== undefined) await takeKey(key);
  };
  const takeKey = async (key: string): Promise<void> => {
    const state = now();
    if (state?.stage !== 'gathering') return;
    // Shown as typed: the passphrase is missing, and the field beside it asks for it.
    if (asksPassphrase(key) && state.passphrase === '') return send({ type: 'typed', secret: key, passphrase: '' });
    await openKey(key);
  };

  const review = async (file: FileContent): Promise<void> => {
    const state = now();
    if (state?.stage !== 'gathering' || state.isBusy || state.keys.length === 0) return;
    const wallet = provableWallets(context).find(({ stored }) => stored.name === state.destination);
    const { watch, isWanted } = beginWork(context);
    send({ type: 'working' });
    const reply = await host['sweep.review']({
      paperKeyHandles: state.keys.map((key) => key.paperKeyHandle),
      keyHandle: wallet?.key.facts.keyHandle ?? null,
      registrations: wallet === undefined ? [] : [wallet.stored.registration],
      psbtFileBase64: file.contentBase64,
    }, watch);
    if (!isWanted()) return;
    if (reply.ok) send({ type: 'reviewed', file, report: reply.value });
    else failed(reply.error);
  };
  const takeFiles = async (files: readonly FileContent[]): Promise<void> => {
    const [file] = files;
    if (file !== undefined) await review(file);
  };
  const openFile = async (): Promise<void> => {
    const reply = await host['file.open']({ kind: 'psbt', several: false });
    if (!reply.ok) return send({ type: 'failed', error: reply.error });
    await takeFiles(reply.value.files);
  };

  const signNow = async (): Promise<void> => {
    const state = now();
    if (state?.stage !== 'reviewed' || state.isBusy) return;
    const { watch, isWanted } = beginWork(context);
    send({ type: 'working' });
    const reply = await host['sweep.sign']({ reviewId: state.report.reviewId, acknowledged: [...state.acknowledged] }, watch);
    if (!isWanted()) return;
    if (!reply.ok) return failed(reply.error);
    send({ type: 'signed', reviewId: state.report.reviewId, signed: reply.value });
    session.send({ type: 'signature-given' });
    // What is signed needs the keys no longer.
    await close(state.keys);
  };

  const save = async (): Promise<void> => {
    const state = now();
    if (state?.stage !== 'signed') return;
    const reply = await host['file.save']({ kind: 'psbt', suggestedName: signedFileName(state.file.name, state.keys[0]?.fingerprint ?? 'paper'), contentBase64: state.signed.psbtBase64 });
    if (!reply.ok) return send({ type: 'failed', error: reply.error });
    if (reply.value.savedAs !== null) send({ type: 'saved', savedAs: reply.value.savedAs });
  };

  /** Ends the sweep by whatever way: keys are closed, and nothing of them stays. A signed file waits to be saved. */
  const leave = async (): Promise<void> => {
    const state = now();
    if (state === null || state.stage === 'signed') return;
    dropWork(context);
    sign.send({ type: 'put-away' });
    await close(state.keys);
  };
  const putAway = async (): Promise<void> => {
    const state = now();
    dropWork(context);
    sign.send({ type: 'put-away' });
    if (state !== null && state.stage !== 'signed') await close(state.keys);
  };

  const allowCamera = async (on: boolean): Promise<WireError | null> => {
    const reply = await host['camera.use']({ on });
    return reply.ok ? null : reply.error;
  };

  return { send, openKey, closeKey, scan, scanFile, takeFiles, openFile, signNow, save, leave, putAway, allowCamera };
}

export type SweepActions = ReturnType<typeof sweepActions>;
