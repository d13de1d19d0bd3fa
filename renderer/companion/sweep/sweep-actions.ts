import type { WireError } from '../../../src/host/contract.ts';
import { beginWork, readBooks, refreshBooks, type CompanionContext } from '../context.ts';
import type { NodeUrl, ReadySession } from '../session.ts';
import { prepareRequest, refillRequest, type SweepBasis } from './sweep-form.ts';
import type { Move } from './sweep-state.ts';

export function sweepActions(context: CompanionContext, session: ReadySession) {
  const { host, sweep } = context;
  const begin = (activity: string) => {
    const signal = beginWork(context, 'sweep');
    sweep.send({ type: 'working', progress: { fraction: null, activity } });
    return { signal, onProgress: (progress: { readonly fraction: number | null; readonly activity: string }) => { if (!signal.aborted) sweep.send({ type: 'working', progress }); } };
  };
  const failed = (error: WireError): void => sweep.send(error.code === 'host.cancelled' ? { type: 'stopped' } : { type: 'failed', error });
  const isFree = (): boolean => sweep.state.value.stage !== 'sent' && sweep.state.value.work === null;

  const readBalance = async (node: NodeUrl, hotWallet: string): Promise<void> => {
    const reply = await host['hot.balance']({ node, from: hotWallet });
    sweep.send(reply.ok ? { type: 'balance-read', balance: reply.value } : { type: 'failed', error: reply.error });
  };

  const preview = async (basis: SweepBasis): Promise<void> => {
    const { stage, form } = sweep.state.value;
    if (stage !== 'form' || !isFree()) return;
    const reply = await host['sweep.preview'](prepareRequest(form, basis), begin('Working out what it costs at several fee rates'));
    if (!reply.ok) return failed(reply.error);
    sweep.send({ type: 'previewed', preview: reply.value });
  };

  const plan = async (basis: SweepBasis): Promise<void> => {
    const { stage, form } = sweep.state.value;
    if (stage !== 'form' || !isFree()) return;
    if (form.direction === 'refill') {
      const reply = await host['refill.plan'](refillRequest(form, basis), begin('Planning: looking at what is hot, and choosing outputs of the cold wallet'));
      return reply.ok ? sweep.send({ type: 'planned', prepared: { kind: 'refill', refill: reply.value } }) : failed(reply.error);
    }
    const reply = await host['sweep.prepare'](prepareRequest(form, basis), begin('Planning: choosing outputs and asking for fees'));
    return reply.ok ? sweep.send({ type: 'planned', prepared: { kind: 'sweep', sweep: reply.value } }) : failed(reply.error);
  };

  /** Saves these transactions, a dialog each; the first that is not saved ends it. */
  const save = async (positions: readonly number[]): Promise<void> => {
    for (const position of positions) {
      const state = sweep.state.value;
      const move = state.stage === 'planned' ? state.moves[position] : undefined;
      if (move === undefined) return;
      const reply = await host['file.save']({ kind: 'psbt', suggestedName: move.planned.suggestedName, contentBase64: move.planned.psbtBase64 });
      if (!reply.ok) return sweep.send({ type: 'failed', error: reply.error });
      if (reply.value.savedAs === null) return;
      sweep.send({ type: 'saved', position, savedAs: reply.value.savedAs });
    }
  };

  /** Does one thing to every transaction that still needs it, in order. What is done stays done when one fails. */
  const each = async (needs: (move: Move) => boolean, activity: (done: number, of: number) => string, act: (move: Move, position: number) => Promise<WireError | null>): Promise<boolean> => {
    const state = sweep.state.value;
    if (state.stage !== 'planned' || !isFree()) return false;
    const { moves } = state;
    for (const [position, move] of moves.entries()) {
      if (!needs(move)) continue;
      sweep.send({ type: 'working', progress: { fraction: position / moves.length, activity: activity(position + 1, moves.length) } });
      const error = await act(move, position);
      if (error !== null) {
        sweep.send({ type: 'failed', error });
        return false;
      }
    }
    sweep.send({ type: 'stopped' });
    return true;
  };

  const signOnNode = async (node: NodeUrl, hotWallet: string): Promise<void> => {
    await each(({ signed }) => signed === null, (at, of) => (of === 1 ? 'The node signs' : `The node signs transaction ${at} of ${of}`), async ({ planned }, position) => {
      const reply = await host['hot.sign']({ from: hotWallet, node, psbtFileBase64: planned.psbtBase64 });
      if (!reply.ok) return reply.error;
      sweep.send({ type: 'signed', position, ...reply.value });
      return null;
    });
  };

  const broadcast = async (node: NodeUrl): Promise<void> => {
    const wallets = session.wallets.map(({ wallet }) => wallet);
    await each(({ signed, sentTxid }) => signed !== null && sentTxid === null, (at, of) => (of === 1 ? 'Sending' : `Sending transaction ${at} of ${of}`), async ({ planned, signed }, position) => {
      if (signed === null) return null;
      const reply = await host['tx.broadcast']({ transactionFileBase64: signed.psbtBase64, node, wallets, references: planned.plan.payments.map((payment) => payment.reference).filter((reference) => reference !== '') });
      if (!reply.ok) return reply.error;
      sweep.send({ type: 'sent', position, txid: reply.value.txid });
      return null;
    });
    // Also after a failure: some of them may have left.
    await readBooks(context);
    await refreshBooks(context);
  };

  return { readBalance, preview, plan, save, signOnNode, broadcast, stop: () => context.running.get('sweep')?.abort() };
}

export type SweepActions = ReturnType<typeof sweepActions>;
