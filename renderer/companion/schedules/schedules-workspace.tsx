import { useEffect } from 'preact/hooks';
import { Workspace } from '../../frame/workspace.tsx';
import { Amount } from '../../ui/amount.tsx';
import { counted } from '../../ui/amount-text.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { ProgressView } from '../../ui/progress.tsx';
import { Section } from '../../ui/section.tsx';
import type { CompanionContext, WorkspaceProps } from '../context.ts';
import { bookedText } from '../ledger/entry-words.ts';
import { Missing } from '../missing.tsx';
import { chosenWallet } from '../session.ts';
import { hotSideOf } from '../sweep/sweep-form.ts';
import { RuleFormView } from './rule-form.tsx';
import { hotNames, lastRunWords, waitWords, whenWords } from './schedule-words.ts';
import { schedulesActions, type SchedulesActions } from './schedules-actions.ts';
import { ruleProblem, type Rule, type RuleOutcome, type SchedulesState } from './schedules-state.ts';

const head = { title: 'Schedules', purpose: 'Standing rules that prepare sweeps and refills. They only prepare; nothing is ever signed or sent by a rule.' };

interface RuleProps {
  readonly context: CompanionContext;
  readonly state: SchedulesState;
  readonly rule: Rule;
  readonly actions: SchedulesActions;
}

/** One rule: what it does, when, what it came to last. */
function RuleView({ context, state, rule, actions }: RuleProps) {
  const isBusy = state.work !== null;
  const last = rule.lastRun === null ? null : lastRunWords(rule.lastRun);
  return (
    <Section name={rule.name} note={<span class={`tag ${rule.isOn ? 'tag-verified' : 'tag-plain'}`}>{rule.isOn ? 'On' : 'Off'}</span>}>
      <p>
        {rule.kind === 'sweep'
          ? <>Sweeps {hotNames(rule.hot)} into {rule.cold.name} when it holds more than <Amount sats={rule.ceilingSats} />, down to <Amount sats={rule.floorSats} />.</>
          : <>Refills {hotNames(rule.hot)} from {rule.cold.name} when it holds less than <Amount sats={rule.floorSats} />, up to <Amount sats={rule.ceilingSats} />.</>}
      </p>
      <p class="muted">{whenWords(rule)}</p>
      <p>{last === null || rule.lastRun === null ? <span class="muted">Not looked at yet.</span> : <><span class="muted">{bookedText(rule.lastRun.ranAt)} UTC: </span><span class={last.look === 'tag-danger' ? 'risk-danger' : undefined}>{last.words}</span></>}</p>
      {rule.prepared.length > 0 && <ul class="caption">{rule.prepared.map((plan) => <li key={plan.planId} class="breakable">{plan.fileName}, prepared {bookedText(plan.preparedAt)} UTC</li>)}</ul>}
      {state.removing === rule.name ? (
        <div class="form-actions form-actions-wrap">
          <Button small disabled={isBusy} onPress={() => void actions.remove(rule.name)}>{`Remove ${rule.name} for good`}</Button>
          <Button small onPress={() => context.schedules.send({ type: 'removing', name: null })}>Keep it</Button>
        </div>
      ) : (
        <div class="form-actions form-actions-wrap">
          <Button small disabled={isBusy || !rule.isOn} onPress={() => void actions.run(rule.name)}>Look at this one now</Button>
          <Button small disabled={isBusy} onPress={() => void actions.turn(rule.name, !rule.isOn)}>{rule.isOn ? 'Switch off' : 'Switch on'}</Button>
          <Button small disabled={isBusy} onPress={() => context.schedules.send({ type: 'removing', name: rule.name })}>Remove</Button>
        </div>
      )}
    </Section>
  );
}

function OutcomeView({ outcome }: { readonly outcome: RuleOutcome }) {
  switch (outcome.outcome) {
    case 'prepared':
      return <Notice weight="verified" title={`${outcome.name}: ${counted(outcome.plans.length, 'transaction')} prepared`}><p>It waits in the Queue to be signed.</p></Notice>;
    case 'waiting':
      return (
        <Notice weight="plain" title={`${outcome.name}: nothing is due`}>
          <p>Because {waitWords(outcome.reasons)}. The hot wallet holds <Amount sats={outcome.hotSats} />; the node asks {outcome.feeRateSatPerVb} sat/vB.</p>
        </Notice>
      );
    case 'failed':
      return <Notice weight="danger" title={`${outcome.name}: ${outcome.message}`}><p>{outcome.hint}</p><p class="caption">{outcome.code}</p></Notice>;
  }
}

/** Standing rules, and what is due by them. */
export function SchedulesWorkspace({ context, session }: WorkspaceProps) {
  const state = context.schedules.state.value;
  const actions = schedulesActions(context, session);
  useEffect(() => void actions.read(), []);
  const { node } = session.settings;
  const { form } = state;
  const rules = state.rules ?? [];
  const cold = chosenWallet(session, form?.walletId ?? null);
  const begin = (): void => context.schedules.send({ type: 'begun' });
  if (node === null && rules.length === 0) return <Missing context={context} head={head} icon="node" title="No node is set" text="A rule is judged by what the node says." place="node" button="Go to Node" />;
  if (cold === undefined && rules.length === 0) return <Missing context={context} head={head} icon="wallet" title="No wallet yet" text="Make or import the cold wallet first; a rule is between it and a hot wallet." place="wallets" button="Go to Wallets" />;
  if (form !== null && cold !== undefined) {
    const hot = hotSideOf(form, session, cold);
    const problem = ruleProblem(form, hot);
    return (
      <Workspace {...head}
        words={problem ?? 'Keeps the rule. Nothing is prepared until you ask for it, or the system\'s own timer does.'}
        actions={<><Button onPress={() => context.schedules.send({ type: 'left' })}>Leave it</Button><Button kind="primary" disabled={problem !== null} onPress={() => void actions.add()}>Add the rule</Button></>}
      >
        <div class="page">
          <RuleFormView context={context} session={session} form={form} hot={hot} cold={cold} />
          {state.error !== null && <ErrorNotice error={state.error} />}
        </div>
      </Workspace>
    );
  }
  const isBusy = state.work !== null;
  const hasPrepared = state.outcomes.some(({ outcome }) => outcome === 'prepared');
  return (
    <Workspace {...head}
      tools={rules.length > 0 && <Button disabled={isBusy || cold === undefined || node === null} onPress={begin}>Add a rule</Button>}
      words={rules.length === 0 ? 'Add a rule first.' : 'Looks at every rule that is on, and prepares what is due. Nothing is signed, and nothing is sent.'}
      actions={rules.length === 0
        ? <Button kind="primary" disabled={state.rules === null} onPress={begin}>Add a rule</Button>
        : <>{hasPrepared && <Button onPress={() => context.go('queue')}>Go to the Queue</Button>}<Button kind="primary" disabled={isBusy} onPress={() => void actions.run(null)}>Prepare what is due now</Button></>}
    >
      {rules.length === 0 ? (
        <EmptyState icon="schedule" title={state.rules === null ? 'Reading the rules' : 'No rule yet'}>
          <p>A rule says when the hot wallet holds too much or too little. Asked here or by the system&apos;s timer, it prepares unsigned transactions, which wait in the Queue like every other.</p>
          {state.error !== null && <ErrorNotice error={state.error} />}
        </EmptyState>
      ) : (
        <div class="page">
          {state.error !== null && <ErrorNotice error={state.error} />}
          {state.work !== null && <ProgressView progress={state.work} onCancel={actions.stop} />}
          {state.outcomes.map((outcome) => <OutcomeView key={outcome.name} outcome={outcome} />)}
          {rules.map((rule) => <RuleView key={rule.name} context={context} state={state} rule={rule} actions={actions} />)}
        </div>
      )}
    </Workspace>
  );
}
