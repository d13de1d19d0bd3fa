import { useEffect } from 'preact/hooks';
import { networkWords } from '../../frame/networks.ts';
import { Workspace } from '../../frame/workspace.tsx';
import { counted } from '../../ui/amount-text.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Facts } from '../../ui/facts.tsx';
import { SelectField } from '../../ui/field.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Table } from '../../ui/table.tsx';
import type { SignerContext } from '../context.ts';
import type { PaperActions } from './paper-actions.ts';
import { PaperTabs } from './paper-tabs.tsx';
import { sheetName, stateWords } from './paper-words.ts';
import { PartTag } from './part-tag.tsx';
import { NoteForm } from './register-note.tsx';
import { actsFor, filteredSheets, selectedSheet, type CustodyAct, type CustodySheet, type CustodyStateName, type Filter, type RegisterState } from './register-state.ts';

function StateTag({ state }: { readonly state: CustodyStateName }) {
  const { name, icon, tag } = stateWords[state];
  return <span class={tag}><Icon name={icon} />{name}</span>;
}

/** `2026-11-22T14:02:11.000Z` -> `2026-11-22 14:02`. UTC, as the register keeps it. */
const timeText = (at: string): string => at.slice(0, 16).replace('T', ' ');

const actNames: Readonly<Record<CustodyAct, string>> = { sealed: 'Note the seal', reprinted: 'Replaced by another sheet', void: 'Void it' };

function SheetDetail({ sheet, register, actions }: { readonly sheet: CustodySheet; readonly register: RegisterState; readonly actions: PaperActions }) {
  return (
    <div class="page stack">
      <div class="detail-head">
        <div class="stack-tight">
          <h2 class="mono-title">{sheet.serial}</h2>
          <p class="inline"><StateTag state={sheet.state} /><PartTag part={sheet.part} /></p>
        </div>
        <div class="detail-tools">
          {actsFor(sheet.state).map((act) => (
            <Button key={act} disabled={register.isBusy} onPress={() => actions.register({ type: 'note-begun', act })}>{act === 'sealed' && sheet.state === 'sealed' ? 'Note another seal' : actNames[act]}</Button>
          ))}
        </div>
      </div>
      <p class="muted">{stateWords[sheet.state].meaning}</p>
      {register.note !== null && <NoteForm sheet={sheet} note={register.note} register={register} actions={actions} />}
      {register.error !== null && <ErrorNotice error={register.error} />}
      <Facts facts={[
        ['Sheet', `${sheetName(sheet)}, ${counted(sheet.pages, 'page')}`],
        ['Label', sheet.label === '' ? <span key="label" class="muted">none</span> : sheet.label],
        ['Network', networkWords[sheet.network].name],
        ...(sheet.fingerprint === null ? [] : [['Key', <Fingerprint key="key" value={sheet.fingerprint} />] as const]),
        ['Seal', sheet.seal === null ? <span key="seal" class="muted">not sealed</span> : <span key="seal" class="mono">{sheet.seal}</span>],
      ]} />
      <div class="stack-tight">
        <h3>History</h3>
        <Table caption={`History of ${sheet.serial}, newest first`} rows={[...sheet.history].reverse()} keyOf={(entry) => `${entry.at} ${entry.event} ${entry.remark}`} empty="Nothing yet."
          columns={[
            { name: 'When (UTC)', cell: (entry) => <span class="nowrap">{timeText(entry.at)}</span> },
            { name: 'What', cell: (entry) => <StateTag state={entry.event} /> },
            { name: 'Who', cell: (entry) => entry.by },
            { name: 'Remark', cell: (entry) => <span class="breakable">{entry.remark}</span> },
          ]} />
      </div>
    </div>
  );
}

const filterOptions: readonly { readonly value: Filter; readonly name: string }[] = [
  { value: 'all', name: 'All states' }, { value: 'printed', name: 'Printed, not proven' }, { value: 'made', name: 'Made' }, { value: 'sealed', name: 'Sealed' }, { value: 'reprinted', name: 'Replaced' }, { value: 'void', name: 'Void' },
];

function SheetList({ register, selected, actions }: { readonly register: RegisterState; readonly selected: CustodySheet | null; readonly actions: PaperActions }) {
  const shown = filteredSheets(register);
  return (
    <div class="list-pane">
      <div class="list-actions">
        <SelectField<Filter> label="Show" value={register.filter} options={filterOptions} onSelect={(filter) => actions.register({ type: 'filtered', filter })} />
      </div>
      <ul aria-label="Sheets in the register">
        {shown.map((sheet) => (
          <li key={sheet.sheetId}>
            <button type="button" class="list-row" aria-current={sheet.sheetId === selected?.sheetId} onClick={() => actions.register({ type: 'selected', sheetId: sheet.sheetId })}>
              <span class="list-line"><b class="mono">{sheet.serial}</b></span>
              <span class="list-line"><span class="muted">{sheetName(sheet)}</span><StateTag state={sheet.state} /></span>
            </button>
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p class="list-actions muted">No sheet is in this state.</p>}
    </div>
  );
}

/** "12 sheets: 2 printed, not proven; 10 sealed." */
function registerSentence(sheets: readonly CustodySheet[]): string {
  const states = (['printed', 'made', 'sealed', 'reprinted', 'void'] as const).flatMap((state) => {
    const count = sheets.filter((sheet) => sheet.state === state).length;
    return count === 0 ? [] : [`${count} ${stateWords[state].name}`];
  });
  return `${counted(sheets.length, 'sheet')}: ${states.join('; ')}.`;
}

/** Which sheets exist and where they stand. The register knows no secret. */
export function RegisterView({ context, actions }: { readonly context: SignerContext; readonly actions: PaperActions }) {
  const { register } = context.paper.state.value;
  useEffect(() => void actions.list(), []);
  const sheets = register.sheets;
  const selected = selectedSheet(register);
  const head = { title: 'Paper', purpose: 'The register of sheets: which exist, and where they stand. It knows no secret.', tools: <PaperTabs context={context} /> };
  const make = <Button kind="primary" onPress={() => context.paper.send({ type: 'shown', view: 'make' })}>Make a sheet</Button>;
  if (sheets === null || sheets.length === 0) {
    return (
      <Workspace {...head} words={sheets === null && register.error === null ? 'Reading the register.' : 'No sheet was printed on this laptop yet.'} actions={make}>
        {register.error !== null ? <div class="page"><ErrorNotice error={register.error} /></div> : sheets !== null && (
          <EmptyState icon="paper" title="No sheet is in the register">
            <p>Every sheet that is printed here is entered by itself, with its serial and what became of it.</p>
            <ol>
              <li>Make a sheet and print it: it stands here as printed, not proven.</li>
              <li>Read the print back: it counts as made.</li>
              <li>Put it in a numbered bag and note the number here: it is sealed.</li>
              <li>Look here at every inspection: a bag whose number differs was opened.</li>
            </ol>
          </EmptyState>
        )}
      </Workspace>
    );
  }
  return (
    <Workspace {...head} words={registerSentence(sheets)} actions={make}>
      <div class="split">
        <SheetList register={register} selected={selected} actions={actions} />
        <div class="detail-pane">
          {selected === null ? <p class="page muted">Choose another state to see its sheets.</p> : <SheetDetail key={selected.sheetId} sheet={selected} register={register} actions={actions} />}
        </div>
      </div>
    </Workspace>
  );
}
