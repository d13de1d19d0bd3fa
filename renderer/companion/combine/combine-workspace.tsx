import { Workspace } from '../../frame/workspace.tsx';
import { ScanCodes } from '../../frames/scan-codes.tsx';
import { ShowCodes } from '../../frames/show-codes.tsx';
import { modelOfReport } from '../../review/from-report.ts';
import { unitOf } from '../../frame/networks.ts';
import { ReviewSheet } from '../../review/review-sheet.tsx';
import { codesToJudge } from '../../review/judgement.ts';
import { VerdictStrip } from '../../review/verdict.tsx';
import { counted, satsText, shortBtcText } from '../../ui/amount-text.ts';
import { Button } from '../../ui/button.tsx';
import { DropZone } from '../../ui/drop-zone.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Facts } from '../../ui/facts.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { QuorumMeter } from '../../ui/quorum-meter.tsx';
import { Section } from '../../ui/section.tsx';
import type { CompanionContext, WorkspaceProps } from '../context.ts';
import { Missing } from '../missing.tsx';
import { chosenWallet, type NodeUrl, type ReadySession, type StoredWallet } from '../session.ts';
import { WalletChoice } from '../wallet-choice.tsx';
import { combineActions, type CombineActions } from './combine-actions.ts';
import { broadcastWords, referencesFor, type CombineState } from './combine-state.ts';

const head = { title: 'Combine & send', purpose: 'Brings the signed replies together, checks everything again, and sends.' };

/** Replies come by the camera too, also as the signed transactions that some devices show. */
const ScanReply = ({ context, wallet, actions, disabled }: { readonly context: CompanionContext; readonly wallet: StoredWallet; readonly actions: CombineActions; readonly disabled: boolean }) => (
  <ScanCodes host={context.host} expects={['psbt', 'transaction']} what="a signed reply" disabled={disabled} onContent={(file) => void actions.takeFiles([file], wallet)} />
);

/** Why nothing can be sent now, or `null`. */
function sendProblem(state: Extract<CombineState, { stage: 'combined' }>, node: NodeUrl | null): string | null {
  if (state.isBusy) return 'Working. Every signature is verified again.';
  if (state.report.verdict === 'refused') return 'Refused: this transaction must not be sent. The findings say why.';
  if (state.final === null) return `${counted(state.combined?.quorum.stillNeeded ?? 0, 'signature')} still needed. Drop the next reply.`;
  if (codesToJudge(state.report.findings).some((code) => !state.acknowledged.has(code))) return 'Findings need your judgement first: tick each after checking it.';
  return node === null ? 'No node is set to send through.' : null;
}

function CombinedView({ state, wallet, context, session, actions }: { readonly state: Extract<CombineState, { stage: 'combined' }>; readonly wallet: StoredWallet; readonly context: CompanionContext; readonly session: ReadySession; readonly actions: CombineActions }) {
  const { report, combined, final } = state;
  const { node } = session.settings;
  const problem = sendProblem(state, node);
  const isOfPapers = combined === null;
  const shown = isOfPapers ? session.wallets.map(({ policy }) => policy) : [wallet.policy];
  const model = modelOfReport(report, new Map(shown.map(({ walletId, name }) => [walletId, name])), referencesFor(report, session.plans));
  return (
    <Workspace {...head}
      tools={<>{!isOfPapers && <><ShowCodes host={context.host} contentBase64={combined.psbtBase64} what="combined transaction" disabled={state.isBusy} /><Button disabled={state.isBusy} onPress={() => void actions.save()}>Save combined PSBT</Button></>}<Button onPress={() => context.combine.send({ type: 'put-away' })}>Put away unsent</Button></>}
      words={problem ?? 'Tests it with the node, sends it and books it. This cannot be taken back; Enter does not send.'}
      actions={
        <Button kind="primary" guarded disabled={problem !== null} onPress={() => { if (node !== null) void actions.broadcast(node); }}>{broadcastWords(report.paymentsSats, report.payments.length, unitOf(wallet.policy.network))}</Button>
      }
    >
      {final === null && combined !== null
        ? <div class="verdict" role="status"><span /><h2>{`${counted(combined.quorum.stillNeeded, 'signature')} still needed`}</h2><p>Valid signatures so far: {combined.quorum.signed.length} of {combined.quorum.required}. Drop the next reply below.</p></div>
        : <VerdictStrip verdict={report.verdict} findings={report.findings} readyFor="send" />}
      <div class="page page-head stack">
        {state.error !== null && <ErrorNotice error={state.error} title="The last file was not taken" />}
        {(combined?.leftOut ?? []).map(({ file, position, code, message, hint }) => <ErrorNotice key={position} error={{ code, message, hint, details: {} }} title={`Not taken: ${file}`} />)}
        {state.savedAs !== null && <Notice weight="plain" title="Saved"><p class="mono breakable">{state.savedAs}</p></Notice>}
        <Section name="Replies" note={counted(state.files.length, 'file')}>
          <ul class="mono breakable">{state.files.map((file) => <li key={file.name}>{file.name}</li>)}</ul>
          {final === null && <DropZone small openName="Open replies" disabled={state.isBusy} onOpen={() => void actions.open(wallet)} onFiles={(files) => void actions.takeFiles(files, wallet)}
            beside={<ScanReply context={context} wallet={wallet} actions={actions} disabled={state.isBusy} />}>Drop further replies here, in any order</DropZone>}
          {isOfPapers
            ? <p>A sweep of paper wallets: signed with all of their keys, each signature verified. No wallet's cosigners sign it.</p>
            : <QuorumMeter required={combined.quorum.required} keys={wallet.policy.cosigners} signed={combined.quorum.signed} thisKey={null} />}
          {final !== null && (
            <Facts facts={[
              ['Transaction id', <span key="txid" class="mono breakable">{final.txid}</span>],
              ['Size', `${final.vsizeVb.toLocaleString('en-GB')} vB at ${final.feeRateSatPerVb} sat/vB`],
              ['Plan', final.matchesPlan === true ? 'It is what was planned here: inputs, outputs and fee.' : 'Not planned here: compare it with what you meant to pay.'],
            ]} />
          )}
        </Section>
      </div>
      <ReviewSheet network={wallet.policy.network} model={model} quorum={null} wallets={isOfPapers ? [] : shown} acknowledged={state.acknowledged} onAcknowledge={(code, is) => context.combine.send({ type: 'acknowledged', code, is })} />
    </Workspace>
  );
}

/** Where signed replies come together and are sent. */
export function CombineWorkspace({ context, session }: WorkspaceProps) {
  const state = context.combine.state.value;
  const actions = combineActions(context, session);
  const wallet = chosenWallet(session, state.walletId);
  if (wallet === undefined) return <Missing context={context} head={head} icon="wallet" title="No wallet yet" text="Make the wallet first; signatures are checked against its keys." place="wallets" button="Go to Wallets" />;
  switch (state.stage) {
    case 'combined':
      return <CombinedView state={state} wallet={wallet} context={context} session={session} actions={actions} />;
    case 'sent':
      return (
        <Workspace {...head} words="Sent and booked. It is settled once it stands in a block."
          actions={<><Button onPress={() => context.go('ledger')}>See it in the Ledger</Button><Button kind="primary" onPress={() => context.combine.send({ type: 'put-away' })}>Combine other replies</Button></>}>
          <div class="page stack">
            <Notice weight="verified" title={`${shortBtcText(state.report.paymentsSats)} ${unitOf(wallet.policy.network)} are on their way to ${counted(state.report.payments.length, 'recipient')}`} />
            <Facts facts={[
              ['Transaction id', <span key="txid" class="mono breakable">{state.txid}</span>],
              ['Fee', `${satsText(state.final.feeSats)} sats, ${state.final.feeRateSatPerVb} sat/vB`],
              ['Size', `${state.final.vsizeVb.toLocaleString('en-GB')} vB`],
            ]} />
          </div>
        </Workspace>
      );
    case 'empty':
      return (
        <Workspace {...head} words={state.isBusy ? 'Reading and verifying every signature.' : 'Opens signed replies. Nothing is sent by opening them.'}
          actions={<Button kind="primary" disabled={state.isBusy} onPress={() => void actions.open(wallet)}>Open signed replies</Button>}>
          <EmptyState icon="combine" title="No replies yet">
            <p>Each signing officer brings back a file with one signature. They come in any order; {wallet.policy.quorum.required} of {wallet.policy.quorum.total} are enough.</p>
            <ol>
              <li>Take the stick from a Signer and put it in here.</li>
              <li>Drop the .signed PSBT file, or all of them at once; or scan its codes.</li>
              <li>Look at the review once more, then broadcast.</li>
            </ol>
            <p>A sweep of paper wallets comes back as one file, signed with all of their keys; drop it here by itself, whichever wallet is chosen.</p>
            <div class="form-actions stack">
              {session.wallets.length > 1 && <WalletChoice label="Wallet" session={session} walletId={wallet.policy.walletId} onSelect={(walletId) => context.combine.send({ type: 'wallet-chosen', walletId })} />}
              <DropZone small openName="Open replies" disabled={state.isBusy} onOpen={() => void actions.open(wallet)} onFiles={(files) => void actions.takeFiles(files, wallet)}
                beside={<ScanReply context={context} wallet={wallet} actions={actions} disabled={state.isBusy} />}>Drop signed PSBT files here</DropZone>
            </div>
            {state.error !== null && <ErrorNotice error={state.error} />}
          </EmptyState>
        </Workspace>
      );
  }
}
