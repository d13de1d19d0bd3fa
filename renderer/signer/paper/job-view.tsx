import { useEffect, useRef, useState } from 'preact/hooks';
import { Workspace } from '../../frame/workspace.tsx';
import { counted } from '../../ui/amount-text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { StepList } from '../../ui/step-list.tsx';
import type { SignerContext } from '../context.ts';
import { CodesStep } from './codes-step.tsx';
import { endWarnings } from './end-warnings.ts';
import { jobSteps, proofs, type JobState, type JobStep } from './job-state.ts';
import { LookStep } from './look-step.tsx';
import type { PaperActions } from './paper-actions.ts';
import { PaperTabs } from './paper-tabs.tsx';
import { PrintStep } from './print-step.tsx';
import { ProveStep } from './prove-step.tsx';

const stepNames: Readonly<Record<JobStep, string>> = { look: 'Look at the pages', print: 'Print', codes: 'Copy the codes by hand', prove: 'Read the print back' };

/** What the step leaves to do, in words. */
function stepWords(job: JobState): string {
  switch (job.step) {
    case 'look':
      return 'Compare the pages with what you ordered. Every code on them was read back from its drawing.';
    case 'print':
      return job.sent.public.length + job.sent.secret.length === 0 ? 'Nothing is on paper yet.' : 'What is on paper does not count before it was read back.';
    case 'codes':
      return job.codes.length === 0 ? 'Every code is written down. They are gone from this laptop.' : `${counted(job.codes.length, 'code')} still to be written down by hand.`;
    case 'prove': {
      const open = proofs(job).filter((proof) => !proof.made).length;
      if (open === 0) return job.sheets.length === 1 ? 'The sheet was read back. It counts as made.' : 'Every sheet was read back. They count as made.';
      return `${counted(open, 'sheet')} ${open === 1 ? 'is' : 'are'} not read back and ${open === 1 ? 'does' : 'do'} not count as made.`;
    }
  }
}

function EndDialog({ warnings, onEnd, onClose }: { readonly warnings: readonly string[]; readonly onEnd: () => void; readonly onClose: () => void }) {
  return (
    <Dialog title="End this print?" onClose={onClose} actions={<><Button onPress={onClose}>Go on with it</Button><Button kind="primary" guarded onPress={onEnd}>End it and forget the sheets</Button></>}>
      <ul class="stack">{warnings.map((warning) => <li key={warning}>{warning}</li>)}</ul>
    </Dialog>
  );
}

/** A prepared print, step by step in its physical order; every step can be gone back to. */
export function JobView({ context, job, actions }: { readonly context: SignerContext; readonly job: JobState; readonly actions: PaperActions }) {
  const [isEnding, setEnding] = useState(false);
  const task = useRef<HTMLDivElement>(null);
  const steps = jobSteps(job);
  const at = steps.indexOf(job.step);
  const next = steps[at + 1];
  const before = steps[at - 1];
  const warnings = endWarnings(job);
  useEffect(() => {
    task.current?.querySelector<HTMLElement>('h2')?.focus();
    task.current?.parentElement?.parentElement?.scrollTo(0, 0);
  }, [job.step]);
  const end = (): void => (warnings.length === 0 ? void actions.endJob() : setEnding(true));
  return (
    <Workspace
      title="Paper" purpose={`${counted(job.sheets.length, 'sheet')}, ${counted(job.pages.length, 'page')}. Held by this laptop until the print is ended.`}
      tools={<PaperTabs context={context} />}
      words={stepWords(job)}
      actions={<>
        {before === undefined ? <Button onPress={end}>End this print</Button> : <Button onPress={() => actions.job({ type: 'step', step: before })}>Back</Button>}
        {next === undefined
          ? <Button kind={warnings.length === 0 ? 'primary' : 'secondary'} onPress={end}>{warnings.length === 0 ? 'Done: forget the sheets' : 'End this print'}</Button>
          : <Button kind={job.step === 'codes' && job.codes.length > 0 ? 'secondary' : 'primary'} onPress={() => actions.job({ type: 'step', step: next })}>{stepNames[next]}</Button>}
      </>}
    >
      <div class="ceremony">
        <div class="ceremony-steps">
          <StepList label="Steps of the print" steps={steps.map((step, index) => ({ name: stepNames[step], state: index < at ? 'done' : index === at ? 'now' : 'later' }))} />
        </div>
        <div class="ceremony-task paper-task" ref={task}>
          {job.step === 'look' && <LookStep job={job} actions={actions} />}
          {job.step === 'print' && <PrintStep job={job} actions={actions} />}
          {job.step === 'codes' && <CodesStep job={job} actions={actions} />}
          {job.step === 'prove' && <ProveStep job={job} actions={actions} />}
          {job.error !== null && <ErrorNotice error={job.error} />}
        </div>
      </div>
      {isEnding && <EndDialog warnings={warnings} onEnd={() => { setEnding(false); void actions.endJob(); }} onClose={() => setEnding(false)} />}
    </Workspace>
  );
}
