import { base64OfText, textOfBase64, type FileContent } from '../../ui/file-content.ts';
import { beginWork, readBooks, readSession, type CompanionContext } from '../context.ts';
import type { StoredWallet } from '../session.ts';
import { draftOfRecord, requiredOf, type CosignerDraft } from './wallets-state.ts';

const ADDRESSES_SHOWN = 20;

export function walletsActions(context: CompanionContext) {
  const { host, session, wallets } = context;

  const takeRecords = (files: readonly FileContent[]): void => {
    const cosigners: CosignerDraft[] = [];
    const problems: string[] = [];
    for (const file of files) {
      const draft = draftOfRecord(file.name, textOfBase64(file.contentBase64));
      if (draft === null) problems.push(`${file.name} holds no key record of the form [fingerprint/path]xpub.`);
      else cosigners.push(draft);
    }
    wallets.send({ type: 'records-read', cosigners, problems });
  };
  const openRecords = async (): Promise<void> => {
    const reply = await host['file.open']({ kind: 'key-record', several: true });
    if (!reply.ok) return wallets.send({ type: 'failed', error: reply.error });
    if (reply.value.files.length > 0) takeRecords(reply.value.files);
  };

  const create = async (): Promise<void> => {
    const state = wallets.state.value;
    if (state.stage !== 'creating' || state.isBusy) return;
    const { name, network, script, cosigners } = state.draft;
    wallets.send({ type: 'creating' });
    const made = await host['wallet.create']({ name, network, script, required: requiredOf(state.draft), cosigners: cosigners.map(({ label, record }) => ({ label, record })) });
    if (!made.ok) return wallets.send({ type: 'failed', error: made.error });
    const stored = await host['shelf.add-wallet']({ name: made.value.suggestedName, wallet: made.value.wallet });
    if (!stored.ok) return wallets.send({ type: 'failed', error: stored.error });
    await readSession(context);
    wallets.send({ type: 'left' });
    wallets.send({ type: 'selected', walletId: made.value.walletId });
  };

  /** Takes a wallet file that was made elsewhere. */
  const addWallet = async (files: readonly FileContent[]): Promise<void> => {
    for (const file of files) {
      const wallet = textOfBase64(file.contentBase64);
      const policy = await host['wallet.policy']({ wallet });
      if (!policy.ok) return wallets.send({ type: 'failed', error: policy.error });
      const stored = await host['shelf.add-wallet']({ name: file.name, wallet });
      if (!stored.ok) return wallets.send({ type: 'failed', error: stored.error });
      await readSession(context);
      wallets.send({ type: 'selected', walletId: policy.value.walletId });
    }
  };
  const openWallet = async (): Promise<void> => {
    const reply = await host['file.open']({ kind: 'wallet', several: false });
    if (!reply.ok) return wallets.send({ type: 'failed', error: reply.error });
    await addWallet(reply.value.files);
  };

  const save = async (wallet: StoredWallet): Promise<void> => {
    const reply = await host['file.save']({ kind: 'wallet', suggestedName: wallet.name, contentBase64: base64OfText(wallet.wallet) });
    if (!reply.ok) return wallets.send({ type: 'failed', error: reply.error });
    if (reply.value.savedAs !== null) wallets.send({ type: 'copy-saved', savedAs: reply.value.savedAs });
  };

  const sync = async (wallet: StoredWallet, node: string): Promise<void> => {
    const signal = beginWork(context, 'sync');
    wallets.send({ type: 'sync-moved', progress: { fraction: null, activity: 'Asking the node' } });
    const reply = await host['wallet.sync']({ wallet: wallet.wallet, node }, { signal, onProgress: (progress) => { if (!signal.aborted) wallets.send({ type: 'sync-moved', progress }); } });
    if (!reply.ok) return wallets.send(reply.error.code === 'host.cancelled' ? { type: 'sync-ended' } : { type: 'failed', error: reply.error });
    session.send({ type: 'synced', synced: reply.value });
    session.send({ type: 'tip-moved', height: reply.value.height });
    wallets.send({ type: 'sync-ended' });
    await readBooks(context);
  };

  const showAddresses = async (wallet: StoredWallet): Promise<void> => {
    const reply = await host['wallet.address']({ wallet: wallet.wallet, branch: 'receive', index: 0, count: ADDRESSES_SHOWN });
    wallets.send(reply.ok ? { type: 'addresses-derived', addresses: reply.value.addresses } : { type: 'failed', error: reply.error });
  };

  return { takeRecords, openRecords, create, addWallet, openWallet, save, sync, stopSync: () => context.running.get('sync')?.abort(), showAddresses };
}

export type WalletsActions = ReturnType<typeof walletsActions>;
