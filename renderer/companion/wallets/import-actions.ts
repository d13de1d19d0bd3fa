import { base64OfText, type FileContent } from '../../ui/file-content.ts';
import { draftOfFile, importOf, type ForeignDraft } from '../../wallet/foreign-wallet.ts';
import { readSession, type CompanionContext } from '../context.ts';
import type { StoredWallet } from '../session.ts';
import type { ExportFormat } from './wallets-state.ts';

/** Wallets of other programs, in and out. */
export function importActions(context: CompanionContext) {
  const { host, session, wallets } = context;
  const preferred = () => {
    const state = session.state.value;
    return state.stage === 'ready' ? (state.node?.network ?? (context.info.rehearsal === null ? null : 'practice' as const)) : null;
  };

  const read = async (draft: ForeignDraft): Promise<void> => {
    wallets.send({ type: 'import-begun', draft });
    const reply = await host['wallet.import'](importOf(draft, preferred()));
    wallets.send(reply.ok ? { type: 'import-read', read: reply.value } : { type: 'failed', error: reply.error });
  };

  const keep = async (suggestedName: string, wallet: string, walletId: string): Promise<void> => {
    const stored = await host['shelf.add-wallet']({ name: suggestedName, wallet });
    if (!stored.ok) return wallets.send({ type: 'failed', error: stored.error });
    await readSession(context);
    wallets.send({ type: 'left' });
    wallets.send({ type: 'selected', walletId });
  };

  /** Takes a wallet file of any program. What Strongroom wrote itself leaves nothing open and is kept at once. */
  const takeWallet = async (files: readonly FileContent[]): Promise<void> => {
    const [file] = files;
    if (file === undefined) return;
    const draft = draftOfFile(file);
    await read(draft);
    const state = wallets.state.value;
    if (state.stage === 'importing' && state.read?.format === 'strongroom' && state.read.losses.length === 0) await keep(file.name.endsWith('.json') ? file.name : state.read.suggestedName, state.read.wallet, state.read.walletId);
  };
  const openWallet = async (): Promise<void> => {
    const reply = await host['file.open']({ kind: 'wallet', several: false });
    if (!reply.ok) return wallets.send({ type: 'failed', error: reply.error });
    await takeWallet(reply.value.files);
  };

  /** Reads once more with the name that was typed, since the name is in the file that is kept. */
  const add = async (): Promise<void> => {
    const state = wallets.state.value;
    if (state.stage !== 'importing' || state.isBusy) return;
    await read(state.draft);
    const again = wallets.state.value;
    if (again.stage === 'importing' && again.read !== null) await keep(again.read.suggestedName, again.read.wallet, again.read.walletId);
  };

  const chooseFormat = async (wallet: StoredWallet, format: ExportFormat): Promise<void> => {
    wallets.send({ type: 'export-chosen', format });
    const reply = await host['wallet.export']({ wallet: wallet.wallet, format });
    wallets.send(reply.ok ? { type: 'export-written', written: reply.value } : { type: 'export-refused', error: reply.error });
  };
  const saveExport = async (): Promise<void> => {
    const state = wallets.state.value;
    if (state.stage !== 'shelf' || state.exporting?.written == null) return;
    const { content, suggestedName } = state.exporting.written;
    const reply = await host['file.save']({ kind: 'wallet', suggestedName, contentBase64: base64OfText(content) });
    if (!reply.ok) return wallets.send({ type: 'failed', error: reply.error });
    if (reply.value.savedAs !== null) wallets.send({ type: 'copy-saved', savedAs: reply.value.savedAs });
  };

  return { read, takeWallet, openWallet, add, chooseFormat, saveExport };
}

export type ImportActions = ReturnType<typeof importActions>;
