import { Workspace } from '../../frame/workspace.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Section } from '../../ui/section.tsx';
import { PolicyWords } from '../../ui/policy-words.tsx';
import { ForeignQuestions } from '../../wallet/foreign-questions.tsx';
import { PolicySheet } from '../../wallet/policy-sheet.tsx';
import type { CompanionContext } from '../context.ts';
import type { ImportActions } from './import-actions.ts';
import type { WalletsState } from './wallets-state.ts';

/** A wallet of another program, as far as it was read; nothing is kept before a person adds it. */
export function ImportView({ state, context, actions }: { readonly state: Extract<WalletsState, { stage: 'importing' }>; readonly context: CompanionContext; readonly actions: ImportActions }) {
  const { draft, read } = state;
  const name = draft.name.trim() === '' ? (read?.name ?? '') : draft.name.trim();
  return (
    <Workspace
      title="Import a wallet" purpose={`From ${draft.fileName}. What another program wrote, read here and compared.`}
      tools={<Button onPress={() => context.wallets.send({ type: 'left' })}>Do not import it</Button>}
      words={read === null ? 'The file is not read yet.' : `Adds ${name} to the wallets that are watched. Compare its policy id with every cosigner before it is used.`}
      actions={<Button kind="primary" disabled={read === null || state.isBusy} onPress={() => void actions.add()}>{read === null ? 'Add the wallet' : `Add ${name}`}</Button>}
    >
      <div class="page">
        <Section name="File" note="Its content decides what it is">
          <ForeignQuestions draft={draft} read={read} error={state.error} isBusy={state.isBusy} onChange={(part) => context.wallets.send({ type: 'import-changed', part })} onRead={(part) => void actions.read({ ...draft, ...part })} />
          {read !== null && <TextField label="Name of the wallet" value={draft.name} disabled={state.isBusy} onInput={(typed) => context.wallets.send({ type: 'import-changed', part: { name: typed } })} hint={`Left empty: ${read.name}`} />}
        </Section>
        {read !== null && <Section name="Policy id" note="The same on every machine"><PolicyWords words={read.policyId} /></Section>}
        {read !== null && <Section name="Wallet" note="Compare cosigners and first addresses"><PolicySheet policy={read} ownKey={null} /></Section>}
      </div>
    </Workspace>
  );
}
