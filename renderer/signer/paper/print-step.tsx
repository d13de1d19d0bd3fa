import { useEffect } from 'preact/hooks';
import { counted } from '../../ui/amount-text.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox, SelectField, TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Notice } from '../../ui/notice.tsx';
import { holdsSecrets, jobParts, pagesOf, printChecks, printProblem, type JobState, type Part, type PrintCheck, type Printer } from './job-state.ts';
import type { PaperActions } from './paper-actions.ts';
import { PartTag } from './part-tag.tsx';

const checkWords: Readonly<Record<PrintCheck, { readonly claim: string; readonly reason: string }>> = {
  printer: { claim: 'The printer is on a cable to this laptop, with no network, no disk and no memory card.', reason: 'A printer has a memory and may keep pages for years. The simplest one is the best.' },
  memory: { claim: 'It was switched off and on just now, and will be again after the print.', reason: 'That empties the memory of most printers.' },
  alone: { claim: 'Nobody else is at the tray, and no camera sees it.', reason: 'Wait there until the last page is out, and count the pages.' },
  queue: { claim: 'This laptop\'s disk is encrypted.', reason: 'The system\'s print queue keeps the pages on disk for a moment.' },
};

function Checklist({ job, actions }: { readonly job: JobState; readonly actions: PaperActions }) {
  return (
    <fieldset class="checklist">
      <legend>Before a secret page is printed</legend>
      {printChecks.map((check) => (
        <Checkbox key={check} checked={job.checks.has(check)} onToggle={(is) => actions.job({ type: 'checked', check, is })}>
          {checkWords[check].claim} <span class="muted">{checkWords[check].reason}</span>
        </Checkbox>
      ))}
    </fieldset>
  );
}

/** "2 secret pages"; a form for handwriting has pages. */
const pagesText = (job: JobState, part: Part): string => counted(pagesOf(job, part).length, job.isBlank ? 'page' : `${part} page`);

/** One part: what it is, where it went so far, and the button that prints it. */
function PartRow({ job, part, actions }: { readonly job: JobState; readonly part: Part; readonly actions: PaperActions }) {
  const pages = pagesText(job, part);
  const sent = job.sent[part];
  const problem = printProblem(job, part);
  const printer = job.printers?.find((each) => each.name === job.printer);
  return (
    <li class="part-row">
      <div class="stack-tight">
        <PartTag part={part} isBlank={job.isBlank} />
        <strong>{pages}</strong>
        {sent.length === 0
          ? <span class="muted">Not on paper yet.</span>
          : sent.map((sending, index) => <span key={index} class="tag tag-caution sent-tag"><Icon name="caution" />{sending.by === 'printer' ? 'Printed on' : 'Saved as'} <span class="breakable">{sending.to}</span>, not proven</span>)}
      </div>
      <div class="stack-tight part-action">
        <Button guarded={holdsSecrets(job, part)} disabled={problem !== null} onPress={() => void actions.print(part)}>{`Print ${pages}${printer === undefined ? '' : ` on ${printer.displayName}`}`}</Button>
        <span class="caption">{problem ?? (holdsSecrets(job, part) ? 'Enter does not print; click, or press Space.' : job.isBlank ? 'Nothing secret is printed.' : 'May be copied and shown.')}</span>
      </div>
    </li>
  );
}

function SaveRow({ job, part, actions }: { readonly job: JobState; readonly part: Part; readonly actions: PaperActions }) {
  const pages = pagesText(job, part);
  return <Button guarded={holdsSecrets(job, part)} disabled={job.isBusy || job.by.trim() === ''} onPress={() => void actions.saveAsFile(part)}>{`Save ${pages} as PDF`}</Button>;
}

function printerOptions(printers: readonly Printer[] | null): readonly { readonly value: string; readonly name: string }[] {
  if (printers === null || printers.length === 0) return [{ value: 'none', name: printers === null ? 'Looking' : 'No printer' }];
  return printers.map(({ name, displayName, location }) => ({ value: name, name: location === '' || location === displayName ? displayName : `${displayName} (${location})` }));
}

export function PrintStep({ job, actions }: { readonly job: JobState; readonly actions: PaperActions }) {
  useEffect(() => void actions.findPrinters(), []);
  const parts = jobParts(job);
  const hasSecrets = parts.some((part) => holdsSecrets(job, part));
  return (
    <>
      <h2 tabIndex={-1}>Print</h2>
      {hasSecrets && <Checklist job={job} actions={actions} />}
      {job.codesTotal > 0 && (
        <Notice weight="plain" title="SecurePrint">
          <p>The key pages are encrypted. Their short codes are shown on this screen afterwards, one wallet at a time, and copied onto the page by hand. They are never printed.</p>
        </Notice>
      )}
      <div class="field-pair">
        <SelectField label="Printer" value={job.printer === '' ? 'none' : job.printer} options={printerOptions(job.printers)}
          onSelect={(printer) => actions.job({ type: 'printer-chosen', printer })} disabled={job.isBusy || (job.printers ?? []).length === 0}
          hint={job.printers === null ? 'Looking for printers.' : job.printers.length === 0 ? 'This laptop knows no printer. Set one up in the system, then look again.' : 'Another printer asks for its checks again.'} />
        <TextField label="Who prints" size="short" value={job.by} onInput={(by) => actions.job({ type: 'by-typed', by })} hint="Initials or a name, for the register." />
      </div>
      {hasSecrets && job.printers?.find((printer) => printer.name === job.printer)?.connection === 'network' && (
        <Notice weight="danger" title="This printer is on a network"><p>Secret pages would travel over it in the open and may be kept by whatever stands between. Use a printer on a cable.</p></Notice>
      )}
      <div class="form-actions"><Button small disabled={job.isBusy} onPress={() => void actions.findPrinters()}>Look for printers again</Button></div>
      <ul class="part-rows" aria-label="Parts to print">
        {parts.map((part) => <PartRow key={part} job={job} part={part} actions={actions} />)}
      </ul>
      <details>
        <summary><Icon name="chevron" />Save as PDF instead</summary>
        <div class="stack save-parts">
          {hasSecrets && <Notice weight="caution" title="A PDF of secret pages is the secret"><p>Whoever copies the file has the keys. Save it only on an encrypted stick, print it from there on an offline machine, and destroy the stick afterwards. Deleting a file does not erase it.</p></Notice>}
          <div class="inline">{parts.map((part) => <SaveRow key={part} job={job} part={part} actions={actions} />)}</div>
          {job.by.trim() === '' && <p class="caption">Say above who prints first: the register keeps it.</p>}
        </div>
      </details>
    </>
  );
}
