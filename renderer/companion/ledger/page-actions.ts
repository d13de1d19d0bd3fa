import type { CompanionContext } from '../context.ts';
import { questionOf } from './page-state.ts';

export function pageActions(context: CompanionContext) {
  const { host, ledgerPage: page } = context;
  const read = async (isMore: boolean): Promise<void> => {
    const asked = questionOf(page.state.value, isMore);
    page.send({ type: 'reading' });
    const reply = await host['ledger.list'](asked);
    if (!reply.ok) return page.send({ type: 'failed', error: reply.error });
    // Whoever typed on meanwhile wants the answer to that.
    if (JSON.stringify(questionOf(page.state.value, isMore)) !== JSON.stringify(asked)) return;
    page.send({ type: 'read', entries: reply.value.entries, next: reply.value.more === true ? (reply.value.next ?? null) : null, isMore });
  };
  const filter = (changed: Parameters<typeof page.send>[0] & { readonly type: 'filtered' }): void => {
    page.send(changed);
    void read(false);
  };
  /** Opens the note of a transaction with what is noted already. */
  const beginNote = async (txid: string): Promise<void> => {
    const reply = await host['ledger.show']({ txid });
    page.send(reply.ok ? { type: 'noting', txid, notes: reply.value } : { type: 'failed', error: reply.error });
  };
  const note = async (): Promise<void> => {
    const { noting } = page.state.value;
    if (noting === null) return;
    const reply = await host['ledger.annotate']({ txid: noting.txid, reference: noting.reference.trim(), costCode: noting.costCode.trim() });
    if (!reply.ok) return page.send({ type: 'failed', error: reply.error });
    page.send({ type: 'noted' });
    await read(false);
  };
  return { read, filter, beginNote, note };
}
