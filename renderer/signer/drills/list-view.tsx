import { networkWords } from '../../frame/networks.ts';
import { Workspace } from '../../frame/workspace.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { Section } from '../../ui/section.tsx';
import { Table } from '../../ui/table.tsx';
import type { SignerContext } from '../context.ts';
import { drillKeys, idOf, type DrillKey } from './drill-keys.ts';
import { dueWords, durationWords, faults, outcomeWords, recordFaultWords, walletWords } from './drill-texts.ts';
import type { DrillsActions } from './drills-actions.ts';
import type { DamagedRecord, DrillDue, DrillPage, DrillRecord, DrillsState } from './drills-state.ts';

const months = ['1', '3', '6', '12', '24'].map((value) => ({ value, name: value === '1' ? '1 month' : `${value} months` }));

function DueTag({ due }: { readonly due: DrillDue | undefined }) {
  if (due === undefined) return null;
  const { words, icon, tag } = dueWords(due);
  return <span class={`tag ${tag}`}><Icon name={icon} />{words}</span>;
}

/** Records are what an auditor counts: one that cannot be read is said, whichever key it may have been of. */
function DamagedRecords({ damaged }: { readonly damaged: readonly DamagedRecord[] }) {
  if (damaged.length === 0) return null;
  return (
    <Notice weight="caution" title={damaged.length === 1 ? 'A record cannot be read' : `${damaged.length} records cannot be read`}>
      <ul>{damaged.map(({ name, code }) => <li key={name}><span class="mono breakable">{name}</span>: {recordFaultWords(code)}.</li>)}</ul>
      <p>Its drill is not counted here. Restore the file from a copy, or move it out of the folder of drills.</p>
    </Notice>
  );
}

function KeyList({ keys, state, selected, context }: { readonly keys: readonly DrillKey[]; readonly state: DrillsState; readonly selected: DrillKey; readonly context: SignerContext }) {
  const dueOf = (key: DrillKey): DrillDue | undefined => state.due.find((due) => due.fingerprint === key.fingerprint && due.network === key.network);
  // The most pressing first, as the host has them.
  const place = (key: DrillKey): number => state.due.findIndex((due) => due.fingerprint === key.fingerprint && due.network === key.network);
  return (
    <div class="list-pane">
      <ul aria-label="Keys to drill">
        {[...keys].sort((a, b) => place(a) - place(b)).map((key) => (
          <li key={key.id}>
            <button type="button" class="list-row" aria-current={key === selected} onClick={() => context.drills.send({ type: 'selected', id: key.id })}>
              <span class="list-line"><b>{key.label === '' ? 'A key without a label' : key.label}</b><span class="mono muted">{key.fingerprint}</span></span>
              <DueTag due={dueOf(key)} />
            </button>
          </li>
        ))}
      </ul>
      {state.damaged.length > 0 && <div class="list-actions"><DamagedRecords damaged={state.damaged} /></div>}
    </div>
  );
}

function History({ records }: { readonly records: readonly DrillRecord[] }) {
  return (
    <Table
      caption="Drills of this key" keyOf={(record) => record.startedAt} rows={records} empty="None on this laptop."
      columns={[
        { name: 'When', cell: (record) => record.startedAt.slice(0, 10) },
        { name: 'Outcome', cell: (record) => <span class={`tag ${outcomeWords[record.outcome].tag}`}><Icon name={outcomeWords[record.outcome].icon} />{outcomeWords[record.outcome].words}</span> },
        { name: 'From', cell: (record) => record.from },
        { name: 'By', cell: (record) => <span class="breakable">{record.by}</span> },
        { name: 'Time', cell: (record) => durationWords(record.seconds), isNumber: true },
        { name: 'Answers', cell: (record) => record.attempts, isNumber: true },
      ]}
    />
  );
}

function KeyDetail({ drillKey, state, page, context }: { readonly drillKey: DrillKey; readonly state: DrillsState; readonly page: Extract<DrillPage, { stage: 'list' }>; readonly context: SignerContext }) {
  const { setup } = state;
  const records = (state.records ?? []).filter((record) => idOf(record) === drillKey.id).sort((a, b) => b.startedAt.localeCompare(a.startedAt));
  return (
    <div class="page">
      <div class="detail-head">
        <div class="stack-tight">
          <h2>{drillKey.label === '' ? 'A key without a label' : drillKey.label}</h2>
          <p class="muted"><Fingerprint value={drillKey.fingerprint} /> · {networkWords[drillKey.network].name}</p>
        </div>
      </div>
      <Section name="Before the clock starts" note="Fetch nothing yet: finding the paper is part of the time">
        <div class="drill-setup">
          <TextField label="Who drills" value={setup.by} onInput={(by) => context.drills.send({ type: 'setup-changed', setup: { ...setup, by } })} hint="Stands in the record." />
          <SelectField label="Next drill, once passed, in" size="short" value={String(setup.monthsToNext)} options={months} onSelect={(value) => context.drills.send({ type: 'setup-changed', setup: { ...setup, monthsToNext: Number(value) } })} />
        </div>
        {drillKey.registrations.length === 0
          ? <Notice weight="caution" title="Only the fingerprint can be compared"><p>No wallet is registered with this key on this laptop, so its addresses are not known here.</p></Notice>
          : <p>{`Compared will be the fingerprint, and for ${walletWords(drillKey.registrations.map(({ wallet }) => wallet))} the registration and the first receive and change address.`}</p>}
        {page.error !== null && <ErrorNotice error={page.error} />}
      </Section>
      <Section name="Drills so far"><History records={records} /></Section>
    </div>
  );
}

/** Which keys are due, and where a drill begins. */
export function ListView({ page, context, actions }: { readonly page: Extract<DrillPage, { stage: 'list' }>; readonly context: SignerContext; readonly actions: DrillsActions }) {
  const state = context.drills.state.value;
  const keys = drillKeys(context.session.state.value, state.records ?? [], context.usualNetwork);
  const pressing = keys.find((key) => state.due[0] !== undefined && idOf({ fingerprint: state.due[0].fingerprint, network: state.due[0].network ?? '' }) === key.id);
  const selected = keys.find((key) => key.id === page.selected) ?? pressing ?? keys[0];
  const rehearse = <Button onPress={() => context.drills.send({ type: 'rehearsal-opened', faults })}>Rehearse with faults</Button>;
  const head = { title: 'Drills', purpose: 'A key counts as kept only once it came back from paper or a backup alone.', tools: rehearse };
  if (selected === undefined) {
    return (
      <Workspace {...head} words="There is no key on this laptop to drill.">
        <EmptyState icon="drill" title="Nothing to drill yet">
          <p>A drill brings a key back from its paper or its backup alone, takes the time, compares it with what it must be, and throws it away again.</p>
          <ol>
            <li>Make or restore a key, and write down or print its words.</li>
            <li>Put the paper where it will lie for years.</li>
            <li>Come back here, fetch it, and see that it works.</li>
          </ol>
          <DamagedRecords damaged={state.damaged} />
          {page.error !== null && <ErrorNotice error={page.error} />}
        </EmptyState>
      </Workspace>
    );
  }
  const problem = page.isBusy ? 'Starting.' : state.setup.by.trim() === '' ? 'Say who drills; then the clock can start.' : null;
  return (
    <Workspace
      {...head}
      words={problem ?? `Starts the clock for ${selected.label === '' ? selected.fingerprint : selected.label}. Nothing is kept but the record.`}
      actions={(
        <>
          <Button disabled={problem !== null} onPress={() => void actions.begin(selected, 'backup')}>Drill from a backup</Button>
          <Button kind="primary" disabled={problem !== null} onPress={() => void actions.begin(selected, 'paper')}>Drill from paper</Button>
        </>
      )}
    >
      <div class="split">
        <KeyList keys={keys} state={state} selected={selected} context={context} />
        <div class="detail-pane"><KeyDetail key={selected.id} drillKey={selected} state={state} page={page} context={context} /></div>
      </div>
    </Workspace>
  );
}
