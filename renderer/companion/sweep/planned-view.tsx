import { unitOf } from '../../frame/networks.ts';
import { Workspace } from '../../frame/workspace.tsx';
import { ShowCodes } from '../../frames/show-codes.tsx';
import { modelOfPlan } from '../../review/from-plan.ts';
import { ReviewSheet } from '../../review/review-sheet.tsx';
import { Address } from '../../ui/address.tsx';
import { Amount } from '../../ui/amount.tsx';
import { counted, percentText, satsText, shortBtcText } from '../../ui/amount-text.ts';
import { Button } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { ProgressView } from '../../ui/progress.tsx';
import { Section } from '../../ui/section.tsx';
import type { CompanionContext } from '../context.ts';
import { PrivacySection, SkippedSection } from '../plan-notes.tsx';
import { head } from './form-view.tsx';
import { HotPicture } from './hot-picture.tsx';
import { PreviewView } from './preview-view.tsx';
import type { SweepActions } from './sweep-actions.ts';
import { hotWords, type SweepBasis } from './sweep-form.ts';
import { arrivingSats, isSignedByNode, moveTag, type Move, type PlannedState, type PreparedSweep, type Refill } from './sweep-state.ts';

interface PlannedProps {
  readonly state: PlannedState;
  readonly basis: SweepBasis;
  readonly context: CompanionContext;
  readonly actions: SweepActions;
}

function MoveList({ state, context }: PlannedProps) {
  return (
    <div class="list-pane">
      <ul aria-label="Transactions">
        {state.moves.map((move, position) => {
          const { words, look } = moveTag(move);
          return (
            <li key={move.planned.psbtSha256}>
              <button type="button" class="list-row" aria-current={position === state.chosen} onClick={() => context.sweep.send({ type: 'chosen', position })}>
                <span class="list-line"><b>Transaction {position + 1}</b><span class={`tag ${look}`}>{words}</span></span>
                <span class="list-line"><Amount sats={move.planned.plan.paymentsSats} /></span>
                <span class="caption">{counted(move.planned.plan.inputs.length, 'output')}, fee {satsText(move.planned.plan.feeSats)} sats</span>
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** All transactions of a sweep together. */
function Totals({ sweep: { totals, economics } }: { readonly sweep: PreparedSweep }) {
  return (
    <Section name="All together" note={counted(totals.transactions, 'transaction')}>
      <Facts facts={[
        ['Outputs', totals.inputs.toLocaleString('en-GB')],
        ['Arrives', <Amount key="arrives" sats={totals.paymentsSats} />],
        ['Fee', `${satsText(totals.feeSats)} sats, ${percentText(totals.feePercent)} of what leaves`],
        ['Stays hot', <Amount key="stays" sats={totals.leftHotSats} />],
        ...(economics === null ? [] : [
          [`At ${economics.longTermFeeRateSatPerVb} sat/vB`, `what is moved would cost ${satsText(economics.movedLaterSats)} sats later, ${satsText(economics.movedNowSats)} now`] as const,
          ['Wait for it', `${counted(economics.waiting, 'output')}: ${satsText(economics.waitingLaterSats)} sats later, ${satsText(economics.waitingNowSats)} now`] as const,
        ]),
      ]} />
    </Section>
  );
}

function RefillNotes({ refill: { hot } }: { readonly refill: Refill }) {
  return (
    <Section name="Hot wallet" note="Compare the address">
      <p>It holds <Amount sats={hot.balanceSats} />, less than <Amount sats={hot.floorSats} />, and is brought up to <Amount sats={hot.targetSats} /> at this address. Make sure that the hot wallet itself shows it:</p>
      <Address address={hot.address} />
    </Section>
  );
}

function PlanNotes({ state, move }: { readonly state: PlannedState; readonly move: Move }) {
  const { plan } = move.planned;
  const { prepared } = state;
  if (prepared.kind === 'refill') return <><RefillNotes refill={prepared.refill} /><PrivacySection privacy={plan.privacy ?? []} /><SkippedSection skipped={plan.skipped} /></>;
  const { sweep } = prepared;
  return (
    <>
      {state.moves.length === 1 && plan.leftHotSats !== null && state.balance !== null && isSignedByNode(prepared) && (
        <Section name="Hot wallet"><HotPicture balanceSats={BigInt(state.balance.balanceSats)} staysSats={BigInt(plan.leftHotSats)} utxos={null} /></Section>
      )}
      {(state.moves.length > 1 || sweep.economics !== null) && <Totals sweep={sweep} />}
      <Section name="Cost" note="Now and at lower rates">
        <details>
          <summary><Icon name="chevron" />What it costs at other fee rates</summary>
          <PreviewView preview={sweep} />
        </details>
      </Section>
      <PrivacySection privacy={plan.privacy ?? []} />
      <SkippedSection skipped={sweep.skipped} />
    </>
  );
}

/** What the plan is, above its review. */
function PlanNotice({ state, basis, move }: Omit<PlannedProps, 'context' | 'actions'> & { readonly move: Move }) {
  const unit = unitOf(basis.cold.policy.network);
  const amount = shortBtcText(arrivingSats(state.moves));
  const signed = state.moves.filter((each) => each.signed !== null).length;
  const several = state.moves.length > 1;
  if (signed === state.moves.length) {
    return <Notice weight="verified" title={several ? `All ${signed} are signed by the node` : 'Signed by the node'}><p>Transaction id <span class="mono breakable">{move.signed?.txid}</span></p></Notice>;
  }
  const title = state.prepared.kind === 'refill'
    ? `Refill ${hotWords(basis.hot)} with ${amount} ${unit} from ${basis.cold.policy.name}`
    : `Sweep ${amount} ${unit} to ${basis.cold.policy.name}${several ? ` in ${state.moves.length} transactions` : ''}`;
  return (
    <Notice weight="plain" title={title}>
      <p>A plan. It holds full previous transactions, so that what signs it can prove every amount.{signed > 0 ? ` ${signed} of ${state.moves.length} are signed.` : ''}</p>
    </Notice>
  );
}

/** What happens next, and who does it. */
function nextOf({ state, basis, context, actions }: PlannedProps): { readonly words: string; readonly action: preact.ComponentChild } {
  const { moves, prepared } = state;
  const isBusy = state.work !== null;
  const { hot } = basis;
  const unsaved = moves.flatMap(({ savedAs }, position) => (savedAs === null ? [position] : []));
  if (hot.kind === 'node' && isSignedByNode(prepared)) {
    const several = moves.length > 1;
    if (moves.some(({ signed }) => signed === null)) {
      return {
        words: `Has the node sign with its own wallet "${hot.name}". Nothing is sent yet.`,
        action: <Button kind="primary" disabled={isBusy} onPress={() => void actions.signOnNode(basis.node, hot.name)}>{`Have the node sign with "${hot.name}"`}</Button>,
      };
    }
    const left = moves.filter(({ sentTxid }) => sentTxid === null);
    return {
      words: 'Tests it with the node, sends it and books it. This cannot be taken back; Enter does not send.',
      action: <Button kind="primary" guarded disabled={isBusy} onPress={() => void actions.broadcast(basis.node)}>{`Broadcast ${shortBtcText(arrivingSats(left))} ${unitOf(basis.cold.policy.network)} to ${basis.cold.policy.name}${several ? ` in ${counted(left.length, 'transaction')}` : ''}`}</Button>,
    };
  }
  if (unsaved.length > 0) {
    const who = prepared.kind === 'refill' ? `the cosigners of ${basis.cold.policy.name} sign it` : prepared.sweep.signers.kind === 'paper' ? 'the Signer signs it with the keys of the papers' : `the cosigners of ${hotWords(hot)} sign it`;
    return {
      words: `Unsigned; ${who}. It waits in the Queue already.`,
      action: <Button kind="primary" disabled={isBusy} onPress={() => void actions.save(unsaved)}>{unsaved.length === 1 ? 'Save unsigned PSBT' : `Save all ${unsaved.length} unsigned PSBTs`}</Button>,
    };
  }
  return { words: 'Saved. Carry it to whoever signs. The plan waits in the Queue, and takes the replies there.', action: <Button kind="primary" onPress={() => context.go('queue')}>Go to the Queue</Button> };
}

/** A plan, transaction by transaction, up to the moment at which it leaves. */
export function PlannedView(props: PlannedProps) {
  const { state, basis, context, actions } = props;
  const { moves, chosen } = state;
  const move = moves[chosen] ?? (moves[0] as Move);
  const isBusy = state.work !== null;
  const several = moves.length > 1;
  const isByNode = isSignedByNode(state.prepared);
  const next = nextOf(props);
  const unsaved = moves.flatMap(({ savedAs }, position) => (savedAs === null ? [position] : []));
  const review = (
    <>
      <div class="page page-head stack">
        <PlanNotice state={state} basis={basis} move={move} />
        {move.savedAs !== null && <Notice weight="plain" title="Saved"><p class="mono breakable">{move.savedAs}</p></Notice>}
        {state.work !== null && <ProgressView progress={state.work} />}
        {state.error !== null && <ErrorNotice error={state.error} />}
      </div>
      <ReviewSheet key={move.planned.psbtSha256} network={basis.cold.policy.network} model={modelOfPlan(move.planned.plan, basis.cold.policy.name)} quorum={null} acknowledged={null} planNotes={<PlanNotes state={state} move={move} />} />
    </>
  );
  return (
    <Workspace {...head}
      tools={<>
        <ShowCodes host={context.host} contentBase64={move.planned.psbtBase64} what={state.prepared.kind === 'refill' ? 'unsigned refill' : 'unsigned sweep'} disabled={isBusy} />
        {(isByNode || several) && <Button disabled={isBusy} onPress={() => void actions.save([chosen])}>{several ? 'Save this PSBT' : 'Save unsigned PSBT'}</Button>}
        {several && isByNode && unsaved.length > 1 && <Button disabled={isBusy} onPress={() => void actions.save(unsaved)}>{`Save all ${unsaved.length}`}</Button>}
        <Button disabled={isBusy} onPress={() => context.sweep.send({ type: 'put-away' })}>Put the plan away</Button>
      </>}
      words={next.words} actions={next.action}
    >
      {several ? <div class="split"><MoveList {...props} /><div class="detail-pane">{review}</div></div> : review}
    </Workspace>
  );
}
