import type { Reply } from '../../../src/host/contract.ts';
import type { Watch } from '../../host/client.ts';
import { beginWork, readBooks, type CompanionContext } from '../context.ts';
import type { BooksFileState, ChosenBackup } from './books-file-state.ts';

export function booksFileActions(context: CompanionContext) {
  const { host, booksFile } = context;

  /** Asks the host for long work, and shows what came of it; `null` where the person closed a dialog. */
  const work = async <T>(activity: string, ask: (watch: Watch) => Promise<Reply<T>>, stateOf: (value: T) => BooksFileState | null): Promise<boolean> => {
    const signal = beginWork(context, 'books');
    booksFile.send({ type: 'began', activity });
    const reply = await ask({ signal, onProgress: (progress) => booksFile.send({ type: 'moved', progress }) });
    const state = reply.ok ? stateOf(reply.value) : reply.error.code === 'host.cancelled' ? null : { stage: 'failed' as const, error: reply.error };
    booksFile.send(state === null ? { type: 'ended' } : { type: 'came-to', state });
    return reply.ok && state !== null;
  };

  const check = (): Promise<boolean> => work('Going through the whole of the books', (watch) => host['ledger.check']({}, watch), (value) => ({ stage: 'checked', check: value }));
  const exportBooks = (format: 'csv' | 'json'): Promise<boolean> =>
    work('Writing the books', (watch) => host['books.export']({ format }, watch), ({ savedAs, entries }) => (savedAs === null ? null : { stage: 'exported', savedAs, entries }));
  const backUp = (): Promise<boolean> => work('Backing up the books', (watch) => host['books.back-up']({}, watch), ({ saved }) => (saved === null ? null : { stage: 'backed-up', saved }));
  const chooseBackup = (): Promise<boolean> =>
    work('Reading the backup', (watch) => host['books.choose-backup']({}, watch), ({ chosen, present }) => (chosen === null ? null : { stage: 'deciding', chosen, present }));
  const restore = async ({ backup, name }: ChosenBackup): Promise<void> => {
    if (!await work('Going through the backup', (watch) => host['books.restore']({ backup }, watch), ({ keptAs }) => ({ stage: 'restored', name, keptAs }))) return;
    // What other workspaces remember is of the books that were put aside.
    context.ledger.send({ type: 'read', unsent: [] });
    await readBooks(context);
    const closes = await host['ledger.closes']({});
    if (closes.ok) context.period.send({ type: 'found', found: { closes: closes.value.periods, closed: null } });
  };
  return { check, exportBooks, backUp, chooseBackup, restore, leave: () => booksFile.send({ type: 'ended' }), stop: () => context.running.get('books')?.abort() };
}
