import { useEffect } from 'preact/hooks';
import { unitOf } from '../../frame/networks.ts';
import { Workspace } from '../../frame/workspace.tsx';
import { ScanCodes } from '../../frames/scan-codes.tsx';
import { Amount } from '../../ui/amount.tsx';
import { Button } from '../../ui/button.tsx';
import { DropZone } from '../../ui/drop-zone.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Checkbox } from '../../ui/field.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { UnitContext } from '../../ui/unit.ts';
import { broadcastWords } from '../combine/combine-state.ts';
import type { CompanionContext, WorkspaceProps } from '../context.ts';
import type { NodeUrl } from '../session.ts';
import { queueActions, type QueueActions } from './queue-actions.ts';
import { QueueDetailsView } from './queue-details.tsx';
import type { QueueEntry, QueueState } from './queue-state.ts';
import { isOpen, outcomeWords, signedElsewhere, stateTag } from './queue-words.ts';

const head = { title: 'Queue', purpose: 'Every plan from draft to confirmed: who has signed, who is awaited, what can be sent.' };

function List({ context, state, entries, actions }: { readonly context: CompanionContext; readonly state: QueueState; readonly entries: readonly QueueEntry[]; readonly actions: QueueActions }) {
  return (
    <div class="list-pane">
      <ul aria-label="Plans">
        {entries.map((entry) => {
          const { words, look } = stateTag(entry);
          return (
            <li key={entry.planId}>
              <UnitContext.Provider value={unitOf(entry.network)}>
                <button type="button" class="list-row" aria-current={entry.planId === state.chosen} onClick={() => void actions.choose(entry.planId)}>
                  <span class="list-line"><b>{entry.kind === 'pay' ? 'Payment' : 'Sweep'}</b><span class={`tag ${look}`}>{words}</span></span>
                  <span class="list-line"><Amount sats={entry.paymentsSats} /></span>
                  <span class="caption">{entry.references[0] ?? entry.walletName}{entry.references.length > 1 ? ` and ${entry.references.length - 1} more` : ''}</span>
                </button>
              </UnitContext.Provider>
            </li>
          );
        })}
      </ul>
      <div class="list-actions">
        <Checkbox checked={state.all} disabled={state.isBusy} onToggle={(all) => void actions.showAll(all)}>Show settled ones too</Checkbox>
        <Replies context={context} state={state} actions={actions} />
      </div>
    </div>
  );
}

const Replies = ({ context, state, actions }: { readonly context: CompanionContext; readonly state: QueueState; readonly actions: QueueActions }) => (
  <DropZone small openName="Open replies" disabled={state.isBusy} onOpen={() => void actions.openReplies()} onFiles={(files) => void actions.takeReplies(files)}
    beside={<ScanCodes host={context.host} expects={['psbt', 'transaction']} what="a signed reply" disabled={state.isBusy} onContent={(file) => void actions.takeReplies([file])} />}>Drop signed replies here, of any plan, in any order</DropZone>
);

/** What became of the last act, above the plan. */
function Last({ state }: { readonly state: QueueState }) {
  return (
    <>
      {state.error !== null && <ErrorNotice error={state.error} />}
      {state.done !== null && <Notice weight="verified" title={state.done.title}><p class="breakable">{state.done.text}</p></Notice>}
      {state.outcomes.map((outcome, at) => (
        <Notice key={`${at}-${outcome.file}`} weight={outcome.outcome === 'refused' ? 'danger' : outcome.outcome === 'taken' ? 'verified' : 'plain'} title={outcome.file}>
          <p>{outcomeWords(outcome)}</p>
          {outcome.error !== null && <p class="caption">{outcome.error.code}</p>}
        </Notice>
      ))}
    </>
  );
}

/** Why the chosen plan cannot be sent now, or `null`. */
function sendProblem(entry: QueueEntry | null, state: QueueState, node: NodeUrl | null): string | null {
  if (state.isBusy) return 'Working. Every signature is verified.';
  if (entry === null) return 'Choose a plan.';
  if (entry.state === 'broadcast') return 'It was sent. It is settled once it stands in a block; sending it again does no harm.';
  if (!isOpen(entry)) return `${stateTag(entry).words}: there is nothing to send.`;
  if (entry.quorum === null && entry.state === 'unsigned') return signedElsewhere(entry);
  if (entry.state !== 'complete' && entry.state !== 'finalized') return 'The quorum is not complete. Drop the signed replies as they come back.';
  return node === null ? 'No node is set to send through.' : null;
}

/** The signing queue. */
export function QueueWorkspace({ context, session }: WorkspaceProps) {
  const state = context.queue.state.value;
  const actions = queueActions(context, session);
  useEffect(() => void actions.read(), []);
  const node = session.settings.node;
  const entries = state.entries ?? [];
  if (entries.length === 0) {
    return (
      <Workspace {...head} words="Plans come here by themselves when a payment or a sweep is planned." actions={<Button kind="primary" onPress={() => context.go('pay')}>Plan a payment</Button>}>
        <EmptyState icon="queue" title={state.entries === null ? 'Reading the queue' : 'Nothing waits to be signed'}>
          <p>A plan waits here from the moment it is made. Hand its file to the signing officers; drop what they bring back, in any order.</p>
          {state.entries !== null && <div class="form-actions stack"><Checkbox checked={state.all} disabled={state.isBusy} onToggle={(all) => void actions.showAll(all)}>Show settled ones too</Checkbox></div>}
          <Replies context={context} state={state} actions={actions} />
          <Last state={state} />
        </EmptyState>
      </Workspace>
    );
  }
  const entry = state.details?.entry ?? null;
  const problem = sendProblem(entry, state, node);
  return (
    <Workspace {...head}
      words={problem ?? 'Tests it with the node, sends it and books it. This cannot be taken back; Enter does not send.'}
      actions={entry !== null && (isOpen(entry) || entry.state === 'broadcast') && (
        <Button kind="primary" guarded disabled={problem !== null} onPress={() => { if (node !== null) void actions.broadcast(entry, node); }}>{entry.kind === 'pay' ? broadcastWords(entry.paymentsSats, entry.payments, unitOf(entry.network)) : `Broadcast the sweep into ${entry.walletName}`}</Button>
      )}
    >
      <div class="split">
        <List context={context} state={state} entries={entries} actions={actions} />
        <div class="detail-pane">
          <div class="page page-head stack"><Last state={state} /></div>
          {state.details !== null && <QueueDetailsView key={state.details.entry.planId} context={context} state={state} details={state.details} node={node} actions={actions} />}
        </div>
      </div>
    </Workspace>
  );
}
