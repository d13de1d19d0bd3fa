import { CameraScan } from '../../camera/camera-scan.tsx';
import { counted } from '../../ui/amount-text.ts';
import { Button } from '../../ui/button.tsx';
import { Choices, SelectField, TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Notice } from '../../ui/notice.tsx';
import { proofs, sheetForWords, type JobState, type ProofWay, type SheetProof } from './job-state.ts';
import type { PaperActions } from './paper-actions.ts';
import { codeName, sheetName } from './paper-words.ts';
import { PartTag } from './part-tag.tsx';

/** Rows in view; of a batch of hundreds the open ones stand first. */
const ROWS_IN_VIEW = 40;

/** "read: address; missing: descriptor 2", or how a sheet without codes is proven. */
function missingWords({ sheet, read, missing }: SheetProof): string {
  if (sheet.codes.length === 0) return 'no code on it: type its check words';
  const list = (ids: readonly string[]): string => (ids.length > 6 ? `${ids.slice(0, 5).map(codeName).join(', ')} and ${ids.length - 5} more` : ids.map(codeName).join(', '));
  return `${read.length === 0 ? '' : `read: ${list(read)}; `}missing: ${list(missing)}`;
}

function ProofRow({ proof, isBlank }: { readonly proof: SheetProof; readonly isBlank: boolean }) {
  const { sheet, made, by, isPrinted, isSaved } = proof;
  return (
    <li class="proof-row">
      <span class={made ? 'risk-verified' : 'muted'}><Icon name={made ? 'check' : 'paper'} /></span>
      <span class="stack-tight">
        <span class="inline"><b>{sheetName(sheet)}</b><span class="mono">{sheet.serial}</span><PartTag part={sheet.part} isBlank={isBlank} /></span>
        {made
          ? <span class="tag tag-verified">made: read back by its {by === 'words' ? 'check words' : 'codes'}</span>
          : (
            <span class="inline">
              <span class={isPrinted ? 'tag tag-caution' : 'tag'}>{isPrinted ? <><Icon name="caution" />printed, not proven</> : isSaved ? 'saved as a file, not proven' : 'not printed from here'}</span>
              <span class="caption">{missingWords(proof)}</span>
            </span>
          )}
      </span>
    </li>
  );
}

function ProofList({ job }: { readonly job: JobState }) {
  const all = proofs(job);
  const sorted = [...all.filter((proof) => !proof.made), ...all.filter((proof) => proof.made)];
  const made = all.filter((proof) => proof.made).length;
  return (
    <section class="proof-list" aria-label="Sheets read back">
      <div role="status"><h3>{made} of {counted(all.length, 'sheet')} made</h3></div>
      <ul>{sorted.slice(0, ROWS_IN_VIEW).map((proof) => <ProofRow key={proof.sheet.sheetId} proof={proof} isBlank={job.isBlank} />)}</ul>
      {sorted.length > ROWS_IN_VIEW && <p class="caption">And {counted(sorted.length - ROWS_IN_VIEW, 'more sheet')}, which move up as others are read.</p>}
    </section>
  );
}

/** Check words, page by page, from the paper. They are nowhere on this screen. */
function WordsWay({ job, actions }: { readonly job: JobState; readonly actions: PaperActions }) {
  const sheet = sheetForWords(job);
  if (sheet === null) return null;
  const open = proofs(job).filter((proof) => !proof.made);
  const filled = Array.from({ length: sheet.pages }, (_, page) => (job.words[page] ?? '').trim()).filter((text) => text !== '').length;
  const check = (): void => void actions.checkWords();
  return (
    <div class="form">
      <p class="measure">Three words stand at the foot of every page. This screen does not show them: who types them has the page in hand.</p>
      {open.length > 1 && <SelectField label="Sheet in your hand" value={sheet.sheetId} options={open.map(({ sheet: each }) => ({ value: each.sheetId, name: `${each.serial}, ${sheetName(each).toLowerCase()}` }))} onSelect={(sheetId) => actions.job({ type: 'words-of', sheetId })} />}
      {open.length === 1 && <p>Sheet <span class="mono">{sheet.serial}</span></p>}
      {Array.from({ length: sheet.pages }, (_, page) => (
        <TextField key={`${sheet.sheetId}-${page}`} label={sheet.pages === 1 ? 'Check words' : `Check words of page ${page + 1}`} mono value={job.words[page] ?? ''} disabled={job.isBusy}
          onInput={(text) => actions.job({ type: 'words-typed', page, text })} onEnter={check} />
      ))}
      <div class="form-actions"><Button disabled={job.isBusy || filled < sheet.pages} onPress={check}>Compare the words</Button></div>
      {job.wordsWrong && <Notice weight="caution" title="These are not the words of this sheet"><p>Compare the serial on the paper with the one above, then read the three words at the foot again. A sheet whose words do not fit is an older print, or of another order: destroy it and print again.</p></Notice>}
    </div>
  );
}

/** What the last picture held, in words. */
function SeenWords({ job }: { readonly job: JobState }) {
  const { read } = job;
  if (read === null || job.way === 'words') return null;
  return (
    <p class={read.foreign > 0 ? 'risk-caution' : 'muted'} role="status">
      {read.seen === 0 ? 'The last picture showed no code: closer, flatter, more light.' : `The last picture showed ${counted(read.seen, 'code')}.`}
      {read.foreign > 0 && ` ${counted(read.foreign, 'code')} ${read.foreign === 1 ? 'is' : 'are'} of no sheet of this print: another sheet, or an older print.`}
    </p>
  );
}

export function ProveStep({ job, actions }: { readonly job: JobState; readonly actions: PaperActions }) {
  const all = proofs(job);
  const isDone = all.every((proof) => proof.made);
  return (
    <>
      <h2 tabIndex={-1}>Read the print back</h2>
      {isDone
        ? <Notice weight="verified" title={all.length === 1 ? 'The sheet counts as made' : `All ${all.length} sheets count as made`}><p>What is on paper is what was drawn, and the register says so. {all.length === 1 ? 'Fold it, put it into a numbered bag and note the seal there.' : 'Fold the sheets, put them into numbered bags and note the seals there.'}</p></Notice>
        : (
          <>
            <p class="measure">A sheet counts as made only when the paper itself was read. Pixels on a screen prove nothing of what the printer did.</p>
            <Choices<ProofWay> legend="Read it" value={job.way} onSelect={(way) => actions.job({ type: 'way-chosen', way })}
              options={[{ value: 'camera', name: 'By camera or picture' }, { value: 'words', name: 'By its check words' }]} />
          </>
        )}
      <div class="prove">
        {!isDone && (
          <div class="prove-way">
            {job.way === 'words'
              ? <WordsWay job={job} actions={actions} />
              : <CameraScan what="a printed page" allow={actions.allowCamera} onFrame={actions.scan} stillName="Choose pictures of the print" onStill={() => void actions.scanFile()} disabled={job.isBusy} />}
            <SeenWords job={job} />
          </div>
        )}
        <ProofList job={job} />
      </div>
    </>
  );
}
