import type { ComponentChildren } from 'preact';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Table } from '../../ui/table.tsx';
import { momentText } from './entropy-record-words.ts';
import { copiesSentence, copyStates } from './key-words.ts';
import type { KeysActions } from './keys-actions.ts';
import type { KeyCopies } from './keys-state.ts';

type Copy = KeyCopies['copies'][number];

export function CopyTable({ copies }: { readonly copies: readonly Copy[] }) {
  return (
    <Table<Copy>
      caption="Copies of the key file" rows={copies} keyOf={(copy) => copy.place} empty="No copies."
      columns={[
        { name: 'Where', cell: (copy) => <span class="mono breakable">{copy.place}</span> },
        { name: 'State', cell: ({ state }) => <span class={`tag tag-${copyStates[state].look}`}><Icon name={copyStates[state].look === 'verified' ? 'check' : 'caution'} />{copyStates[state].words}</span> },
        { name: 'Looked at', cell: (copy) => <span class="muted nowrap">{momentText(copy.checkedAt)}</span> },
      ]}
    />
  );
}

/** Where the copies of a key file lie, and how each was. @param children further buttons for the file */
export function CopiesPanel({ fileName, copies, isBusy, actions, children }: { readonly fileName: string; readonly copies: KeyCopies | null; readonly isBusy: boolean; readonly actions: KeysActions; readonly children: ComponentChildren }) {
  const known = copies?.copies ?? [];
  const { isSafe, words } = copiesSentence(known);
  return (
    <>
      {isSafe ? <p class="inline"><span class="tag tag-verified"><Icon name="check" />Copied</span>{words}</p> : <Notice weight="caution" title={known.length === 0 ? 'The only copy' : 'No good copy'}><p>{words}</p></Notice>}
      {known.length > 0 && <CopyTable copies={known} />}
      <div class="form-actions form-actions-wrap">
        <Button disabled={isBusy} onPress={() => void actions.addCopy(fileName)}>Copy to another folder or stick…</Button>
        {known.length > 0 && <Button disabled={isBusy} onPress={() => void actions.checkCopies(fileName)}>Check all copies again</Button>}
        {children}
      </div>
      <p class="caption">A copy is written, read back and compared. It stays encrypted; its passphrase is that of this file when it was copied.</p>
    </>
  );
}
