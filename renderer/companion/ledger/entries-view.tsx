import { useEffect } from 'preact/hooks';
import { Amount } from '../../ui/amount.tsx';
import { satsText } from '../../ui/amount-text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Table } from '../../ui/table.tsx';
import type { CompanionContext } from '../context.ts';
import type { ReadySession } from '../session.ts';
import { bookedText, stateWords, type Entry } from './entry-words.ts';
import { pageActions } from './page-actions.ts';
import type { EntryFilter, LedgerPage } from './page-state.ts';

const kinds: Readonly<Record<Entry['kind'], string>> = { sweep: 'Sweep in', pay: 'Payment', receive: 'Received', spend: 'Spent' };
const kindOptions: readonly { readonly value: EntryFilter['kind'] | 'all'; readonly name: string }[] = [{ value: 'all', name: 'Every kind' }, ...(['sweep', 'pay', 'receive', 'spend'] as const).map((value) => ({ value, name: kinds[value] }))];
const stateOptions: readonly { readonly value: EntryFilter['state'] | 'all'; readonly name: string }[] = [
  { value: 'all', name: 'Every state' }, { value: 'broadcast', name: 'Sent, not in a block' }, { value: 'confirmed', name: 'In a block' }, { value: 'replaced', name: 'Replaced' }, { value: 'reorganised', name: 'Its block left the chain' },
];
const orNone = <Value extends string>(value: Value | 'all'): Value | '' => (value === 'all' ? '' : value);

function NoteDialog({ context, noting, error, onKeep }: { readonly error: LedgerPage['error']; readonly context: CompanionContext; readonly noting: NonNullable<LedgerPage['noting']>; readonly onKeep: () => void }) {
  return (
    <Dialog title="Note what this transaction was for" onClose={() => context.ledgerPage.send({ type: 'noted' })} actions={<Button kind="primary" onPress={onKeep}>Keep the note</Button>}>
      <div class="form">
        <p class="mono breakable">{noting.txid}</p>
        <TextField label="Reference" size="wide" value={noting.reference} onInput={(reference) => context.ledgerPage.send({ type: 'typed', reference })} hint="An invoice, an order, a name. Stands in exports and closes; never on the chain." />
        <TextField label="Cost code" value={noting.costCode} onInput={(costCode) => context.ledgerPage.send({ type: 'typed', costCode })} hint="Who changed a note, when and from what is kept." />
        {noting.changes.length > 0 && <ul class="caption" aria-label="Changes so far">{noting.changes.map((change) => <li key={`${change.changedAt}-${change.field}-${change.vout ?? ''}`}>{bookedText(change.changedAt)} UTC, {change.changedBy}: {change.field === 'reference' ? 'reference' : 'cost code'} {change.before === null ? '' : `"${change.before}" `}to {change.after === null ? 'nothing' : `"${change.after}"`}</li>)}</ul>}
        {error !== null && <ErrorNotice error={error} />}
      </div>
    </Dialog>
  );
}

/** The entries, searched and a page at a time. @param version changes whenever the books did */
export function EntriesView({ context, session, version }: { readonly context: CompanionContext; readonly session: ReadySession; readonly version: unknown }) {
  const page = context.ledgerPage.state.value;
  const actions = pageActions(context);
  useEffect(() => void actions.read(false), [version]);
  const change = (filter: Partial<EntryFilter>): void => actions.filter({ type: 'filtered', filter });
  const wallets = [{ value: 'all', name: 'Every wallet' }, ...(session.books?.balances ?? []).map(({ walletId, walletName }) => ({ value: walletId, name: walletName }))];
  return (
    <div class="ledger-entries">
      <h2>Entries</h2>
      <div class="form-row">
        <TextField label="Search" value={page.filter.text} onInput={(text) => change({ text })} hint="Reference, cost code, transaction id or amount" />
        {wallets.length > 2 && <SelectField label="Wallet" value={page.filter.walletId === '' ? 'all' : page.filter.walletId} options={wallets} onSelect={(walletId) => change({ walletId: walletId === 'all' ? '' : walletId })} />}
        <SelectField label="Kind" value={page.filter.kind === '' ? 'all' : page.filter.kind} options={kindOptions as readonly { readonly value: string; readonly name: string }[]} onSelect={(kind) => change({ kind: orNone(kind as EntryFilter['kind'] | 'all') })} />
        <SelectField label="State" value={page.filter.state === '' ? 'all' : page.filter.state} options={stateOptions as readonly { readonly value: string; readonly name: string }[]} onSelect={(state) => change({ state: orNone(state as EntryFilter['state'] | 'all') })} />
      </div>
      {page.error !== null && page.noting === null && <ErrorNotice error={page.error} />}
      <Table
        caption="Entries, newest first" rows={page.entries} keyOf={(entry) => `${entry.txid}-${entry.walletId}`} empty="No entry is like that"
        columns={[
          { name: 'Booked (UTC)', cell: (entry) => <span class="nowrap">{bookedText(entry.bookedAt)}</span> },
          {
            name: 'Entry', cell: (entry) => (
              <div class="stack-tight">
                <span><strong>{kinds[entry.kind]}</strong> <span class="muted">{entry.walletName}</span></span>
                {entry.references.some((reference) => reference !== '') && <span>{entry.references.filter((reference) => reference !== '').join('; ')}</span>}
                {(entry.costCodes ?? []).length > 0 && <span class="muted">Cost code {(entry.costCodes ?? []).join('; ')}</span>}
                <span class="outpoint">{entry.txid}</span>
                <span><Button kind="quiet" small onPress={() => void actions.beginNote(entry.txid)}>Note what it was for</Button></span>
              </div>
            ),
          },
          { name: 'State', cell: (entry) => { const { words, look } = stateWords(entry); return <span class={`tag ${look}`}>{words}</span>; } },
          {
            name: 'Change of the wallet', isNumber: true, cell: (entry) => (
              <span class="amount-stack">
                <Amount sats={entry.changeSats} signed />
                {entry.feeSats !== null && <span class="amount-sats">of it fee {satsText(entry.feeSats)} sats</span>}
              </span>
            ),
          },
        ]}
      />
      {page.next !== null && <div><Button disabled={page.isBusy} onPress={() => void actions.read(true)}>Show more entries</Button></div>}
      {page.noting !== null && <NoteDialog context={context} noting={page.noting} error={page.error} onKeep={() => void actions.note()} />}
    </div>
  );
}
