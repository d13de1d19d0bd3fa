import { Workspace } from '../../frame/workspace.tsx';
import { ScanCodes } from '../../frames/scan-codes.tsx';
import { ShowCodes } from '../../frames/show-codes.tsx';
import { modelOfReport, type Report } from '../../review/from-report.ts';
import { unitOf } from '../../frame/networks.ts';
import { ReviewSheet } from '../../review/review-sheet.tsx';
import { VerdictStrip } from '../../review/verdict.tsx';
import { Button } from '../../ui/button.tsx';
import { DropZone } from '../../ui/drop-zone.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Facts } from '../../ui/facts.tsx';
import { SelectField } from '../../ui/field.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { counted, satsText, shortBtcText } from '../../ui/amount-text.ts';
import { QuorumMeter, type QuorumKey } from '../../ui/quorum-meter.tsx';
import { Section } from '../../ui/section.tsx';
import type { SignerContext } from '../context.ts';
import { registrationsOf, type StoredRegistration, type UnlockedKey } from '../session.ts';
import { keysThatCanSign, signActions, type SignActions } from './sign-actions.ts';
import { signProblem, type SignState } from './sign-state.ts';
import { beginSweep } from './sweep-actions.ts';
import { SweepView } from './sweep-view.tsx';
import { Working } from './working.tsx';

type Reviewed = Extract<SignState, { stage: 'reviewed' }>;
type Signed = Extract<SignState, { stage: 'signed' }>;

/** Cosigners of the wallets that a report draws on, by name; where none is known, those who signed. */
function quorumKeys(report: Report, registrations: readonly StoredRegistration[]): readonly QuorumKey[] {
  const policy = registrations.find((registration) => report.wallets.includes(registration.policy.walletId))?.policy;
  return policy?.cosigners.map(({ label, fingerprint }) => ({ label, fingerprint })) ?? report.quorum.signed.map((fingerprint) => ({ label: 'Unknown cosigner', fingerprint }));
}

/** The wallets that a report draws on, each once, whichever keys registered them. */
const walletsOf = (report: Report, registrations: readonly StoredRegistration[]) =>
  report.wallets.flatMap((walletId) => registrations.find(({ policy }) => policy.walletId === walletId)?.policy ?? []);

const walletNames = (registrations: readonly StoredRegistration[]): ReadonlyMap<string, string> =>
  new Map(registrations.map((registration) => [registration.policy.walletId, registration.policy.name]));

function KeyChoice({ keys, keyHandle, onSelect }: { readonly keys: readonly UnlockedKey[]; readonly keyHandle: string; readonly onSelect: (keyHandle: string) => void }) {
  return <SelectField label="Sign with" size="short" value={keyHandle} options={keys.map((key) => ({ value: key.facts.keyHandle, name: `${key.facts.label} (${key.facts.fingerprint})` }))} onSelect={onSelect} />;
}

function ReviewView({ state, context, actions }: { readonly state: Reviewed; readonly context: SignerContext; readonly actions: SignActions }) {
  const { report, file } = state;
  const registrations = registrationsOf(context.session.state.value);
  const keys = keysThatCanSign(context);
  const key = keys.find((candidate) => candidate.facts.keyHandle === state.keyHandle);
  const names = walletNames(registrations);
  const problem = key === undefined ? 'The key of this review was locked. Unlock it and open the file again.' : signProblem(state);
  const after = report.quorum.signed.length + 1;
  return (
    <Workspace
      title="Sign" purpose={`${file.name} · ${report.wallets.length === 0 ? 'no registered wallet' : report.wallets.map((id) => names.get(id) ?? 'unknown wallet').join(', ')}`}
      tools={<Button onPress={actions.putAway}>Put away unsigned</Button>}
      words={state.isBusy && problem !== null ? <Working words={problem} context={context} /> : problem ?? `Signs ${counted(report.inputs.length, 'input')} for ${shortBtcText(report.paymentsSats)} ${unitOf(report.network)} to ${counted(report.payments.length, 'recipient')}; the file then holds ${after} of ${report.quorum.required} signatures. Enter does not sign.`}
      actions={<Button kind="primary" guarded disabled={problem !== null} onPress={() => void actions.signNow()}>{`Sign as cosigner ${key?.facts.label ?? ''} (${key?.facts.fingerprint ?? ''})`}</Button>}
    >
      <VerdictStrip verdict={report.verdict} findings={report.findings} readyFor="sign"
        aside={keys.length > 1 ? <KeyChoice keys={keys} keyHandle={state.keyHandle} onSelect={(keyHandle) => void actions.review(file, keyHandle)} /> : undefined} />
      {state.error !== null && <div class="page"><ErrorNotice error={state.error} /></div>}
      <ReviewSheet
        network={report.network}
        model={modelOfReport(report, names)}
        quorum={{ required: report.quorum.required, keys: quorumKeys(report, registrations), signed: report.quorum.signed, thisKey: report.quorum.thisKey }}
        footer={<Section name="File"><Facts facts={[['SHA-256', <span key="hash" class="mono breakable">{report.reviewId}</span>]]} /></Section>}
        wallets={walletsOf(report, registrations)}
        acknowledged={state.acknowledged} onAcknowledge={(code, is) => context.sign.send({ type: 'acknowledged', code, is })}
      />
    </Workspace>
  );
}

function SignedView({ state, context, actions }: { readonly state: Signed; readonly context: SignerContext; readonly actions: SignActions }) {
  const { signed, report } = state;
  const isComplete = signed.quorum.stillNeeded === 0;
  const codes = <ShowCodes host={context.host} contentBase64={signed.psbtBase64} what="signed transaction" />;
  return (
    <Workspace
      title="Sign" purpose={state.file.name}
      words={state.savedAs === null ? 'The signature exists only in this window. Save the file, or show it as codes, before you go on.'
        : isComplete ? 'Saved. Carry the file to the Companion, which combines and sends it.' : 'Saved. Carry the file to the next cosigner, or to the Companion.'}
      actions={state.savedAs === null
        ? <><Button onPress={() => context.sign.send({ type: 'put-away' })}>Throw this signature away</Button>{codes}<Button kind="primary" onPress={() => void actions.save()}>Save signed PSBT</Button></>
        : <>{codes}<Button onPress={() => void actions.save()}>Save it again</Button><Button kind="primary" onPress={() => context.sign.send({ type: 'put-away' })}>Sign another transaction</Button></>}
    >
      <div class="page stack">
        <Notice weight="verified" title={`Signed ${counted(signed.signedInputs, 'input')}`}>
          <p>Two implementations made the same signature and it verifies. {shortBtcText(report.paymentsSats)} {unitOf(report.network)} to {counted(report.payments.length, 'recipient')}, fee {satsText(report.feeSats)} sats.</p>
        </Notice>
        {state.savedAs !== null && <Notice weight="plain" title="Saved"><p class="mono breakable">{state.savedAs}</p></Notice>}
        {state.error !== null && <ErrorNotice error={state.error} />}
        <QuorumMeter required={signed.quorum.required} keys={quorumKeys(report, registrationsOf(context.session.state.value))} signed={signed.quorum.signed} thisKey={signed.quorum.thisKey} />
        <Facts facts={[['SHA-256 of the file', <span key="hash" class="mono breakable">{signed.psbtSha256}</span>]]} />
      </div>
    </Workspace>
  );
}

/** Where an unsigned transaction is read as a hostile file, and signed. */
export function SignWorkspace({ context }: { readonly context: SignerContext }) {
  const actions = signActions(context);
  const state = context.sign.state.value;
  if (state.stage === 'sweep') return <SweepView context={context} sweep={state.sweep} />;
  if (state.stage === 'reviewed') return <ReviewView state={state} context={context} actions={actions} />;
  if (state.stage === 'signed') return <SignedView state={state} context={context} actions={actions} />;

  const keys = keysThatCanSign(context);
  const [first] = keys;
  const missing = registrationsOf(context.session.state.value).length === 0
    ? { words: 'No wallet is registered yet; a key signs only for registered wallets.', place: 'wallets' as const, button: 'Go to Wallets' }
    : first === undefined ? { words: 'No key with a registered wallet is unlocked.', place: 'keys' as const, button: 'Go to Keys' } : null;
  return (
    <Workspace
      title="Sign" purpose="Reads an unsigned transaction as a hostile file, shows what it does, and signs it."
      tools={<Button disabled={state.isBusy} onPress={() => beginSweep(context)}>Sweep paper wallets</Button>}
      words={state.isBusy ? <Working words="Reading and proving every amount." context={context} /> : missing?.words ?? 'Opens a PSBT and reviews it. Nothing is signed by opening it.'}
      actions={missing === null
        ? <Button kind="primary" disabled={state.isBusy} onPress={() => void actions.open((first as UnlockedKey).facts.keyHandle)}>Open PSBT</Button>
        : <Button kind="primary" onPress={() => context.go(missing.place)}>{missing.button}</Button>}
    >
      <EmptyState icon="pen" title="No transaction is open">
        <p>The Companion plans a transaction and saves it as a file. It comes here on a stick, is reviewed line by line, and goes back with a signature.</p>
        <ol>
          <li>Have the order for payment at hand: amounts and addresses, from another source than the file.</li>
          <li>Put the stick with the .unsigned.psbt file into this laptop.</li>
          <li>Open the file, drop it here or scan its codes, and compare every line.</li>
        </ol>
        {missing === null && first !== undefined && (
          <div class="form-actions"><DropZone small openName="Open PSBT" disabled={state.isBusy} onOpen={() => void actions.open(first.facts.keyHandle)} onFiles={(files) => void actions.takeFiles(files, first.facts.keyHandle)}
            beside={<ScanCodes host={context.host} expects={['psbt']} what="the transaction" disabled={state.isBusy} onContent={(file) => void actions.takeFiles([file], first.facts.keyHandle)} />}>Drop the .psbt file here</DropZone></div>
        )}
        {state.error !== null && <ErrorNotice error={state.error} />}
      </EmptyState>
    </Workspace>
  );
}
