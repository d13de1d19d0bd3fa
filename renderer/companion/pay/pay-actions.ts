import { textOfBase64, type FileContent } from '../../ui/file-content.ts';
import type { CompanionContext } from '../context.ts';
import type { NodeUrl, StoredWallet } from '../session.ts';

export function payActions(context: CompanionContext) {
  const { host, pay, session } = context;

  const takeCsv = (files: readonly FileContent[]): void => {
    const [file] = files;
    const state = pay.state.value;
    if (file === undefined || state.stage !== 'form') return;
    pay.send({ type: 'form-changed', form: { ...state.form, csv: textOfBase64(file.contentBase64), csvName: file.name } });
  };
  const openCsv = async (): Promise<void> => {
    const reply = await host['file.open']({ kind: 'payments', several: false });
    if (!reply.ok) return pay.send({ type: 'failed', error: reply.error });
    takeCsv(reply.value.files);
  };

  const plan = async (wallet: StoredWallet, node: NodeUrl): Promise<void> => {
    const state = pay.state.value;
    if (state.stage !== 'form' || state.isBusy) return;
    const { csv, feeRate } = state.form;
    pay.send({ type: 'working' });
    const reply = await host['pay.plan']({ wallet: wallet.wallet, paymentsCsv: csv, node, feeRate: feeRate.trim() === '' ? null : feeRate.trim() });
    pay.send(reply.ok ? { type: 'planned', planned: reply.value } : { type: 'failed', error: reply.error });
  };

  const save = async (): Promise<void> => {
    const state = pay.state.value;
    if (state.stage !== 'planned') return;
    const reply = await host['file.save']({ kind: 'psbt', suggestedName: state.planned.suggestedName, contentBase64: state.planned.psbtBase64 });
    if (!reply.ok) return pay.send({ type: 'failed', error: reply.error });
    if (reply.value.savedAs === null) return;
    pay.send({ type: 'saved', savedAs: reply.value.savedAs });
    session.send({ type: 'plan-saved', planned: state.planned });
  };

  /** What is shown as codes leaves here as well as what is saved. */
  const shown = (): void => {
    const state = pay.state.value;
    if (state.stage === 'planned') session.send({ type: 'plan-saved', planned: state.planned });
  };

  return { takeCsv, openCsv, plan, save, shown };
}

export type PayActions = ReturnType<typeof payActions>;
