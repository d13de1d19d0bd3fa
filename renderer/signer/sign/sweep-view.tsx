import { useEffect, useState } from 'preact/hooks';
import { CameraScan } from '../../camera/camera-scan.tsx';
import { networkOptions, unitOf, type NetworkName } from '../../frame/networks.ts';
import { Workspace } from '../../frame/workspace.tsx';
import { ScanCodes } from '../../frames/scan-codes.tsx';
import { ShowCodes } from '../../frames/show-codes.tsx';
import { modelOfReport, paperScriptNames } from '../../review/from-report.ts';
import { ReviewSheet } from '../../review/review-sheet.tsx';
import { VerdictStrip } from '../../review/verdict.tsx';
import { Address } from '../../ui/address.tsx';
import { counted, satsText, shortBtcText } from '../../ui/amount-text.ts';
import { Button } from '../../ui/button.tsx';
import { DropZone } from '../../ui/drop-zone.tsx';
import { Facts } from '../../ui/facts.tsx';
import { SelectField } from '../../ui/field.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { SecretField } from '../../ui/secret-field.tsx';
import { Section } from '../../ui/section.tsx';
import type { SignerContext } from '../context.ts';
import { provableWallets, sweepActions, type SweepActions } from './sweep-actions.ts';
import { asksPassphrase, sweepProblem, type PaperKey, type SweepState } from './sweep-state.ts';
import { Working } from './working.tsx';

type Gathering = Extract<SweepState, { stage: 'gathering' }>;
type Reviewed = Extract<SweepState, { stage: 'reviewed' }>;
type Signed = Extract<SweepState, { stage: 'signed' }>;
interface ViewProps<State> {
  readonly state: State;
  readonly context: SignerContext;
  readonly actions: SweepActions;
}

/** An open key and every address that it can spend from: one of them stands on the address sheet. */
function KeyRow({ paperKey, onClose }: { readonly paperKey: PaperKey; readonly onClose: () => void }) {
  return (
    <li class="paper-key">
      <div class="detail-head">
        <p class="inline"><span class="tag tag-accent"><Icon name="lock-open" />{paperKey.form === 'wif' ? 'WIF' : 'BIP38'}, {paperKey.compressed ? 'compressed' : 'uncompressed'}</span><Fingerprint value={paperKey.fingerprint} /></p>
        <Button small onPress={onClose}>{`Close key ${paperKey.fingerprint}`}</Button>
      </div>
      <ul class="paper-key-addresses" aria-label={`Addresses of key ${paperKey.fingerprint}`}>
        {paperKey.addresses.map(({ script, address }) => <li key={address}><span class="caption">{paperScriptNames[script]}</span><Address address={address} /></li>)}
      </ul>
    </li>
  );
}

function KeyEntry({ state, actions }: Omit<ViewProps<Gathering>, 'context'>) {
  const [isScanning, setScanning] = useState(false);
  const add = (): void => void actions.openKey(state.secret);
  const needsPassphrase = asksPassphrase(state.secret) || state.passphrase !== '';
  return (
    <>
      <SecretField label="Private key from the sheet" size="wide" value={state.secret} disabled={state.isBusy} onInput={(secret) => actions.send({ type: 'typed', secret, passphrase: state.passphrase })} onEnter={add} hint="WIF, or BIP38 that begins with 6P." />
      <SecretField label="Passphrase or SecurePrint code" value={state.passphrase} disabled={state.isBusy} onInput={(passphrase) => actions.send({ type: 'typed', secret: state.secret, passphrase })} onEnter={add}
        hint={needsPassphrase ? 'For BIP38. Codes are capitals and digits without blanks.' : 'Only for BIP38 keys.'} problem={asksPassphrase(state.secret) && state.passphrase === '' ? 'This key is encrypted: it needs its passphrase.' : null} />
      <div class="form-actions">
        <Button disabled={state.isBusy || state.secret.trim() === '' || (asksPassphrase(state.secret) && state.passphrase === '')} onPress={add}>{state.isBusy ? 'Opening. BIP38 is slow on purpose' : 'Open this key'}</Button>
        {/* Not only out of sight: a view that is gone has stopped its camera. */}
        <Button onPress={() => setScanning(!isScanning)}>{isScanning ? 'Put the camera away' : 'Scan keys instead'}</Button>
      </div>
      {isScanning && (
        <>
          <CameraScan what="the key's code" allow={actions.allowCamera} onFrame={actions.scan} stillName="Choose a picture" onStill={() => void actions.scanFile()} disabled={state.isBusy} />
          <p class="caption">One sheet after the other: take it out of view before the next. A key of BIP38 is opened with the passphrase above.</p>
        </>
      )}
    </>
  );
}

function GatherView({ state, context, actions }: ViewProps<Gathering>) {
  const wallets = provableWallets(context).filter(({ stored }) => stored.policy.network === state.network);
  const hasKeys = state.keys.length > 0;
  return (
    <Workspace
      title="Sweep paper wallets" purpose="Opens single keys from paper, reviews the transaction that empties them, and signs it."
      tools={<Button onPress={() => void actions.putAway()}>Stop and close the keys</Button>}
      words={state.isBusy ? <Working words="Working." context={context} /> : hasKeys ? `${counted(state.keys.length, 'key')} open. Opens a PSBT and reviews it; nothing is signed by that.` : 'Open at least one key from paper first.'}
      actions={<Button kind="primary" disabled={!hasKeys || state.isBusy} onPress={() => void actions.openFile()}>Open PSBT and review</Button>}
    >
      <div class="review-sheet">
        <Section name="Keys from paper" note={hasKeys ? `${counted(state.keys.length, 'key')} open` : 'None is open'}>
          <Notice weight="plain" title="A paper key is used once"><p>Sweep everything to another wallet, then void the sheet in the register. Keys are forgotten when you leave this page.</p></Notice>
          <SelectField<NetworkName> label="Network" value={state.network} options={networkOptions} disabled={hasKeys || state.isBusy} onSelect={(network) => actions.send({ type: 'network-chosen', network })} hint={hasKeys ? 'Close the keys to change it.' : undefined} />
          <div class="form"><KeyEntry state={state} actions={actions} /></div>
          {state.isAgain && <Notice weight="caution" title="That key is open already"><p>Type or scan the next one.</p></Notice>}
          {state.error !== null && <ErrorNotice error={state.error} />}
          {hasKeys && <ul class="paper-keys" aria-label="Open keys">{state.keys.map((key) => <KeyRow key={key.paperKeyHandle} paperKey={key} onClose={() => void actions.closeKey(key)} />)}</ul>}
        </Section>
        <Section name="Where it goes">
          <SelectField label="Receiving wallet" value={state.destination ?? 'none'} options={[{ value: 'none', name: 'Compared by eye only' }, ...wallets.map(({ stored, key }) => ({ value: stored.name, name: `${stored.policy.name}, proven by ${key.facts.label}` }))]}
            onSelect={(destination) => actions.send({ type: 'destination-chosen', destination: destination === 'none' ? null : destination })}
            hint={wallets.length === 0 ? 'To have the address proven, register the wallet and unlock its key.' : 'Its address is derived again here, and shown as proven or not.'} />
        </Section>
        <Section name="Transaction">
          <DropZone small openName="Open PSBT" disabled={!hasKeys || state.isBusy} onOpen={() => void actions.openFile()} onFiles={(files) => void actions.takeFiles(files)}
            beside={<ScanCodes host={context.host} expects={['psbt']} what="the sweep" disabled={!hasKeys || state.isBusy} onContent={(file) => void actions.takeFiles([file])} />}>Drop the .psbt file of the sweep here</DropZone>
        </Section>
      </div>
    </Workspace>
  );
}

function ReviewView({ state, context, actions }: ViewProps<Reviewed>) {
  const { report } = state;
  const wallets = provableWallets(context);
  const names = new Map(wallets.map(({ stored }) => [stored.policy.walletId, stored.policy.name]));
  const problem = sweepProblem(state);
  return (
    <Workspace
      title="Sweep paper wallets" purpose={state.file.name}
      tools={<><Button onPress={() => actions.send({ type: 'back' })}>Back to the keys</Button><Button onPress={() => void actions.putAway()}>Put away unsigned</Button></>}
      words={state.isBusy && problem !== null ? <Working words={problem} context={context} /> : problem ?? `Signs ${counted(report.inputs.length, 'input')} of ${counted(state.keys.length, 'paper key')}: ${shortBtcText(report.paymentsSats)} ${unitOf(report.network)} to ${counted(report.payments.length, 'recipient')}. Enter does not sign.`}
      actions={<Button kind="primary" guarded disabled={problem !== null} onPress={() => void actions.signNow()}>{`Sign for ${counted(state.keys.length, 'paper key')}`}</Button>}
    >
      <VerdictStrip verdict={report.verdict} findings={report.findings} readyFor="sign" />
      {state.error !== null && <div class="page"><ErrorNotice error={state.error} /></div>}
      <ReviewSheet
        network={report.network}
        model={modelOfReport(report, names)} quorum={null}
        footer={<Section name="File"><Facts facts={[['SHA-256', <span key="hash" class="mono breakable">{report.reviewId}</span>]]} /></Section>}
        acknowledged={state.acknowledged} onAcknowledge={(code, is) => actions.send({ type: 'acknowledged', code, is })}
      />
    </Workspace>
  );
}

function SignedView({ state, context, actions }: ViewProps<Signed>) {
  const { signed, report } = state;
  const codes = <ShowCodes host={context.host} contentBase64={signed.psbtBase64} what="signed transaction" />;
  return (
    <Workspace
      title="Sweep paper wallets" purpose={state.file.name}
      words={state.savedAs === null ? 'The signature exists only in this window. Save the file, or show it as codes, before you go on.' : 'Saved. Carry the file to the Companion, which checks and sends it.'}
      actions={state.savedAs === null
        ? <><Button onPress={() => void actions.putAway()}>Throw this signature away</Button>{codes}<Button kind="primary" onPress={() => void actions.save()}>Save signed PSBT</Button></>
        : <>{codes}<Button onPress={() => void actions.save()}>Save it again</Button><Button kind="primary" onPress={() => void actions.putAway()}>Done</Button></>}
    >
      <div class="page stack">
        <Notice weight="verified" title={`Signed ${counted(signed.signedInputs, 'input')}`}>
          <p>Two implementations made the same signature and it verifies. {shortBtcText(report.paymentsSats)} {unitOf(report.network)} to {counted(report.payments.length, 'recipient')}, fee {satsText(report.feeSats)} sats. The keys are closed.</p>
        </Notice>
        {state.savedAs !== null && <Notice weight="plain" title="Saved"><p class="mono breakable">{state.savedAs}</p></Notice>}
        {state.error !== null && <ErrorNotice error={state.error} />}
        <Notice weight="caution" title="Once it is in a block, void the sheets"><p>What the paper keys held is gone from them. Note the sheets as void in the register and destroy them, so that nobody pays to them again.</p></Notice>
        <Facts facts={[['SHA-256 of the file', <span key="hash" class="mono breakable">{signed.psbtSha256}</span>]]} />
      </div>
    </Workspace>
  );
}

/** Where paper wallets are emptied. Leaving it closes their keys. */
export function SweepView({ context, sweep }: { readonly context: SignerContext; readonly sweep: SweepState }) {
  const actions = sweepActions(context);
  useEffect(() => () => void actions.leave(), []);
  switch (sweep.stage) {
    case 'gathering':
      return <GatherView state={sweep} context={context} actions={actions} />;
    case 'reviewed':
      return <ReviewView state={sweep} context={context} actions={actions} />;
    case 'signed':
      return <SignedView state={sweep} context={context} actions={actions} />;
  }
}
