import { Workspace } from '../../frame/workspace.tsx';
import { ShowCodes } from '../../frames/show-codes.tsx';
import { modelOfPlan } from '../../review/from-plan.ts';
import { unitOf } from '../../frame/networks.ts';
import { ReviewSheet } from '../../review/review-sheet.tsx';
import { counted, shortBtcText } from '../../ui/amount-text.ts';
import { Button } from '../../ui/button.tsx';
import { DropZone } from '../../ui/drop-zone.tsx';
import { TextArea, TextField } from '../../ui/field.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { Section } from '../../ui/section.tsx';
import { Table } from '../../ui/table.tsx';
import type { WireError } from '../../../src/host/contract.ts';
import type { CompanionContext, WorkspaceProps } from '../context.ts';
import { Missing } from '../missing.tsx';
import { BatchSaving, NotesSection, PrivacySection, SkippedSection } from '../plan-notes.tsx';
import { practicePayments } from '../practice-payments.ts';
import { chosenWallet, type NodeUrl, type ReadySession, type StoredWallet } from '../session.ts';
import { feeRateProblem } from '../sweep/sweep-form.ts';
import { WalletChoice } from '../wallet-choice.tsx';
import { payActions, type PayActions } from './pay-actions.ts';
import { lineFaults, paymentLines, type PayForm, type PayState } from './pay-state.ts';

const head = { title: 'Pay', purpose: 'Plans one transaction for many payments out of a cold wallet.' };

/** A refused payments file with every fault by line, so that one correction is enough. */
function PayError({ error }: { readonly error: WireError }) {
  const faults = lineFaults(error);
  if (faults.length === 0) return <ErrorNotice error={error} />;
  const { count } = error.details;
  return (
    <Notice weight="danger" title={`The payments file has ${counted(typeof count === 'number' ? count : faults.length, 'fault')}; nothing was planned`}>
      <Table
        caption="Faults by line" rows={faults} keyOf={(fault) => `${fault.line}-${fault.reason}`} empty=""
        columns={[{ name: 'Line', cell: (fault) => fault.line }, { name: 'What is wrong', cell: (fault) => fault.reason }]}
      />
      <p class="caption">{error.code}</p>
    </Notice>
  );
}

function FormView({ state, wallet, node, context, session, actions }: { readonly state: Extract<PayState, { stage: 'form' }>; readonly wallet: StoredWallet; readonly node: NodeUrl; readonly context: CompanionContext; readonly session: ReadySession; readonly actions: PayActions }) {
  const { form, isBusy, error } = state;
  const change = (part: Partial<PayForm>): void => context.pay.send({ type: 'form-changed', form: { ...form, ...part } });
  const lines = paymentLines(form.csv);
  const problem = lines === 0 ? 'Drop the payments file, or type the payments, first.' : feeRateProblem(form.feeRate);
  return (
    <Workspace {...head}
      words={problem ?? (isBusy ? 'Planning: choosing outputs and computing the fee.' : `Plans ${counted(lines, 'payment')} out of ${wallet.policy.name}. Nothing is signed or sent.`)}
      actions={<Button kind="primary" disabled={problem !== null || isBusy} onPress={() => void actions.plan(wallet, node)}>{lines === 0 ? 'Plan the payment' : `Plan ${counted(lines, 'payment')}`}</Button>}
    >
      <div class="page">
        <Section name="Payments" note="A header, then one payment a line">
          <DropZone small openName="Open payments file" disabled={isBusy} onOpen={() => void actions.openCsv()} onFiles={actions.takeCsv}>{form.csvName === null ? 'Drop the payments file (CSV) here' : `From ${form.csvName}`}</DropZone>
          <TextArea label="Payments" mono rows={8} size="wide" value={form.csv} disabled={isBusy} onInput={(csv) => change({ csv, csvName: null })} placeholder="address,amount_btc,reference"
            hint="Columns address, amount_btc or amount_sats, and reference; the unit stands in the header. The reference goes into the books, not onto the chain." />
          {session.node?.network === 'practice' && form.csv === '' && <div><Button onPress={() => change({ csv: practicePayments, csvName: 'practice payments' })}>Take the practice payments</Button></div>}
          {error !== null && <PayError error={error} />}
        </Section>
        <Section name="From">
          <WalletChoice label="Cold wallet" session={session} walletId={wallet.policy.walletId} disabled={isBusy} onSelect={(walletId) => change({ walletId })} />
          <TextField label="Fee rate, in sat/vB" size="short" value={form.feeRate} disabled={isBusy} onInput={(feeRate) => change({ feeRate })} problem={feeRateProblem(form.feeRate)} hint="Empty takes the node's estimate." />
        </Section>
      </div>
    </Workspace>
  );
}

function PlannedView({ state, wallet, context, actions }: { readonly state: Extract<PayState, { stage: 'planned' }>; readonly wallet: StoredWallet; readonly context: CompanionContext; readonly actions: PayActions }) {
  const { planned, savedAs } = state;
  const { plan } = planned;
  return (
    <Workspace {...head}
      tools={<><Button onPress={() => context.pay.send({ type: 'back' })}>Back to the payments</Button><Button onPress={() => context.pay.send({ type: 'put-away' })}>Put the plan away</Button></>}
      words={savedAs === null ? `Saves ${planned.suggestedName}: unsigned, with the full previous transactions that the Signer needs to prove every amount.` : `Saved. Carry it to ${wallet.policy.quorum.total === 1 ? 'the signing officer' : `${wallet.policy.quorum.required} of the ${wallet.policy.quorum.total} signing officers`}; their replies come back in the Queue.`}
      actions={<>
        <ShowCodes host={context.host} contentBase64={planned.psbtBase64} what="unsigned transaction" onShown={actions.shown} />
        {savedAs === null
          ? <Button kind="primary" onPress={() => void actions.save()}>Save unsigned PSBT</Button>
          : <><Button onPress={() => void actions.save()}>Save it again</Button><Button onPress={() => context.go('combine')}>Go to Combine & send</Button><Button kind="primary" onPress={() => context.go('queue')}>Go to the Queue</Button></>}
      </>}
    >
      <div class="page page-head stack">
        {savedAs === null
          ? <Notice weight="plain" title={`Pay ${shortBtcText(plan.paymentsSats)} ${unitOf(wallet.policy.network)} to ${counted(plan.payments.length, 'recipient')}`}><p>A plan out of {wallet.policy.name}, in the order in which each signing officer will review it.</p></Notice>
          : <Notice weight="verified" title="Saved"><p class="mono breakable">{savedAs}</p></Notice>}
        {savedAs === null && <BatchSaving plan={plan} />}
        {state.error !== null && <ErrorNotice error={state.error} />}
      </div>
      <ReviewSheet network={wallet.policy.network} model={modelOfPlan(plan, wallet.policy.name)} quorum={null} wallets={[wallet.policy]} acknowledged={null} planNotes={<><NotesSection notes={plan.notes ?? []} /><PrivacySection privacy={plan.privacy ?? []} /><SkippedSection skipped={plan.skipped} /></>} />
    </Workspace>
  );
}

/** Where payments out of cold are planned. */
export function PayWorkspace({ context, session }: WorkspaceProps) {
  const state = context.pay.state.value;
  const actions = payActions(context);
  const { node } = session.settings;
  const wallet = chosenWallet(session, state.form.walletId);
  if (node === null) return <Missing context={context} head={head} icon="node" title="No node is set" text="The node knows what the wallet can spend and what fees are asked." place="node" button="Go to Node" />;
  if (wallet === undefined) return <Missing context={context} head={head} icon="wallet" title="No wallet to pay from" text="Make the wallet from the cosigners' key records first." place="wallets" button="Go to Wallets" />;
  return state.stage === 'form'
    ? <FormView state={state} wallet={wallet} node={node} context={context} session={session} actions={actions} />
    : <PlannedView state={state} wallet={wallet} context={context} actions={actions} />;
}
