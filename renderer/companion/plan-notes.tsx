import type { Plan } from '../review/from-plan.ts';
import { Amount } from '../ui/amount.tsx';
import { counted } from '../ui/amount-text.ts';
import { Icon } from '../ui/icon.tsx';
import { Notice } from '../ui/notice.tsx';
import { Section } from '../ui/section.tsx';
import { Table } from '../ui/table.tsx';

type Skipped = Plan['skipped'][number];

const reasons: Readonly<Record<Skipped['reason'], string>> = {
  unconfirmed: 'not confirmed yet',
  dust: 'costs more to spend than it is worth',
  locked: 'locked by the node\'s wallet',
  floor: 'stays hot as the floor',
  'not-needed': 'not needed for this payment',
  limit: 'over the limit of one transaction',
  spent: 'another transaction that waits spends it',
  immature: 'a block\'s reward that is too young',
};

/** What a plan leaves unspent, and why. */
export function SkippedSection({ skipped }: { readonly skipped: readonly Skipped[] }) {
  if (skipped.length === 0) return null;
  return (
    <Section name="Not spent">
      <details>
        <summary><Icon name="chevron" />{counted(skipped.length, 'output')} left where {skipped.length === 1 ? 'it is' : 'they are'}</summary>
        <Table
          caption="Outputs that are not spent" rows={skipped} keyOf={(output) => `${output.txid}:${output.vout}`} empty=""
          columns={[
            { name: 'Output', cell: (output) => <span class="mono breakable">{output.txid}:{output.vout}</span> },
            { name: 'Reason', cell: (output) => reasons[output.reason] },
            { name: 'Amount', isNumber: true, cell: (output) => <Amount sats={output.amountSats} /> },
          ]}
        />
      </details>
    </Section>
  );
}

/** What the payments file should make a person think of. */
export function NotesSection({ notes }: { readonly notes: NonNullable<Plan['notes']> }) {
  if (notes.length === 0) return null;
  return (
    <Section name="Look twice">
      {notes.map((note) => (
        <Notice key={`${note.code}-${note.lines.join('-')}`} weight="caution" title={note.code === 'payments.duplicate' ? 'The same payment stands in the file more than once' : 'One address is paid more than once'}>
          <p>Lines {note.lines.join(', ')}. Make sure that each is a payment of its own.</p>
        </Notice>
      ))}
    </Section>
  );
}
