import { base64OfText, textOfBase64, type FileContent } from '../../ui/file-content.ts';
import { beginWork, readBooks, readSession, type CompanionContext } from '../context.ts';
import type { NodeUrl, StoredWallet } from '../session.ts';
import { draftOfKeys, requiredOf, type CosignerDraft } from './wallets-state.ts';

const ADDRESSES_SHOWN = 20;

export function walletsActions(context: CompanionContext) {
  const { host, session, wallets } = context;

  const takeRecords = async (files: readonly FileContent[]): Promise<void> => {
    const state = wallets.state.value;
    if (state.stage !== 'creating') return;
    const cosigners: CosignerDraft[] = [];
    const problems: string[] = [];
    for (const file of files) {
      const reply = await host['key.read']({ file: textOfBase64(file.contentBase64) });
      // SECURITY: a private key is said at once and loudest; nothing of that file is kept.
      if (!reply.ok && reply.error.code === 'wallet.private-key') return wallets.send({ type: 'failed', error: reply.error });
      const draft = reply.ok ? draftOfKeys(file.name, reply.value.keys, state.draft.script) : null;
      if (draft !== null) cosigners.push(draft);
      else problems.push(reply.ok ? `${file.name} has no key for ${state.draft.script}.` : `${file.name}: ${reply.error.message}`);
    }
    wallets.send({ type: 'records-read', cosigners, problems });
  };
  const openRecords = async (): Promise<void> => {
    const reply = await host['file.open']({ kind: 'key-record', several: true });
    if (!reply.ok) return wallets.send({ type: 'failed', error: reply.error });
    if (reply.value.files.length > 0) await takeRecords(reply.value.files);
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

  const save = async (wallet: StoredWallet): Promise<void> => {
    const reply = await host['file.save']({ kind: 'wallet', suggestedName: wallet.name, contentBase64: base64OfText(wallet.wallet) });
    if (!reply.ok) return wallets.send({ type: 'failed', error: reply.error });
    if (reply.value.savedAs !== null) wallets.send({ type: 'copy-saved', savedAs: reply.value.savedAs });
  };

  const sync = async (wallet: StoredWallet, node: NodeUrl): Promise<void> => {
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

  return { takeRecords, openRecords, create, save, sync, stopSync: () => context.running.get('sync')?.abort(), showAddresses };
}

export type WalletsActions = ReturnType<typeof walletsActions>;
