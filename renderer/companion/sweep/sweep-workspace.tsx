import { unitOf } from '../../frame/networks.ts';
import { Workspace } from '../../frame/workspace.tsx';
import { Amount } from '../../ui/amount.tsx';
import { satsText, shortBtcText } from '../../ui/amount-text.ts';
import { Button } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Notice } from '../../ui/notice.tsx';
import type { CompanionContext, WorkspaceProps } from '../context.ts';
import { Missing } from '../missing.tsx';
import type { StoredWallet } from '../session.ts';
import { FormView, head } from './form-view.tsx';
import { PlannedView } from './planned-view.tsx';
import { sweepActions } from './sweep-actions.ts';
import { basisOf } from './sweep-form.ts';
import { arrivingSats, feesSats, type SweepState } from './sweep-state.ts';

function SentView({ state: { moves }, cold, context }: { readonly state: Extract<SweepState, { stage: 'sent' }>; readonly cold: StoredWallet; readonly context: CompanionContext }) {
  const arriving = arrivingSats(moves);
  return (
    <Workspace {...head} words="Sent and booked. It is settled once it stands in a block." actions={<><Button onPress={() => context.go('ledger')}>See it in the Ledger</Button><Button kind="primary" onPress={() => context.sweep.send({ type: 'put-away' })}>Plan another sweep</Button></>}>
      <div class="page stack">
        <Notice weight="verified" title={`${shortBtcText(arriving)} ${unitOf(cold.policy.network)} are on their way to ${cold.policy.name}`} />
        <Facts facts={[
          [moves.length === 1 ? 'Transaction id' : 'Transaction ids', <span key="txid" class="stack-tight">{moves.map(({ sentTxid }) => <span key={sentTxid} class="mono breakable">{sentTxid}</span>)}</span>],
          ['Amount', <Amount key="amount" sats={arriving} />],
          ['Fee', `${satsText(feesSats(moves))} sats, ${moves[0]?.planned.plan.feeRateSatPerVb ?? ''} sat/vB`],
        ]} />
      </div>
    </Workspace>
  );
}

/** Where money goes between hot and cold. */
export function SweepWorkspace({ context, session }: WorkspaceProps) {
  const state = context.sweep.state.value;
  const actions = sweepActions(context, session);
  if (session.settings.node === null) return <Missing context={context} head={head} icon="node" title="No hot wallet is set" text="Name the node, and the wallet that it keeps for daily business." place="node" button="Go to Node" />;
  const basis = basisOf(state.form, session);
  if (basis === null) return <Missing context={context} head={head} icon="wallet" title="No cold wallet to sweep to" text="Make the wallet from the cosigners' key records first; a sweep goes to its next receive address." place="wallets" button="Go to Wallets" />;
  switch (state.stage) {
    case 'form':
      return <FormView state={state} basis={basis} context={context} session={session} actions={actions} />;
    case 'planned':
      return <PlannedView state={state} basis={basis} context={context} actions={actions} />;
    case 'sent':
      return <SentView state={state} cold={basis.cold} context={context} />;
  }
}
