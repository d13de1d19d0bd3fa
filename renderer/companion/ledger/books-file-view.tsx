import { Amount } from '../../ui/amount.tsx';
import { counted } from '../../ui/amount-text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/facts.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { ProgressView } from '../../ui/progress.tsx';
import { Section } from '../../ui/section.tsx';
import type { CompanionContext } from '../context.ts';
import { booksFileActions } from './books-file-actions.ts';
import type { BooksFacts, BooksFileState, ChosenBackup } from './books-file-state.ts';
import { bookedText } from './entry-words.ts';

const entriesText = (count: number): string => counted(count, 'entry', 'entries');

/** What books hold, as far as it tells one state of them from another. */
function HeldFacts({ facts }: { readonly facts: BooksFacts }) {
  return (
    <Facts facts={[
      ['Entries', entriesText(facts.entries)],
      ['Last entry (UTC)', facts.lastBookedAt === null ? 'none' : bookedText(facts.lastBookedAt)],
      ['Closed periods', facts.closes.toLocaleString('en-GB')],
      ...facts.tips.map(({ network, height, refreshedAt }): readonly [string, string] => [`Up to date on ${network}`, `block ${height.toLocaleString('en-GB')}, ${bookedText(refreshedAt)} UTC`]),
      ...facts.balances.map((balance): readonly [string, preact.JSX.Element] => [balance.walletName, <Amount key={balance.walletId} sats={balance.confirmedSats} />]),
    ]} />
  );
}

/** Names what is replaced before it is. */
function RestoreDialog({ chosen, present, onRestore, onClose }: { readonly chosen: ChosenBackup; readonly present: BooksFacts | null; readonly onRestore: () => void; readonly onClose: () => void }) {
  const isOlder = present !== null && chosen.holds.entries < present.entries;
  return (
    <Dialog
      title="Restore the books from this backup?" onClose={onClose}
      actions={<Button kind="primary" guarded onPress={onRestore}>{present === null ? 'Replace the damaged books' : `Replace books of ${entriesText(present.entries)} with ${entriesText(chosen.holds.entries)}`}</Button>}
    >
      <div class="form">
        <h3>The backup</h3>
        <p class="mono breakable">{chosen.name}</p>
        <HeldFacts facts={chosen.holds} />
        <p>{chosen.hasChecksum ? 'Its checksum stands beside it and agrees.' : 'No checksum stands beside it.'} Every rule of the books is checked before anything is replaced.</p>
        <h3>The books that it replaces</h3>
        {present === null ? <p>They are damaged, and nothing can be said of them.</p> : <HeldFacts facts={present} />}
        {isOlder && <Notice weight="caution" title={`The backup has ${entriesText(present.entries - chosen.holds.entries)} fewer`}><p>Transactions are booked again from the node. References, cost codes, closes and plans that came later are only in the books that are put aside.</p></Notice>}
        <p>Nothing is deleted: the books that are there now are kept beside the new ones, as ledger.db.before-restore with the time.</p>
      </div>
    </Dialog>
  );
}

function Outcome({ state }: { readonly state: BooksFileState }) {
  switch (state.stage) {
    case 'checked': {
      const { whole, entries, faults } = state.check;
      return (
        <Notice weight={whole ? 'verified' : 'danger'} title={whole ? `The books are whole: ${entriesText(entries)}, every one adds up to zero` : `The books have ${counted(faults.length, 'fault')}`}>
          {!whole && <p>Restore them from a backup.</p>}
          {faults.map((fault) => <p key={`${fault.code}-${fault.subject}`} class="mono breakable">{fault.code}: {fault.subject}</p>)}
        </Notice>
      );
    }
    case 'backed-up':
      return (
        <Notice weight="verified" title="Backed up, and checked by every rule">
          <p class="mono breakable">{state.saved.savedAs}</p>
          <p>SHA-256 <span class="mono breakable">{state.saved.sha256}</span>, also in the file of the same name that ends in .sha256.</p>
        </Notice>
      );
    case 'exported':
      return <Notice weight="verified" title={`Exported: ${entriesText(state.entries)}`}><p class="mono breakable">{state.savedAs}</p></Notice>;
    case 'restored':
      return (
        <Notice weight="verified" title="The books are restored">
          <p class="mono breakable">{state.name}</p>
          {state.keptAs !== null && <p>The books before are kept as <span class="mono breakable">{state.keptAs}</span>.</p>}
          <p>Bring the books up to date now: what happened since the backup is booked from the node.</p>
        </Notice>
      );
    case 'failed':
      return <ErrorNotice error={state.error} />;
    case 'idle': case 'working': case 'deciding':
      return null;
  }
}

/** The books as a whole: proving them, and keeping them. */
export function BooksFileView({ context, isBusy }: { readonly context: CompanionContext; readonly isBusy: boolean }) {
  const state = context.booksFile.state.value;
  const actions = booksFileActions(context);
  const isWorking = state.stage === 'working' || isBusy;
  return (
    <Section name="The books' file">
      <div class="form-actions">
        <Button disabled={isWorking} onPress={() => void actions.check()}>Check the whole books</Button>
        <Button disabled={isWorking} onPress={() => void actions.backUp()}>Back up the books</Button>
        <Button disabled={isWorking} onPress={() => void actions.chooseBackup()}>Restore the books from a backup</Button>
      </div>
      {state.stage === 'working' && <ProgressView progress={state.progress} onCancel={actions.stop} />}
      <Outcome state={state} />
      {state.stage === 'deciding' && <RestoreDialog chosen={state.chosen} present={state.present} onRestore={() => void actions.restore(state.chosen)} onClose={actions.leave} />}
    </Section>
  );
}
