import { useEffect, useState } from 'preact/hooks';
import { Workspace } from '../../frame/workspace.tsx';
import { Button } from '../../ui/button.tsx';
import { DropZone } from '../../ui/drop-zone.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { SecretField } from '../../ui/secret-field.tsx';
import type { SignerContext } from '../context.ts';
import { backupProblem, paperProblem } from './drill-entry.ts';
import { durationWords, failureWords, walletWords } from './drill-texts.ts';
import type { DrillsActions } from './drills-actions.ts';
import type { DrillPage } from './drills-state.ts';
import { PaperEntryView } from './paper-entry-view.tsx';
import { ScoreTable } from './score-table.tsx';

type Running = Extract<DrillPage, { stage: 'running' }>;

/** The time since the drill began, by this window's clock; the record has the host's. */
function RunningClock({ startedAt }: { readonly startedAt: string }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return <span class="drill-clock" role="timer" aria-label="Time since the drill began">{durationWords((now - Date.parse(startedAt)) / 1000)}</span>;
}

function BackupEntryView({ page, context, actions }: { readonly page: Running; readonly context: SignerContext; readonly actions: DrillsActions }) {
  const { backup, isBusy } = page;
  return (
    <>
      <div class="field">
        <span class="field-label">Backup of the key file</span>
        <DropZone small openName="Choose backup" disabled={isBusy} onOpen={() => void actions.chooseBackup()} onFiles={actions.takeBackup}>
          {backup.file === null ? 'Drop the .key.age file from the backup here' : <span class="mono breakable">{backup.file.name}</span>}
        </DropZone>
        <span class="field-hint">Take it from the stick or folder where the backup lies, not from this laptop's shelf: the shelf is what may be lost.</span>
      </div>
      <SecretField label="Passphrase of the key file" value={backup.passphrase} disabled={isBusy} onInput={(passphrase) => context.drills.send({ type: 'passphrase-typed', passphrase })} hint="From where it is kept, as if nobody remembered it." />
    </>
  );
}

/** What the last try came to, while the drill goes on. */
function LastTry({ page }: { readonly page: Running }) {
  const { lastTry } = page;
  if (lastTry === null) return null;
  return (
    <Notice weight="danger" title={lastTry.failure === null ? 'This is another key' : 'The key did not come back'}>
      {lastTry.failure === null
        ? <><p>What was given is sound, and of another key. A wrong BIP39 passphrase looks like this too.</p><ScoreTable scores={lastTry.scores} /></>
        : <><p>{failureWords(lastTry.failure)}</p><p class="caption">{lastTry.failure}</p></>}
      <p>{`Answer ${lastTry.attempts}. The clock runs on: correct it and compare again, or end the drill.`}</p>
    </Notice>
  );
}

/** A drill that runs: the clock, what is on the paper or in the backup, and the answer. */
export function RunningView({ page, context, actions }: { readonly page: Running; readonly context: SignerContext; readonly actions: DrillsActions }) {
  const { key, from, isBusy, error, lastTry } = page;
  const problem = isBusy ? 'Working. Opening slowly is on purpose.' : from === 'paper' ? paperProblem(page.paper) : backupProblem(page.backup);
  return (
    <Workspace
      title={`Drill: ${key.label === '' ? key.fingerprint : key.label}`}
      purpose={`Bring the key back from ${from === 'paper' ? 'its paper' : 'a backup'} alone. It is compared, and wiped at once.`}
      tools={<><RunningClock startedAt={page.startedAt} /><Button disabled={isBusy} onPress={() => void actions.giveUp()}>Give up</Button></>}
      words={problem ?? (lastTry === null ? 'Brings the key back into memory, compares it and wipes it.' : `Answer ${lastTry.attempts} did not bring it back; the clock runs on.`)}
      actions={(
        <>
          {lastTry !== null && <Button disabled={problem !== null} onPress={() => void actions.answer(true)}>Compare and end the drill</Button>}
          <Button kind="primary" disabled={problem !== null} onPress={() => void actions.answer(false)}>Compare the key</Button>
        </>
      )}
    >
      <div class="page form">
        <p>What must come back: <Fingerprint value={key.fingerprint} />{key.registrations.length > 0 && `, and ${walletWords(key.registrations.map(({ wallet }) => wallet))}`}.</p>
        <LastTry page={page} />
        {error !== null && <ErrorNotice error={error} />}
        {from === 'paper' ? <PaperEntryView page={page} actions={actions} /> : <BackupEntryView page={page} context={context} actions={actions} />}
      </div>
    </Workspace>
  );
}
