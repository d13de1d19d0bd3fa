import { networkWords } from '../../frame/networks.ts';
import { Workspace } from '../../frame/workspace.tsx';
import { ScanCodes } from '../../frames/scan-codes.tsx';
import { Button } from '../../ui/button.tsx';
import { DropZone } from '../../ui/drop-zone.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Choices, SelectField, TextArea } from '../../ui/field.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { PolicyWords } from '../../ui/policy-words.tsx';
import { Section } from '../../ui/section.tsx';
import { AddressTable } from '../../wallet/address-table.tsx';
import { ForeignQuestions } from '../../wallet/foreign-questions.tsx';
import { PolicySheet, quorumWords, scriptOf, shortRule } from '../../wallet/policy-sheet.tsx';
import type { SignerContext } from '../context.ts';
import { registrationsOf, unlockedKeys, type StoredRegistration } from '../session.ts';
import { walletsActions, type WalletsActions } from './wallets-actions.ts';
import { registerProblem, wordsTyped, type WalletsState } from './wallets-state.ts';

type Comparing = Extract<WalletsState, { stage: 'comparing' }>;
type Reading = Extract<WalletsState, { stage: 'reading' }>;
type OnShelf = Extract<WalletsState, { stage: 'shelf' }>;

function CompareView({ state, context, actions }: { readonly state: Comparing; readonly context: SignerContext; readonly actions: WalletsActions }) {
  const { read: policy } = state;
  const cosigners = unlockedKeys(context.session.state.value).filter((key) => policy.cosigners.some((cosigner) => cosigner.fingerprint === key.facts.fingerprint));
  const own = cosigners.find((key) => key.facts.keyHandle === state.keyHandle);
  const problem = registerProblem(state);
  return (
    <Workspace
      title={`Register ${policy.name}`} purpose={`From ${state.draft.fileName}. From then on this key signs for this wallet, and for no other.`}
      tools={<Button onPress={() => context.wallets.send({ type: 'left' })}>Do not register</Button>}
      words={problem ?? `Binds ${policy.name} to ${own?.facts.label ?? 'the key'} (${own?.facts.fingerprint ?? ''}) and saves the registration on this laptop.`}
      actions={<Button kind="primary" disabled={problem !== null || state.isBusy} onPress={() => void actions.register()}>{`Register ${policy.name}`}</Button>}
    >
      <div class="page">
        <Section name="Policy id" note="The comparison that keeps a false wallet out">
          <p>Have another officer read you the eight words that their own Signer shows for this wallet. Only the first to register takes them from the Companion; every later officer compares with the first. They are not shown here: what you type is the comparison.</p>
          <TextArea label="The eight words" mono rows={2} size="wide" value={state.typed} disabled={state.isBusy} onInput={(typed) => context.wallets.send({ type: 'words-typed', typed })} hint={`${wordsTyped(state.typed)} of 8 words, parted by blanks`} />
          {cosigners.length > 1 && (
            <SelectField label="Register with key" value={state.keyHandle ?? ''} options={cosigners.map((key) => ({ value: key.facts.keyHandle, name: `${key.facts.label} (${key.facts.fingerprint})` }))}
              onSelect={(keyHandle) => context.wallets.send({ type: 'key-chosen', keyHandle })} />
          )}
          {cosigners.length === 0 && (
            <Notice weight="caution" title="No unlocked key belongs to this wallet">
              <p>Unlock one of its cosigners, then come back; the file stays open here.</p>
              <div class="form-actions"><Button onPress={() => context.go('keys')}>Go to Keys</Button></div>
            </Notice>
          )}
          {state.error !== null && <ErrorNotice error={state.error} />}
        </Section>
        <Section name="File" note="Its content decides what it is">
          <ForeignQuestions draft={state.draft} read={policy} error={null} isBusy={state.isBusy} onChange={() => undefined} onRead={(part) => void actions.read({ ...state.draft, ...part })} />
        </Section>
        <Section name="Wallet" note="Compare cosigners and addresses with the wallet sheet"><PolicySheet policy={policy} ownKey={own?.facts.fingerprint ?? null} /></Section>
      </div>
    </Workspace>
  );
}

function ReadingView({ state, context, actions }: { readonly state: Reading; readonly context: SignerContext; readonly actions: WalletsActions }) {
  return (
    <Workspace
      title="Read a wallet" purpose={`From ${state.draft.fileName}. Nothing of it is kept before it is registered.`}
      tools={<Button onPress={() => context.wallets.send({ type: 'left' })}>Put it away</Button>}
      words={state.isBusy ? 'Reading the file.' : 'The file is not read yet.'}
    >
      <div class="page">
        <Section name="File" note="Its content decides what it is">
          <ForeignQuestions draft={state.draft} read={null} error={state.error} isBusy={state.isBusy}
            onChange={(part) => context.wallets.send({ type: 'draft-changed', part })} onRead={(part) => void actions.read({ ...state.draft, ...part })} />
        </Section>
      </div>
    </Workspace>
  );
}

function RegistrationView({ registration, state, context, actions }: { readonly registration: StoredRegistration; readonly state: OnShelf; readonly context: SignerContext; readonly actions: WalletsActions }) {
  const { policy, ownKey } = registration;
  const isOpen = unlockedKeys(context.session.state.value).some((key) => key.facts.fingerprint === ownKey);
  const label = policy.cosigners.find((cosigner) => cosigner.fingerprint === ownKey)?.label ?? 'this key';
  return (
    <div class="page">
      <div class="detail-head">
        <div class="stack-tight">
          <h2>{policy.name}</h2>
          <p class="muted">{quorumWords(policy)} · {scriptOf(policy)} · registered with {label} (<Fingerprint value={ownKey} />)</p>
        </div>
        <div class="detail-tools"><Button onPress={() => void actions.saveCopy(registration)}>Save a copy</Button></div>
      </div>
      {state.savedAs !== null && <Notice weight="verified" title="Saved"><p class="mono breakable">{state.savedAs}</p></Notice>}
      {state.error !== null && <ErrorNotice error={state.error} />}
      <Section name="Policy id" note="Compared when it was registered"><PolicyWords words={policy.policyId} /></Section>
      <Section name="Wallet"><PolicySheet policy={policy} ownKey={ownKey} /></Section>
      <Section name="Addresses" note="Derived on this laptop from the registration">
        {isOpen ? (
          <>
            <div class="inline">
              <Choices<'receive' | 'change'> legend="Branch" value={state.branch} options={[{ value: 'receive', name: 'Receive' }, { value: 'change', name: 'Change' }]} onSelect={(branch) => void actions.deriveAddresses(registration, branch)} />
            </div>
            {state.addresses.length > 0
              ? <AddressTable addresses={state.addresses} />
              : <div><Button onPress={() => void actions.deriveAddresses(registration, state.branch)}>Show the first 20</Button></div>}
          </>
        ) : <p class="muted">Unlock {label} in Keys to derive addresses; the registration is checked with that key.</p>}
      </Section>
    </div>
  );
}

/** Where wallets are compared and registered. */
export function WalletsWorkspace({ context }: { readonly context: SignerContext }) {
  const actions = walletsActions(context);
  const state = context.wallets.state.value;
  const registrations = registrationsOf(context.session.state.value);
  if (state.stage === 'reading') return <ReadingView state={state} context={context} actions={actions} />;
  if (state.stage === 'comparing') return <CompareView state={state} context={context} actions={actions} />;

  const head = { title: 'Wallets', purpose: 'Wallets that a person compared and bound to a key of this laptop.' };
  const scan = <ScanCodes host={context.host} expects={['wallet-descriptor', 'text']} what="a wallet" disabled={state.isBusy} onContent={(file) => void actions.takeWallet([file])} />;
  const open = <Button kind="primary" disabled={state.isBusy} onPress={() => void actions.openWallet()}>Open wallet file</Button>;
  if (registrations.length === 0) {
    return (
      <Workspace {...head} words="Opens a wallet file to compare it; nothing is registered before you typed its policy id." actions={open}>
        <EmptyState icon="wallet" title="No wallet is registered">
          <p>A key signs only for wallets that were registered with it, so that nobody can slip another wallet under your signature.</p>
          <ol>
            <li>In the Companion, make the wallet from the cosigners' key records and save its wallet file, or take the file of another program.</li>
            <li>Carry the file here and open it, or scan its codes.</li>
            <li>Have the eight words of the policy id read to you, and type them.</li>
          </ol>
          <div class="form-actions"><DropZone small openName="Open wallet file" onOpen={() => void actions.openWallet()} onFiles={(files) => void actions.takeWallet(files)} beside={scan}>Drop the wallet file here, of whatever program</DropZone></div>
          {state.error !== null && <ErrorNotice error={state.error} />}
        </EmptyState>
      </Workspace>
    );
  }
  const selected = registrations.find((candidate) => candidate.name === state.selected) ?? registrations[0];
  return (
    <Workspace {...head} words="Opens another wallet file, or the same one for another key, to compare and register it." actions={open}>
      <div class="split">
        <div class="list-pane">
          <ul aria-label="Registered wallets">
            {registrations.map((registration) => (
              <li key={registration.name}>
                <button type="button" class="list-row" aria-current={registration === selected} onClick={() => context.wallets.send({ type: 'selected', name: registration.name })}>
                  <b>{registration.policy.name}</b>
                  <span class="list-line muted"><span>{registration.policy.cosigners.find((cosigner) => cosigner.fingerprint === registration.ownKey)?.label}</span><span class="mono">{registration.ownKey}</span></span>
                  <span class="caption">{shortRule(registration.policy)} · {networkWords[registration.policy.network].name}</span>
                </button>
              </li>
            ))}
          </ul>
          <div class="list-actions">
            <DropZone small openName="Open" onOpen={() => void actions.openWallet()} onFiles={(files) => void actions.takeWallet(files)} beside={scan}>Drop a wallet file</DropZone>
          </div>
        </div>
        <div class="detail-pane">{selected !== undefined && <RegistrationView key={selected.name} registration={selected} state={state} context={context} actions={actions} />}</div>
      </div>
    </Workspace>
  );
}
