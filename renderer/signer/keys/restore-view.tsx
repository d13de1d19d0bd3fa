import { networkOptions } from '../../frame/networks.ts';
import { Workspace } from '../../frame/workspace.tsx';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextArea, TextField } from '../../ui/field.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import type { SignerContext } from '../context.ts';
import type { KeysActions } from './keys-actions.ts';
import { restoreProblem, type KeysState, type RestoreForm } from './keys-state.ts';

/** A key from its words on paper. */
export function RestoreView({ state, context, actions }: { readonly state: Extract<KeysState, { stage: 'restoring' }>; readonly context: SignerContext; readonly actions: KeysActions }) {
  const { form, isBusy, error } = state;
  const change = (part: Partial<RestoreForm>): void => context.keys.send({ type: 'restore-changed', form: { ...form, ...part } });
  const problem = restoreProblem(form);
  return (
    <Workspace
      title="Restore a key from paper" purpose="Types the words of a sheet back in and keeps the key in a new encrypted file."
      tools={<Button onPress={() => void actions.abandon()}>Stop and keep nothing</Button>}
      words={isBusy ? 'Restoring. Encrypting slowly is on purpose.' : (problem ?? 'Makes the key from the words and saves it on this laptop.')}
      actions={<Button kind="primary" disabled={problem !== null || isBusy} onPress={() => void actions.restore()}>Restore the key</Button>}
    >
      <div class="page form">
        <SelectField label="Network" value={form.network} options={networkOptions} onSelect={(network) => change({ network })} />
        <TextField label="Label" value={form.label} onInput={(label) => change({ label })} hint="As it stands on the sheet." />
        <TextArea label="Words from the sheet" mono rows={4} size="wide" value={form.mnemonic} disabled={isBusy} onInput={(mnemonic) => change({ mnemonic })} hint="12 or 24 words, parted by blanks. The last word holds a checksum; a slip is noticed." />
        <TextField label="BIP39 passphrase" secret value={form.bip39Passphrase} disabled={isBusy} onInput={(bip39Passphrase) => change({ bip39Passphrase })} hint="Leave empty unless the sheet says that there is one. Keys made here have none." />
        <TextField label="New passphrase for the key file" secret value={form.first} disabled={isBusy} onInput={(first) => change({ first })} hint="At least 12 characters." />
        <TextField label="New passphrase again" secret value={form.second} disabled={isBusy} onInput={(second) => change({ second })} />
        {error !== null && <ErrorNotice error={error} />}
      </div>
    </Workspace>
  );
}
