import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Choices, TextField } from '../../ui/field.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { SecretField } from '../../ui/secret-field.tsx';
import { CopyTable } from './copies-panel.tsx';
import type { KeysActions } from './keys-actions.ts';
import type { KeyCopies } from './keys-state.ts';
import { PassphrasePair } from './passphrase-pair.tsx';
import { taskProblem, type KeyTask } from './task-state.ts';

interface DialogProps<Kind extends KeyTask['kind']> {
  readonly task: Extract<KeyTask, { kind: Kind }>;
  readonly actions: KeysActions;
  readonly onClose: () => void;
}

/** A new passphrase for a key file. What was copied before keeps the old one, and is named. */
export function PassphraseDialog({ task, keyFileBase64, copies, actions, onClose }: DialogProps<'passphrase'> & { readonly keyFileBase64: string; readonly copies: KeyCopies | null }) {
  const known = copies?.copies ?? [];
  const problem = taskProblem(task);
  if (task.isDone) {
    return (
      <Dialog title="The passphrase was changed" onClose={onClose} actions={<Button kind="primary" onPress={onClose}>Done</Button>}>
        <div class="form">
          <p>From now on the key file on this laptop opens with the new passphrase.</p>
          <Notice weight="caution" title="Old files still open with the old passphrase">
            <p>{known.length === 0 ? 'The file as it was before is kept beside the new one on this laptop. No copies elsewhere are known.' : 'The file as it was before is kept beside the new one on this laptop. These copies are of the file before:'}</p>
            {known.length > 0 && <CopyTable copies={known} />}
            <p>If somebody knows the old passphrase, copy the key file anew and destroy the old copies. If somebody may have had an old copy as well, move the money to a new key.</p>
          </Notice>
        </div>
      </Dialog>
    );
  }
  const change = (passphrase: { old?: string; first?: string; second?: string }): void => actions.task({ type: 'changed', passphrase });
  return (
    <Dialog title="Change the passphrase" onClose={onClose} actions={<>
      <span class="dialog-words muted" role="status">{task.isBusy ? 'Opening and encrypting. Slow on purpose.' : problem}</span>
      <Button kind="primary" disabled={problem !== null || task.isBusy} onPress={() => void actions.changePassphrase(keyFileBase64)}>Change the passphrase</Button>
    </>}>
      <div class="form">
        <SecretField label="Passphrase now" value={task.old} disabled={task.isBusy} autoFocus onInput={(old) => change({ old })} />
        <PassphrasePair label="New passphrase" first={task.first} second={task.second} disabled={task.isBusy} onChange={(first, second) => change({ first, second })} />
        <p class="caption">Copies that were made before still open with the passphrase that they were made with.</p>
        {task.error !== null && <ErrorNotice error={task.error} />}
      </div>
    </Dialog>
  );
}

/** A key that can be made again from this one at any time. */
export function ChildDialog({ task, parent, actions, onClose }: DialogProps<'child'> & { readonly parent: string }) {
  const problem = taskProblem(task);
  const change = (child: Partial<Pick<typeof task, 'label' | 'words' | 'index' | 'first' | 'second'>>): void => actions.task({ type: 'child-changed', child });
  return (
    <Dialog title={`A child key of ${parent}`} onClose={onClose} actions={<>
      <span class="dialog-words muted" role="status">{task.isBusy ? 'Deriving and encrypting. Slow on purpose.' : problem}</span>
      <Button kind="primary" disabled={problem !== null || task.isBusy} onPress={() => void actions.makeChild()}>Make the child key</Button>
    </>}>
      <div class="form">
        <p>By BIP85, a key of its own with words of its own, in a new key file. {parent} can make it again from its number at any time; so whoever has {parent} has its children, and never the other way round. Do not let a key and its child sign in one wallet.</p>
        <TextField label="Label" value={task.label} disabled={task.isBusy} autoFocus onInput={(label) => change({ label })} hint="Whose key it is." />
        <Choices<'12' | '18' | '24'> legend="Words" value={`${task.words}`} options={[{ value: '12', name: '12' }, { value: '18', name: '18' }, { value: '24', name: '24' }]} onSelect={(words) => change({ words: Number(words) as 12 | 18 | 24 })} />
        <TextField label="Number of the child" size="short" mono value={task.index} disabled={task.isBusy} onInput={(index) => change({ index })} hint="Write it into your books: without it nobody finds this child again." />
        <PassphrasePair label="Passphrase for its key file" first={task.first} second={task.second} disabled={task.isBusy} onChange={(first, second) => change({ first, second })} />
        {task.error !== null && <ErrorNotice error={task.error} />}
      </div>
    </Dialog>
  );
}
