import { counted } from '../../ui/amount-text.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useCover } from '../keys/use-cover.ts';
import { holdsSecrets, isCovered, jobParts, pagesOf, shownPage, type JobPage, type JobState } from './job-state.ts';
import type { PaperActions } from './paper-actions.ts';
import { partWords, sheetName } from './paper-words.ts';

/** The page as it will be on paper; a secret one is not even asked for before it is uncovered. */
function PagePicture({ job, page, name, onMissing }: { readonly job: JobState; readonly page: JobPage; readonly name: string; readonly onMissing: () => void }) {
  const shape = page.widthMm < page.heightMm ? 'page-upright' : 'page-across';
  if (isCovered(job)) {
    return (
      <div class={`page-covered ${shape}`}>
        <Icon name="covered" />
        <p><strong>Covered.</strong> This page holds a secret.</p>
        <p class="muted">Show it when nobody else, and no camera, sees this screen.</p>
      </div>
    );
  }
  return <img class={`page-picture ${shape}`} src={page.picture} alt={`${name}, as it is printed. What stands on it can be read from the page only.`} onError={onMissing} />;
}

export function LookStep({ job, actions }: { readonly job: JobState; readonly actions: PaperActions }) {
  useCover(() => actions.job({ type: 'covered' }));
  const parts = jobParts(job);
  const pages = pagesOf(job, job.part);
  const page = shownPage(job);
  if (page === null) return <p class="muted">There are no pages.</p>;
  const sheet = job.sheets.find((each) => each.sheetId === page.sheetId);
  const { name: partName } = partWords(job.part, job.isBlank);
  const name = sheet === undefined ? 'Page' : `${sheetName(sheet)} ${sheet.serial}, page ${page.page} of ${sheet.pages} (${partName.toLowerCase()})`;
  const show = (index: number): void => actions.job({ type: 'page-shown', page: index });
  return (
    <>
      <div class="detail-head">
        <h2 tabIndex={-1}>Look at the pages</h2>
        <div class="tabs" role="group" aria-label="Parts">
          {parts.map((part) => {
            const words = partWords(part, job.isBlank);
            return (
              <button key={part} type="button" class={`tab part-tab${holdsSecrets(job, part) ? ' part-secret' : ''}`} aria-pressed={part === job.part} onClick={() => actions.job({ type: 'part-shown', part })}>
                <Icon name={words.icon} />{words.name}, {counted(pagesOf(job, part).length, 'page')}
              </button>
            );
          })}
        </div>
      </div>
      <div class="page-tools">
        <Button small disabled={job.page === 0} onPress={() => show(job.page - 1)}>Previous page</Button>
        <span role="status" class="nowrap">Page {job.page + 1} of {pages.length}</span>
        <Button small disabled={job.page === pages.length - 1} onPress={() => show(job.page + 1)}>Next page</Button>
        {pages.length > 3 && (
          <SelectField label="Sheet" size="short" value={page.sheetId} options={[...new Map(pages.map((each) => [each.sheetId, job.sheets.find((one) => one.sheetId === each.sheetId)?.serial ?? ''])).entries()].map(([value, serial]) => ({ value, name: serial }))}
            onSelect={(sheetId) => show(pages.findIndex((each) => each.sheetId === sheetId))} />
        )}
        <span class="page-tools-end">
          {holdsSecrets(job, job.part) && <Button small onPress={() => actions.job(isCovered(job) ? { type: 'uncovered' } : { type: 'covered' })}>{isCovered(job) ? 'Show the secret pages' : 'Cover the pages'}</Button>}
          <Button small onPress={() => actions.job({ type: 'width', isWide: !job.isWide })}>{job.isWide ? 'Whole page' : 'Fit the width'}</Button>
        </span>
      </div>
      <div class={`page-frame${job.isWide ? ' page-frame-wide' : ''}`} role="group" aria-label="Page">
        <p class="caption page-name">{name}</p>
        <PagePicture key={page.picture} job={job} page={page} name={name} onMissing={() => void actions.lookAfterJob()} />
      </div>
    </>
  );
}
