import { satsFromBtc } from '../../ui/amount-text.ts';
import { readBooks, refreshBooks, type CompanionContext } from '../context.ts';
import type { ReadySession, StoredWallet } from '../session.ts';

/** What a sweep needs to be there. */
export interface SweepBasis {
  readonly node: string;
  readonly hotWallet: string;
  readonly cold: StoredWallet;
}

export function sweepActions(context: CompanionContext, session: ReadySession) {
  const { host, sweep } = context;

  const readBalance = async (basis: Pick<SweepBasis, 'node' | 'hotWallet'>): Promise<void> => {
    const reply = await host['hot.balance']({ node: basis.node, from: basis.hotWallet });
    sweep.send(reply.ok ? { type: 'balance-read', balance: reply.value } : { type: 'failed', error: reply.error });
  };

  const plan = async (basis: SweepBasis): Promise<void> => {
    const state = sweep.state.value;
    if (state.stage !== 'form' || state.isBusy) return;
    const { floorBtc, feeRate } = state.form;
    sweep.send({ type: 'working' });
    const reply = await host['sweep.plan']({
      from: basis.hotWallet, to: basis.cold.wallet, node: basis.node,
      floorSats: floorBtc.trim() === '' ? null : satsFromBtc(floorBtc), feeRate: feeRate.trim() === '' ? null : feeRate.trim(),
    });
    sweep.send(reply.ok ? { type: 'planned', planned: reply.value } : { type: 'failed', error: reply.error });
  };

  const save = async (): Promise<void> => {
    const state = sweep.state.value;
    if (state.stage !== 'planned') return;
    const reply = await host['file.save']({ kind: 'psbt', suggestedName: state.planned.suggestedName, contentBase64: state.planned.psbtBase64 });
    if (!reply.ok) return sweep.send({ type: 'failed', error: reply.error });
    if (reply.value.savedAs !== null) sweep.send({ type: 'saved', savedAs: reply.value.savedAs });
  };

  const signOnNode = async (basis: SweepBasis): Promise<void> => {
    const state = sweep.state.value;
    if (state.stage !== 'planned' || state.isBusy) return;
    sweep.send({ type: 'working' });
    const reply = await host['hot.sign']({ from: basis.hotWallet, node: basis.node, psbtFileBase64: state.planned.psbtBase64 });
    sweep.send(reply.ok ? { type: 'signed', ...reply.value } : { type: 'failed', error: reply.error });
  };

  const broadcast = async (basis: SweepBasis): Promise<void> => {
    const state = sweep.state.value;
    if (state.stage !== 'planned' || state.signed === null || state.isBusy) return;
    sweep.send({ type: 'working' });
    const reply = await host['tx.broadcast']({
      transactionFileBase64: state.signed.psbtBase64, node: basis.node, wallets: session.wallets.map((wallet) => wallet.wallet),
      references: state.planned.plan.payments.map((payment) => payment.reference),
    });
    if (!reply.ok) return sweep.send({ type: 'failed', error: reply.error });
    sweep.send({ type: 'sent', txid: reply.value.txid });
    await readBooks(context);
    await refreshBooks(context);
  };

  return { readBalance, plan, save, signOnNode, broadcast };
}

export type SweepActions = ReturnType<typeof sweepActions>;
