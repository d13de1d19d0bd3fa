import { useEffect } from 'preact/hooks';
import { Workspace } from '../../frame/workspace.tsx';
import { ShowCodes } from '../../frames/show-codes.tsx';
import { modelOfPlan } from '../../review/from-plan.ts';
import { unitOf } from '../../frame/networks.ts';
import { ReviewSheet } from '../../review/review-sheet.tsx';
import { Amount } from '../../ui/amount.tsx';
import { counted, satsFromBtc, satsText, shortBtcText } from '../../ui/amount-text.ts';
import { Button } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { TextField } from '../../ui/field.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { Section } from '../../ui/section.tsx';
import type { CompanionContext, WorkspaceProps } from '../context.ts';
import { Missing } from '../missing.tsx';
import { SkippedSection } from '../plan-notes.tsx';
import { chosenWallet, type ReadySession } from '../session.ts';
import { WalletChoice } from '../wallet-choice.tsx';
import { sweepActions, type SweepActions, type SweepBasis } from './sweep-actions.ts';
import { feeRateProblem, floorProblem, hotPicture, type SweepForm, type SweepState } from './sweep-state.ts';

const head = { title: 'Sweep', purpose: 'Moves money from the node\'s hot wallet behind the gap.' };

/** What is hot now: how much of it leaves, how much stays. */
function HotPicture({ balanceSats, staysSats, utxos }: { readonly balanceSats: bigint; readonly staysSats: bigint; readonly utxos: number | null }) {
  const picture = hotPicture(balanceSats, staysSats);
  const leaves = balanceSats > staysSats ? balanceSats - staysSats : 0n;
  return (
    <>
      <span class="total"><Amount sats={balanceSats} withSats /></span>
      <svg class="hot-picture" viewBox="0 0 1000 20" preserveAspectRatio="none" aria-hidden="true">
        <rect class="outline" width="1000" height="20" />
        <rect class="leaves" width={picture.leaves} height="20" />
      </svg>
      <ul class="legend">
        <li><span class="swatch swatch-payments" />Leaves, fee included: <Amount sats={leaves} /></li>
        <li><span class="swatch swatch-change" />Stays hot: <Amount sats={balanceSats - leaves} /></li>
        {utxos !== null && <li class="muted">{counted(utxos, 'output')}</li>}
      </ul>
    </>
  );
}

function FormView({ state, basis, context, session, actions }: { readonly state: Extract<SweepState, { stage: 'form' }>; readonly basis: SweepBasis; readonly context: CompanionContext; readonly session: ReadySession; readonly actions: SweepActions }) {
  const { form, balance, isBusy } = state;
  const change = (part: Partial<SweepForm>): void => context.sweep.send({ type: 'form-changed', form: { ...form, ...part } });
  useEffect(() => void actions.readBalance(basis), [basis.node, basis.hotWallet]);
  const problem = floorProblem(form.floorBtc) ?? feeRateProblem(form.feeRate);
  const floor = BigInt(satsFromBtc(form.floorBtc) ?? '0');
  return (
    <Workspace {...head}
      words={problem ?? (isBusy ? 'Planning: choosing outputs and asking for fees.' : `Plans a sweep from "${basis.hotWallet}" to ${basis.cold.policy.name}. Nothing moves yet.`)}
      actions={<Button kind="primary" disabled={problem !== null || isBusy} onPress={() => void actions.plan(basis)}>Plan the sweep</Button>}
    >
      <div class="page">
        <Section name="Hot wallet" note={`"${basis.hotWallet}" on the node`}>
          {balance === null ? <p class="muted">Asking the node for its balance.</p> : <HotPicture balanceSats={BigInt(balance.balanceSats)} staysSats={floor} utxos={balance.utxos} />}
        </Section>
        <Section name="Sweep">
          <WalletChoice label="To the cold wallet" session={session} walletId={basis.cold.policy.walletId} disabled={isBusy} onSelect={(walletId) => change({ walletId })} />
          <TextField label={`Keep hot, in ${unitOf(basis.cold.policy.network)}`} size="short" value={form.floorBtc} disabled={isBusy} onInput={(floorBtc) => change({ floorBtc })} problem={floorProblem(form.floorBtc)} hint="The float for daily business. Empty sweeps everything." />
          <TextField label="Fee rate, in sat/vB" size="short" value={form.feeRate} disabled={isBusy} onInput={(feeRate) => change({ feeRate })} problem={feeRateProblem(form.feeRate)} hint="Empty takes the node's estimate." />
        </Section>
        {state.error !== null && <ErrorNotice error={state.error} />}
      </div>
    </Workspace>
  );
}

function PlannedView({ state, basis, context, actions }: { readonly state: Extract<SweepState, { stage: 'planned' }>; readonly basis: SweepBasis; readonly context: CompanionContext; readonly actions: SweepActions }) {
  const { planned: { plan }, signed, isBusy, savedAs } = state;
  const amount = shortBtcText(plan.paymentsSats);
  return (
    <Workspace {...head}
      tools={<><ShowCodes host={context.host} contentBase64={state.planned.psbtBase64} what="unsigned sweep" disabled={isBusy} /><Button disabled={isBusy} onPress={() => void actions.save()}>Save unsigned PSBT</Button><Button onPress={() => context.sweep.send({ type: 'put-away' })}>Put the plan away</Button></>}
      words={signed === null ? `Has the node sign with its own wallet "${basis.hotWallet}". Nothing is sent yet.` : 'Tests it with the node, sends it and books it. This cannot be taken back; Enter does not send.'}
      actions={signed === null
        ? <Button kind="primary" disabled={isBusy} onPress={() => void actions.signOnNode(basis)}>{`Have the node sign with "${basis.hotWallet}"`}</Button>
        : <Button kind="primary" guarded disabled={isBusy} onPress={() => void actions.broadcast(basis)}>{`Broadcast ${amount} ${unitOf(basis.cold.policy.network)} to ${basis.cold.policy.name}`}</Button>}
    >
      <div class="page page-head stack">
        {signed === null
          ? <Notice weight="plain" title={`Sweep ${amount} ${unitOf(basis.cold.policy.network)} to ${basis.cold.policy.name}`}><p>A plan. It holds full previous transactions, so that what signs it can prove every amount.</p></Notice>
          : <Notice weight="verified" title="Signed by the node"><p>Transaction id <span class="mono breakable">{signed.txid}</span></p></Notice>}
        {savedAs !== null && <Notice weight="plain" title="Saved"><p class="mono breakable">{savedAs}</p></Notice>}
        {state.error !== null && <ErrorNotice error={state.error} />}
      </div>
      <ReviewSheet
        network={basis.cold.policy.network}
        model={modelOfPlan(plan, basis.cold.policy.name)} quorum={null} acknowledged={null}
        planNotes={<>
          {plan.leftHotSats !== null && state.balance !== null && (
            <Section name="Hot wallet"><HotPicture balanceSats={BigInt(state.balance.balanceSats)} staysSats={BigInt(plan.leftHotSats)} utxos={null} /></Section>
          )}
          <SkippedSection skipped={plan.skipped} />
        </>}
      />
    </Workspace>
  );
}

/** Where money goes from hot to cold. */
export function SweepWorkspace({ context, session }: WorkspaceProps) {
  const state = context.sweep.state.value;
  const actions = sweepActions(context, session);
  const { node, hotWallet } = session.settings;
  const cold = chosenWallet(session, state.form.walletId);
  if (node === null || hotWallet === null) return <Missing context={context} head={head} icon="node" title="No hot wallet is set" text="Name the node, and the wallet that it keeps for daily business." place="node" button="Go to Node" />;
  if (cold === undefined) return <Missing context={context} head={head} icon="wallet" title="No cold wallet to sweep to" text="Make the wallet from the cosigners' key records first; a sweep goes to its next receive address." place="wallets" button="Go to Wallets" />;
  const basis: SweepBasis = { node, hotWallet, cold };
  switch (state.stage) {
    case 'form':
      return <FormView state={state} basis={basis} context={context} session={session} actions={actions} />;
    case 'planned':
      return <PlannedView state={state} basis={basis} context={context} actions={actions} />;
    case 'sent':
      return (
        <Workspace {...head} words="Sent and booked. It is settled once it stands in a block." actions={<><Button onPress={() => context.go('ledger')}>See it in the Ledger</Button><Button kind="primary" onPress={() => context.sweep.send({ type: 'put-away' })}>Plan another sweep</Button></>}>
          <div class="page stack">
            <Notice weight="verified" title={`${shortBtcText(state.planned.plan.paymentsSats)} ${unitOf(cold.policy.network)} are on their way to ${cold.policy.name}`} />
            <Facts facts={[
              ['Transaction id', <span key="txid" class="mono breakable">{state.txid}</span>],
              ['Amount', <Amount key="amount" sats={state.planned.plan.paymentsSats} />],
              ['Fee', `${satsText(state.planned.plan.feeSats)} sats, ${state.planned.plan.feeRateSatPerVb} sat/vB`],
            ]} />
          </div>
        </Workspace>
      );
  }
}
