import { useEffect, useRef } from 'preact/hooks';
import { counted } from '../../ui/amount-text.ts';
import { Button } from '../../ui/button.tsx';
import { TextArea } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { RestoreActions } from './restore-actions.ts';
import type { Restore } from './restore-state.ts';
import { setWords, shareName } from './share-words.ts';

type Typing = Extract<Restore, { step: 'typing' }>;

/**
 * Shares come out of their envelopes one by one; each is checked by itself and against the others, and is not shown again
 * once it was taken.
 */
export function ShareEntry({ restore, actions }: { readonly restore: Typing; readonly actions: RestoreActions }) {
  const { form, set, isBusy } = restore;
  const isXor = form.form === 'seed-xor';
  const what = isXor ? 'part' : 'share';
  // The next share is typed where the last one was; after the last, the focus stays with the list.
  const entry = useRef<HTMLDivElement>(null);
  const before = useRef(form.shares.length);
  useEffect(() => {
    if (form.shares.length > before.current) (entry.current?.querySelector('textarea') ?? entry.current?.querySelector('button'))?.focus();
    before.current = form.shares.length;
  }, [form.shares.length]);
  return (
    <div class="stack" ref={entry}>
      {form.shares.length > 0 && (
        <ul class="shares-given" aria-label="Shares given">
          {form.shares.map((_, position) => (
            <li key={position}>
              <span class="tag tag-verified"><Icon name="check" />{shareName(set, position)}</span>
              <Button small kind="quiet" disabled={isBusy} onPress={() => void actions.removeShare(position)}>Remove<span class="visually-hidden"> {shareName(set, position)}</span></Button>
            </li>
          ))}
        </ul>
      )}
      <p class="inline" role="status">
        {set !== null && <><strong>{setWords(set)}</strong><span class="muted">set <span class="mono">{set.form === 'codex32' ? set.identifier.toUpperCase() : set.identifier}</span></span></>}
        {set === null && !isXor && <span class="muted">No share given yet. The first one says how many there must be.</span>}
        {isXor && <span class="muted">{counted(form.shares.length, 'part')} taken. All parts are needed, and none says how many there are: the sheet must.</span>}
        {set?.isComplete === true && <span class="tag tag-verified"><Icon name="check" />enough</span>}
      </p>
      {set?.isComplete !== true && (
        <>
          <TextArea label={form.shares.length === 0 ? `First ${what}` : `Next ${what}`} mono rows={form.form === 'codex32' ? 2 : 3} size="wide" value={form.share} disabled={isBusy} onInput={(share) => actions.change({ share })}
            hint={form.form === 'slip39' ? '20, 23, 27, 30 or 33 words, parted by blanks.' : isXor ? 'The 12 to 24 words of one part.' : 'Begins with MS1. Capitals or small letters.'} />
          <div><Button disabled={isBusy || form.share.trim() === ''} onPress={() => void actions.takeShare()}>{`Take this ${what}`}</Button></div>
        </>
      )}
    </div>
  );
}
