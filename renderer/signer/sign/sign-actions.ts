import type { WireError } from '../../../src/host/contract.ts';
import type { FileContent } from '../../ui/file-content.ts';
import type { SignerContext } from '../context.ts';
import { registrationsOf, unlockedKeys, type UnlockedKey } from '../session.ts';
import { signedFileName } from './sign-state.ts';
import { beginWork, dropWork } from './work.ts';

/** Open keys that have registered at least one wallet: only they can review. */
export function keysThatCanSign(context: SignerContext): readonly UnlockedKey[] {
  const session = context.session.state.value;
  const registered = new Set(registrationsOf(session).map((registration) => registration.ownKey));
  return unlockedKeys(session).filter((key) => registered.has(key.facts.fingerprint));
}

export function signActions(context: SignerContext) {
  const { host, session, sign } = context;
  /** What a person stopped is no failure. */
  const failed = (error: WireError): void => sign.send(error.code === 'host.cancelled' ? { type: 'stopped' } : { type: 'failed', error });

  const review = async (file: FileContent, keyHandle: string): Promise<void> => {
    const key = keysThatCanSign(context).find((candidate) => candidate.facts.keyHandle === keyHandle);
    if (key === undefined) return;
    const { watch, isWanted } = beginWork(context);
    sign.send({ type: 'reading' });
    const registrations = registrationsOf(session.state.value).filter((stored) => stored.ownKey === key.facts.fingerprint).map((stored) => stored.registration);
    const reply = await host['psbt.review']({ keyHandle, psbtFileBase64: file.contentBase64, registrations }, watch);
    if (!isWanted()) return;
    if (reply.ok) sign.send({ type: 'reviewed', file, keyHandle, report: reply.value });
    else failed(reply.error);
  };

  const takeFiles = async (files: readonly FileContent[], keyHandle: string): Promise<void> => {
    const [file] = files;
    if (file !== undefined) await review(file, keyHandle);
  };

  const open = async (keyHandle: string): Promise<void> => {
    const reply = await host['file.open']({ kind: 'psbt', several: false });
    if (!reply.ok) return sign.send({ type: 'failed', error: reply.error });
    await takeFiles(reply.value.files, keyHandle);
  };

  const signNow = async (): Promise<void> => {
    const state = sign.state.value;
    if (state.stage !== 'reviewed' || state.isBusy) return;
    const { watch, isWanted } = beginWork(context);
    sign.send({ type: 'signing' });
    const reply = await host['psbt.sign']({ keyHandle: state.keyHandle, reviewId: state.report.reviewId, acknowledged: [...state.acknowledged] }, watch);
    if (!isWanted()) return;
    if (!reply.ok) return failed(reply.error);
    sign.send({ type: 'signed', reviewId: state.report.reviewId, signed: reply.value });
    session.send({ type: 'signature-given' });
  };

  const save = async (): Promise<void> => {
    const state = sign.state.value;
    if (state.stage !== 'signed') return;
    const fingerprint = state.report.quorum.thisKey ?? 'key';
    const reply = await host['file.save']({ kind: 'psbt', suggestedName: signedFileName(state.file.name, fingerprint), contentBase64: state.signed.psbtBase64 });
    if (!reply.ok) return sign.send({ type: 'failed', error: reply.error });
    if (reply.value.savedAs !== null) sign.send({ type: 'saved', savedAs: reply.value.savedAs });
  };

  /** Puts the file away, and ends what is still at work on it. */
  const putAway = (): void => {
    dropWork(context);
    sign.send({ type: 'put-away' });
  };

  return { review, takeFiles, open, signNow, save, putAway };
}

export type SignActions = ReturnType<typeof signActions>;
