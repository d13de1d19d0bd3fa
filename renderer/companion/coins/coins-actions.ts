import { base64OfText, textOfBase64, type FileContent } from '../../ui/file-content.ts';
import { counted } from '../../ui/amount-text.ts';
import type { CompanionContext } from '../context.ts';
import type { StoredWallet } from '../session.ts';

export function coinsActions(context: CompanionContext) {
  const { host, coins } = context;

  const read = async (wallet: StoredWallet, node: CompanionNode): Promise<void> => {
    coins.send({ type: 'working' });
    const reply = await host['coins.list']({ wallet: wallet.wallet, node });
    coins.send(reply.ok ? { type: 'read', list: reply.value } : { type: 'failed', error: reply.error });
  };

  const freeze = async (wallet: StoredWallet, node: CompanionNode, frozen: boolean): Promise<void> => {
    const outpoints = [...coins.state.value.ticked];
    coins.send({ type: 'working' });
    const reply = await host['coins.freeze']({ outpoints, frozen });
    if (!reply.ok) return coins.send({ type: 'failed', error: reply.error });
    await read(wallet, node);
    coins.send({ type: 'done', title: frozen ? `${counted(reply.value.changed, 'output')} frozen` : `${counted(reply.value.changed, 'output')} free again`, text: frozen ? 'No plan spends them until they are free again.' : 'Plans may spend them.' });
  };

  const tag = async (wallet: StoredWallet, node: CompanionNode, how: 'add' | 'remove'): Promise<void> => {
    const { ticked, tag: text } = coins.state.value;
    const tags = [text.trim()];
    coins.send({ type: 'working' });
    const reply = await host['coins.tag']({ outpoints: [...ticked], add: how === 'add' ? tags : [], remove: how === 'remove' ? tags : [] });
    if (!reply.ok) return coins.send({ type: 'failed', error: reply.error });
    await read(wallet, node);
    coins.send({ type: 'done', title: `${counted(reply.value.changed, 'output')} ${how === 'add' ? 'tagged' : 'untagged'}`, text: text.trim() });
  };

  const takeLabels = async (files: readonly FileContent[], wallet: StoredWallet | undefined, node: CompanionNode | null): Promise<void> => {
    const [file] = files;
    if (file === undefined) return;
    coins.send({ type: 'working' });
    const reply = await host['labels.import']({ content: textOfBase64(file.contentBase64) });
    if (!reply.ok) return coins.send({ type: 'failed', error: reply.error });
    if (wallet !== undefined && node !== null) await read(wallet, node);
    const { records, frozen, unknownTypes } = reply.value;
    coins.send({ type: 'done', title: `${counted(records, 'label')} read`, text: `${counted(frozen, 'output')} frozen by them. ${unknownTypes === 0 ? '' : `${counted(unknownTypes, 'record')} of a type that is not known here ${unknownTypes === 1 ? 'is' : 'are'} kept as ${unknownTypes === 1 ? 'it is' : 'they are'}.`}` });
  };
  const openLabels = async (wallet: StoredWallet | undefined, node: CompanionNode | null): Promise<void> => {
    const reply = await host['file.open']({ kind: 'labels', several: false });
    if (!reply.ok) return coins.send({ type: 'failed', error: reply.error });
    await takeLabels(reply.value.files, wallet, node);
  };
  const saveLabels = async (): Promise<void> => {
    const reply = await host['labels.export']({});
    if (!reply.ok) return coins.send({ type: 'failed', error: reply.error });
    const saved = await host['file.save']({ kind: 'labels', suggestedName: reply.value.suggestedName, contentBase64: base64OfText(reply.value.content) });
    if (!saved.ok) return coins.send({ type: 'failed', error: saved.error });
    if (saved.value.savedAs !== null) coins.send({ type: 'done', title: `${counted(reply.value.records, 'label')} saved`, text: saved.value.savedAs });
  };

  return { read, freeze, tag, takeLabels, openLabels, saveLabels };
}

type CompanionNode = Parameters<CompanionContext['host']['coins.list']>[0]['node'];
