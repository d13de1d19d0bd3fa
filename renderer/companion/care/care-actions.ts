import { base64OfText, type FileContent } from '../../ui/file-content.ts';
import { beginWork, type CompanionContext } from '../context.ts';
import { storedSettings, type ReadySession } from '../session.ts';
import { keyOf, lockOf } from './care-state.ts';

type Node = string;

export function careActions(context: CompanionContext, session: ReadySession) {
  const { host, care } = context;
  const working = (activity: string): void => care.send({ type: 'working', progress: { fraction: null, activity } });
  const watched = (signal: AbortSignal) => ({ signal, onProgress: (progress: { readonly fraction: number | null; readonly activity: string }) => { if (!signal.aborted) care.send({ type: 'working', progress }); } });
  const failed = (error: Parameters<typeof care.send>[0] & { readonly type: 'failed' }): void => care.send(error.error.code === 'host.cancelled' ? { type: 'stopped' } : error);
  const save = async (kind: 'bundle' | 'configuration' | 'ledger', suggestedName: string, contentBase64: string): Promise<string | null> => {
    const saved = await host['file.save']({ kind, suggestedName, contentBase64 });
    if (!saved.ok) {
      care.send({ type: 'failed', error: saved.error });
      return null;
    }
    return saved.value.savedAs;
  };
  const chosenFile = async (kind: 'bundle'): Promise<FileContent | null> => {
    const reply = await host['file.open']({ kind, several: false });
    if (!reply.ok) care.send({ type: 'failed', error: reply.error });
    return reply.ok ? (reply.value.files[0] ?? null) : null;
  };

  const readHealth = async (node: Node): Promise<void> => {
    working('Asking the node how it is');
    const reply = await host['node.health']({ node });
    care.send(reply.ok ? { type: 'found', found: { health: reply.value } } : { type: 'failed', error: reply.error });
  };

  const readBackups = async (): Promise<void> => {
    const reply = await host['node.backups']({});
    care.send(reply.ok ? { type: 'found', found: { backups: reply.value.backups } } : { type: 'failed', error: reply.error });
  };
  const makeBackup = async (node: Node): Promise<void> => {
    const { form } = care.state.value;
    const lock = lockOf(form);
    if (lock === null) return;
    const fileName = `${form.wallet.trim().replace(/[^A-Za-z0-9_-]+/g, '-') || 'wallet'}.backup.age`;
    const signal = beginWork(context, 'care');
    working('Having the node write its wallet, and encrypting it');
    const made = await host['node.backup']({ node, wallet: form.wallet.trim(), lock, fileName }, watched(signal));
    if (!made.ok) return failed({ type: 'failed', error: made.error });
    const savedAs = await save('bundle', fileName, made.value.backupBase64);
    if (savedAs === null) return care.send({ type: 'stopped' });
    care.send({ type: 'done', title: 'Backed up. Now test it: a backup that was never restored is a hope', text: savedAs });
    await readBackups();
  };
  const testBackup = async (node: Node): Promise<void> => {
    const { form } = care.state.value;
    const key = keyOf(form);
    const file = key === null ? null : await chosenFile('bundle');
    if (key === null || file === null) return;
    const signal = beginWork(context, 'care');
    working('Restoring it under another name, and comparing');
    const reply = await host['node.backup-test']({ node, wallet: form.wallet.trim(), backupBase64: file.contentBase64, fileName: file.name, key }, watched(signal));
    if (!reply.ok) return failed({ type: 'failed', error: reply.error });
    care.send({ type: 'found', found: { tested: reply.value } });
    if (reply.value.good) care.send({ type: 'done', title: 'The backup restores to the same wallet', text: file.name });
    await readBackups();
  };

  const writeConfig = async (): Promise<void> => {
    const { form } = care.state.value;
    working('Writing the configuration');
    const reply = await host['node.config']({
      program: form.program as Parameters<typeof host['node.config']>[0]['program'], network: form.network as Parameters<typeof host['node.config']>[0]['network'], use: form.use,
      rpcUser: 'strongroom', bind: [], allow: [], rpcPort: null, pruneMib: null, maxConnections: 24,
    });
    care.send(reply.ok ? { type: 'found', found: { config: reply.value } } : { type: 'failed', error: reply.error });
  };
  const saveConfig = async (part: 'config' | 'login'): Promise<void> => {
    const { config } = care.state.value;
    if (config === null) return;
    const savedAs = await save('configuration', part === 'config' ? config.suggestedName : config.loginName, base64OfText(part === 'config' ? config.config : config.login));
    if (savedAs !== null) care.send({ type: 'done', title: part === 'config' ? 'Configuration saved' : 'Login saved; it is a password, keep it readable by you alone', text: savedAs });
  };

  /** One step of the repair: shown, run by the program, done by a person, or skipped. */
  const repair = async (node: Node, action: 'show' | 'run' | 'done' | 'skip', step: RepairStep | null): Promise<void> => {
    const { form, repair: before } = care.state.value;
    const signal = beginWork(context, 'care');
    working(action === 'run' ? 'Doing this step' : 'Looking at the wallet');
    const reply = await host['node.repair']({ node, wallet: form.wallet.trim(), record: before?.record ?? null, action, step, fromHeight: 0 }, watched(signal));
    if (!reply.ok) return failed({ type: 'failed', error: reply.error });
    care.send({ type: 'found', found: { repair: reply.value } });
  };
  const saveRepair = async (): Promise<void> => {
    const { repair: state } = care.state.value;
    if (state === null) return;
    const savedAs = await save('ledger', 'repair.json', base64OfText(state.record));
    if (savedAs !== null) care.send({ type: 'done', title: 'The record of the repair is saved', text: savedAs });
  };

  const exportStandby = async (): Promise<void> => {
    const { form } = care.state.value;
    working('Putting wallets, books, labels and queue together');
    const reply = await host['standby.export']({ wallets: session.wallets.map(({ wallet }) => wallet), settings: JSON.stringify(storedSettings(session.settings)), lock: lockOf(form) });
    if (!reply.ok) return care.send({ type: 'failed', error: reply.error });
    const savedAs = await save('bundle', reply.value.suggestedName, reply.value.bundleBase64);
    if (savedAs === null) return care.send({ type: 'stopped' });
    care.send({ type: 'done', title: reply.value.encrypted ? 'Exported and encrypted' : 'Exported, readable by whoever finds it', text: savedAs });
  };
  const verifyStandby = async (node: Node): Promise<void> => {
    const key = keyOf(care.state.value.form);
    const file = await chosenFile('bundle');
    if (file === null) return;
    const signal = beginWork(context, 'care');
    working('Working everything out again from the node');
    const reply = await host['standby.verify']({ bundleBase64: file.contentBase64, key, node }, watched(signal));
    if (!reply.ok) return failed({ type: 'failed', error: reply.error });
    care.send({ type: 'found', found: { verified: reply.value } });
  };

  return { readHealth, readBackups, makeBackup, testBackup, writeConfig, saveConfig, repair, saveRepair, exportStandby, verifyStandby, stop: () => context.running.get('care')?.abort() };
}

export type CareActions = ReturnType<typeof careActions>;
type RepairStep = NonNullable<Parameters<CompanionContext['host']['node.repair']>[0]['step']>;
