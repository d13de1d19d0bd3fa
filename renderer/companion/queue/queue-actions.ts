import type { FileContent } from '../../ui/file-content.ts';
import { readBooks, refreshBooks, type CompanionContext } from '../context.ts';
import type { NodeUrl, ReadySession } from '../session.ts';
import type { QueueEntry } from './queue-state.ts';

/** The name as the contract takes it: of one line, and of no folder. */
const plainName = ({ name }: FileContent): string => name.replace(/[/\\\p{C}]+/gu, ' ').slice(0, 200) || 'file without a name';

export function queueActions(context: CompanionContext, session: ReadySession) {
  const { host, queue } = context;
  const walletOf = (entry: QueueEntry): string | null => session.wallets.find((wallet) => wallet.policy.walletId === entry.walletId)?.wallet ?? null;

  const readDetails = async (planId: string): Promise<void> => {
    const reply = await host['queue.details']({ plan: planId });
    queue.send(reply.ok ? { type: 'details', details: reply.value } : { type: 'failed', error: reply.error });
  };
  const read = async (): Promise<void> => {
    const reply = await host['queue.list']({ walletId: null, all: queue.state.value.all });
    if (!reply.ok) return queue.send({ type: 'failed', error: reply.error });
    queue.send({ type: 'read', entries: reply.value.entries });
    const { chosen } = queue.state.value;
    if (chosen !== null) await readDetails(chosen);
  };
  const choose = async (planId: string): Promise<void> => {
    queue.send({ type: 'chosen', planId });
    await readDetails(planId);
  };
  const showAll = async (all: boolean): Promise<void> => {
    queue.send({ type: 'all-asked', all });
    await read();
  };

  /** Replies in any order; each finds its plan by itself. */
  const takeReplies = async (files: readonly FileContent[]): Promise<void> => {
    if (files.length === 0 || queue.state.value.isBusy) return;
    queue.send({ type: 'working' });
    const reply = await host['queue.add']({ files: files.map((file) => ({ name: plainName(file), contentBase64: file.contentBase64 })) });
    if (!reply.ok) return queue.send({ type: 'failed', error: reply.error });
    queue.send({ type: 'taken', outcomes: reply.value.outcomes });
    await read();
  };
  const openReplies = async (): Promise<void> => {
    const reply = await host['file.open']({ kind: 'psbt', several: true });
    if (!reply.ok) return queue.send({ type: 'failed', error: reply.error });
    await takeReplies(reply.value.files);
  };

  /** Saves the file that a cosigner signs next. @param cosigner fingerprint, where it is meant for one */
  const hand = async (entry: QueueEntry, cosigner: string | null): Promise<void> => {
    queue.send({ type: 'working' });
    const next = await host['queue.export']({ plan: entry.planId, cosigner });
    if (!next.ok) return queue.send({ type: 'failed', error: next.error });
    const saved = await host['file.save']({ kind: 'psbt', suggestedName: next.value.suggestedName, contentBase64: next.value.psbtBase64 });
    if (!saved.ok) return queue.send({ type: 'failed', error: saved.error });
    await read();
    if (saved.value.savedAs !== null) queue.send({ type: 'done', title: 'Saved, to be carried to the Signer', text: saved.value.savedAs });
  };
  /** The same file, to be shown as codes; `null` where it could not be made, which is said. */
  const nextFile = async (entry: QueueEntry): Promise<string | null> => {
    const next = await host['queue.export']({ plan: entry.planId });
    if (next.ok) return next.value.psbtBase64;
    queue.send({ type: 'failed', error: next.error });
    return null;
  };

  const discard = async (entry: QueueEntry): Promise<void> => {
    const reason = queue.state.value.reason.trim();
    queue.send({ type: 'working' });
    const reply = await host['queue.discard']({ plan: entry.planId, reason });
    if (!reply.ok) return queue.send({ type: 'failed', error: reply.error });
    queue.send({ type: 'done', title: 'Discarded', text: 'Its coins and addresses are free again. Signatures that still come in for it are refused by name.' });
    await read();
  };

  /** Another version in this one's place. `feeRate` empty: the least that nodes take. */
  const replace = async (entry: QueueEntry, how: 'pay.bump' | 'pay.cancel', node: NodeUrl): Promise<void> => {
    const feeRate = queue.state.value.feeRate.trim();
    queue.send({ type: 'working' });
    const reply = await host[how]({ plan: entry.planId, node, feeRate: feeRate === '' ? null : feeRate });
    if (!reply.ok) return queue.send({ type: 'failed', error: reply.error });
    queue.send({ type: 'done', title: how === 'pay.bump' ? `Version ${reply.value.queue.version} pays ${reply.value.plan.feeRateSatPerVb} sat/vB` : `Version ${reply.value.queue.version} pays everything back to the wallet`, text: 'It has to be signed anew. What was signed for the earlier version is refused from now on.' });
    queue.send({ type: 'chosen', planId: reply.value.queue.planId });
    await read();
  };
  const payForParent = async (entry: QueueEntry, node: NodeUrl): Promise<void> => {
    const wallet = walletOf(entry);
    if (wallet === null || entry.final === null) return;
    const feeRate = queue.state.value.feeRate.trim();
    queue.send({ type: 'working' });
    const reply = await host['pay.cpfp']({ wallet, txid: entry.final.txid, node, feeRate });
    if (!reply.ok) return queue.send({ type: 'failed', error: reply.error });
    queue.send({ type: 'done', title: `A child that brings both to ${reply.value.package.feeRateSatPerVb} sat/vB`, text: 'It has to be signed and sent like any payment.' });
    queue.send({ type: 'chosen', planId: reply.value.queue.planId });
    await read();
  };

  const broadcast = async (entry: QueueEntry, node: NodeUrl): Promise<void> => {
    queue.send({ type: 'working' });
    const reply = await host['queue.broadcast']({ plan: entry.planId, node });
    if (!reply.ok) return queue.send({ type: 'failed', error: reply.error });
    queue.send({ type: 'done', title: 'Sent and booked', text: reply.value.txid });
    await refreshBooks(context);
    await readBooks(context);
    await read();
  };

  return { read, choose, showAll, takeReplies, openReplies, hand, nextFile, discard, replace, payForParent, broadcast };
}

export type QueueActions = ReturnType<typeof queueActions>;
