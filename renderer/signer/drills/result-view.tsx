import { Workspace } from '../../frame/workspace.tsx';
import { Button } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { Section } from '../../ui/section.tsx';
import type { SignerContext } from '../context.ts';
import { durationWords, failureWords } from './drill-texts.ts';
import type { DrillsActions } from './drills-actions.ts';
import type { DrillPage, DrillRecord } from './drills-state.ts';
import { ScoreTable } from './score-table.tsx';

function Verdict({ record }: { readonly record: DrillRecord }) {
  switch (record.outcome) {
    case 'passed':
      return <Notice weight="verified" title={`The key came back from ${record.from}`}><p>{`In ${durationWords(record.seconds)}, with ${record.attempts === 1 ? 'the first answer' : `answer ${record.attempts}`}. The scratch key was wiped.`}</p></Notice>;
    case 'failed':
      return (
        <Notice weight="danger" title={`The key did not come back from ${record.from}`}>
          <p>Until it has, count it as lost: look for its other copies and drill them today. If none brings it back, move what its wallets hold with the other cosigners.</p>
        </Notice>
      );
    case 'abandoned':
      return <Notice weight="caution" title="The drill was given up"><p>{record.attempts === 0 ? 'No answer was given, so it proves nothing, for better or worse. The date of the last drill still stands.' : 'The answers that were given did not bring the key back, so it counts as failed: drill this key again at once.'}</p></Notice>;
  }
}

/** What came of a drill. Its record is kept without being asked. */
export function ResultView({ page, context, actions }: { readonly page: Extract<DrillPage, { stage: 'result' }>; readonly context: SignerContext; readonly actions: DrillsActions }) {
  const { record, key, keptAs, isBusy, error } = page;
  return (
    <Workspace
      title={`Drill: ${key.label === '' ? key.fingerprint : key.label}`} purpose={`From ${record.from}, by ${record.by}, on ${record.startedAt.slice(0, 10)}.`}
      words={keptAs !== null ? 'Goes back to the list of keys. The record stays on this laptop.' : isBusy ? 'Keeping the record.' : 'The record is not kept yet.'}
      actions={keptAs === null
        ? <Button kind="primary" disabled={isBusy} onPress={() => void actions.keep()}>Keep the record</Button>
        : <Button kind="primary" onPress={() => context.drills.send({ type: 'closed' })}>Back to the keys</Button>}
      tools={keptAs === null && error !== null ? <Button onPress={() => context.drills.send({ type: 'closed' })}>Leave without a record</Button> : undefined}
    >
      {/* Without a control of its own it could not be scrolled by keyboard. */}
      <div class="page" role="region" aria-label="Result" tabIndex={0}>
        <Verdict record={record} />
        {error !== null && (keptAs === null ? <ErrorNotice error={error} title="The record could not be kept" /> : <ErrorNotice error={error} />)}
        <Section name="Compared" note="Expected, beside what came back">
          {record.failure !== null && <p>There was nothing to compare. {failureWords(record.failure)} <span class="caption">{record.failure}</span></p>}
          {record.failure === null && <ScoreTable scores={record.scores} />}
        </Section>
        <Section name="Record">
          <Facts facts={[
            ['Time', durationWords(record.seconds)],
            ['Answers', String(record.attempts)],
            ['Next drill due', record.outcome === 'passed' ? record.nextDue : record.attempts > 0 ? `${record.nextDue}: at once` : 'as before'],
            ['Kept as', keptAs === null ? 'not kept yet' : <span key="kept" class="mono breakable">{keptAs}</span>],
          ]} />
        </Section>
      </div>
    </Workspace>
  );
}
