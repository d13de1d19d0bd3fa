import { isQuorumScript, scriptName } from '../../../src/host/wallet-scripts.ts';
import { networkOptions } from '../../frame/networks.ts';
import { Workspace } from '../../frame/workspace.tsx';
import { ScanCodes } from '../../frames/scan-codes.tsx';
import { Button } from '../../ui/button.tsx';
import { DropZone } from '../../ui/drop-zone.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { Section } from '../../ui/section.tsx';
import { ScriptField } from '../../wallet/script-field.tsx';
import type { CompanionContext } from '../context.ts';
import type { WalletsActions } from './wallets-actions.ts';
import { draftProblem, otherAccounts, type WalletDraft, type WalletsState } from './wallets-state.ts';

/** A new wallet from the cosigners' public key records. */
export function CreateView({ state, context, actions }: { readonly state: Extract<WalletsState, { stage: 'creating' }>; readonly context: CompanionContext; readonly actions: WalletsActions }) {
  const { draft } = state;
  const change = (part: Partial<WalletDraft>): void => context.wallets.send({ type: 'draft-changed', draft: { ...draft, ...part } });
  const problem = draftProblem(draft);
  const seats = Math.max(draft.cosigners.length, draft.required);
  const isQuorum = isQuorumScript(draft.script);
  const others = otherAccounts(draft);
  return (
    <Workspace
      title="New wallet" purpose="From public key records. Who can spend, and how many of them must agree."
      tools={<Button onPress={() => context.wallets.send({ type: 'left' })}>Do not make it</Button>}
      words={problem ?? `Makes ${draft.name}: ${isQuorum ? `${draft.required} of ${draft.cosigners.length} signatures` : 'one key'} will spend. This cannot be changed later; another rule is another wallet.`}
      actions={<Button kind="primary" disabled={problem !== null || state.isBusy} onPress={() => void actions.create()}>{isQuorum ? `Make the ${draft.required}-of-${draft.cosigners.length} wallet` : 'Make the one-key wallet'}</Button>}
    >
      <div class="page">
        <Section name="Cosigners" note="One key record each, from the Signer or a hardware signer">
          {draft.cosigners.length > 0 && (
            <ul class="cosigner-rows">
              {draft.cosigners.map((cosigner, index) => (
                <li key={cosigner.record}>
                  <TextField label={`Label of cosigner ${index + 1}`} value={cosigner.label} disabled={state.isBusy}
                    onInput={(label) => change({ cosigners: draft.cosigners.map((other, at) => (at === index ? { ...other, label } : other)) })} />
                  <Fingerprint value={cosigner.fingerprint} />
                  <Button small onPress={() => change({ cosigners: draft.cosigners.filter((other) => other !== cosigner) })}>Remove</Button>
                </li>
              ))}
            </ul>
          )}
          <DropZone small openName="Open key records" disabled={state.isBusy} onOpen={() => void actions.openRecords()} onFiles={(files) => void actions.takeRecords(files)}
            beside={<ScanCodes host={context.host} expects={['key-record', 'text']} what="a cosigner's public key" disabled={state.isBusy} onContent={(file) => void actions.takeRecords([file])} />}>
            {draft.cosigners.length === 0 ? 'Drop the cosigners\' key-record files here, all at once or one by one' : 'Drop further key records here'}
          </DropZone>
          {state.problems.length > 0 && <Notice weight="danger" title="Not every file was taken">{state.problems.map((text) => <p key={text}>{text}</p>)}</Notice>}
        </Section>
        <Section name="Wallet">
          <TextField label="Name" value={draft.name} disabled={state.isBusy} onInput={(name) => change({ name })} hint="What people call it, such as Treasury." />
          <ScriptField label="Script type" script={draft.script} disabled={state.isBusy} onSelect={(script) => change({ script, isScriptChosen: true })} />
          {isQuorum && (
            <SelectField label="Signatures needed" size="short" value={String(draft.required)} disabled={state.isBusy}
              options={Array.from({ length: seats }, (_, index) => ({ value: String(index + 1), name: draft.cosigners.length === 0 ? String(index + 1) : `${index + 1} of ${draft.cosigners.length}` }))}
              onSelect={(required) => change({ required: Number(required) })} />
          )}
          <SelectField label="Network" value={draft.network} disabled={state.isBusy} options={networkOptions} onSelect={(network) => change({ network })} />
        </Section>
        {others.length > 0 && (
          <Notice weight="caution" title="Not every key was exported for this script type">
            <ul>{others.map(({ label, path, usual }) => <li key={label}>{label}: <span class="path">{path}</span> is the path of {scriptName(usual)}</li>)}</ul>
            <p>The wallet works all the same, and its descriptor says how. Who restores it from the keys alone would look in the wrong place: have the records exported for this type, unless it is meant so.</p>
          </Notice>
        )}
        {state.error !== null && <ErrorNotice error={state.error} />}
      </div>
    </Workspace>
  );
}
