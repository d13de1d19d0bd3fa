import type { Progress } from '../../../src/host/contract.ts';
import { beginWork, readBooks, type CompanionContext } from '../context.ts';
import type { NodeUrl, ReadySession, StoredWallet } from '../session.ts';

export function ledgerActions(context: CompanionContext, session: ReadySession) {
  const { host, ledger } = context;

  const refresh = async (node: NodeUrl): Promise<void> => {
    const signal = beginWork(context, 'refresh');
    ledger.send({ type: 'reading', progress: { fraction: null, activity: 'Asking the node' } });
    const reply = await host['ledger.refresh']({ wallets: session.wallets.map((wallet) => wallet.wallet), node }, { signal, onProgress: (progress) => { if (!signal.aborted) ledger.send({ type: 'reading', progress }); } });
    if (!reply.ok) {
      // What was booked until it was stopped stays, and is shown.
      await readBooks(context);
      return ledger.send(reply.error.code === 'host.cancelled' ? { type: 'read', unsent: [] } : { type: 'failed', error: reply.error });
    }
    context.session.send({ type: 'tip-moved', height: reply.value.height });
    await readBooks(context);
    ledger.send({ type: 'read', unsent: reply.value.unsent ?? [] });
  };

  const audit = async (wallet: StoredWallet, node: NodeUrl): Promise<void> => {
    const { walletId } = wallet.policy;
    const signal = beginWork(context, 'audit');
    ledger.send({ type: 'audit-moved', walletId, progress: { fraction: null, activity: `Counting the coins of ${wallet.policy.name}` } });
    const reply = await host['ledger.audit']({ wallet: wallet.wallet, node }, { signal, onProgress: (progress) => { if (!signal.aborted) ledger.send({ type: 'audit-moved', walletId, progress }); } });
    if (!reply.ok) return ledger.send(reply.error.code === 'host.cancelled' ? { type: 'audit-ended' } : { type: 'failed', error: reply.error });
    context.session.send({ type: 'audited', audit: reply.value });
    ledger.send({ type: 'audit-ended' });
  };

  /** Has the node watch the wallet as far as an address, books what is there, and audits once more. */
  const widen = async (wallet: StoredWallet, node: NodeUrl, to: number): Promise<void> => {
    const { walletId, name } = wallet.policy;
    const signal = beginWork(context, 'audit');
    const moved = (progress: Progress): void => ledger.send({ type: 'audit-moved', walletId, progress, isWidening: true });
    moved({ fraction: null, activity: `Watching ${name} up to address ${to.toLocaleString('en-GB')}` });
    const widened = await host['wallet.widen']({ wallet: wallet.wallet, node, to }, { signal, onProgress: (progress) => { if (!signal.aborted) moved(progress); } });
    if (!widened.ok) return ledger.send(widened.error.code === 'host.cancelled' ? { type: 'audit-ended' } : { type: 'failed', error: widened.error });
    const booked = await host['ledger.refresh']({ wallets: [wallet.wallet], node }, { signal, onProgress: (progress) => { if (!signal.aborted) moved(progress); } });
    // What was booked until it was stopped stays, and is shown.
    const unread = await readBooks(context);
    if (!booked.ok) return ledger.send(booked.error.code === 'host.cancelled' ? { type: 'audit-ended' } : { type: 'failed', error: booked.error });
    if (unread !== null) return ledger.send({ type: 'failed', error: unread });
    await audit(wallet, node);
  };

  return { refresh, audit, widen, stopAudit: () => context.running.get('audit')?.abort(), stopRefresh: () => context.running.get('refresh')?.abort() };
}
