import type { Plan } from '../review/from-plan.ts';
import { Amount } from '../ui/amount.tsx';
import { counted, percentText, satsText } from '../ui/amount-text.ts';
import { Icon } from '../ui/icon.tsx';
import { Notice } from '../ui/notice.tsx';
import { Section } from '../ui/section.tsx';
import { Table } from '../ui/table.tsx';

/** An output that stays. Whoever prepared it may know reasons that are not known here. */
type Skipped = Omit<Plan['skipped'][number], 'reason'> & { readonly reason: string };

const reasons: Readonly<Record<Plan['skipped'][number]['reason'], string>> = {
  unconfirmed: 'not confirmed yet',
  dust: 'costs more to spend than it is worth',
  locked: 'locked by the node\'s wallet',
  floor: 'stays hot as the floor',
  'not-needed': 'not needed for this payment',
  limit: 'over the limit of one transaction',
  spent: 'another transaction that waits spends it',
  immature: 'a block\'s reward that is too young',
  frozen: 'frozen by you',
  age: 'not of the age that is swept',
  label: 'kept by its label or tag',
  wait: 'cheaper to move at a lower fee rate',
  budget: 'over the fee budget',
  excluded: 'left out by your choice of coins',
  reserved: 'waits to be spent by another plan',
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
            { name: 'Reason', cell: (output) => (reasons as Readonly<Record<string, string>>)[output.reason] ?? output.reason },
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

type PrivacyNote = NonNullable<Plan['privacy']>[number];

const privacyTexts: Readonly<Record<PrivacyNote['code'], string>> = {
  'privacy.payee-address-reused': 'A payee\'s address was paid before: everybody can see both payments as theirs.',
  'privacy.own-address-reused': 'An address of this wallet is used more than once.',
  'privacy.address-left-behind': 'An output of an address stays unspent beside one that is spent: the rest of that address is known from now on.',
  'privacy.joins-addresses': 'Addresses that nothing tied together so far are shown to have one owner.',
  'privacy.links-hot-and-cold': 'Money that came from the hot wallet is spent with money that did not: the two are shown to belong together.',
  'privacy.round-amounts': 'Round payments beside a crooked amount show which output is the change.',
  'privacy.change-type': 'The change is of another type of address than the payments, which shows it to be the change.',
  'privacy.dust-coin': 'A very small output that somebody may have sent to follow this wallet is spent.',
  'privacy.pays-own-wallet': 'A payment goes to an address of this wallet.',
};

/** What a transaction tells everybody beyond what it must. */
export function PrivacySection({ privacy }: { readonly privacy: NonNullable<Plan['privacy']> }) {
  if (privacy.length === 0) return null;
  return (
    <Section name="Privacy" note="What everybody can read from it">
      <ul class="stack-tight">
        {privacy.map((note) => (
          <li key={`${note.code}-${note.lines.join('-')}-${note.outpoints.join('-')}`}>
            {privacyTexts[note.code]}
            {note.lines.length > 0 && <span class="muted"> {note.lines.length === 1 ? 'Line' : 'Lines'} {note.lines.join(', ')}.</span>}
            {note.outpoints.map((outpoint) => <span key={outpoint} class="outpoint breakable">{outpoint}</span>)}
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** What paying together saves against one transaction each; nothing is shown where nothing is saved. */
export function BatchSaving({ plan }: { readonly plan: Plan }) {
  const { feeSavedSats, feeSavedPercent, singlesFeeSats } = plan;
  if (feeSavedSats === undefined || singlesFeeSats === undefined || BigInt(feeSavedSats) <= 0n) return null;
  return (
    <Notice weight="verified" title={`Paying together saves ${satsText(feeSavedSats)} sats of fee (${percentText(feeSavedPercent ?? null)})`}>
      <p>{counted(plan.payments.length, 'transaction')} of one payment each would cost {satsText(singlesFeeSats)} sats at the same rate; this one costs {satsText(plan.feeSats)} sats.</p>
    </Notice>
  );
}
