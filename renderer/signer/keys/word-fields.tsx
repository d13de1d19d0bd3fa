import { useRef, useState } from 'preact/hooks';
import type { TargetedEvent } from 'preact';
import { withTextAt, wordsIn, type RestoreForm } from './restore-form.ts';
import type { RestoreActions } from './restore-actions.ts';

interface WordFieldsProps {
  readonly form: RestoreForm;
  /** Fields whose word is in no list, from 0. */
  readonly unknown: ReadonlySet<number>;
  readonly disabled: boolean;
  readonly actions: RestoreActions;
}

/**
 * Numbered fields, read downwards as on the sheet. A blank goes on to the next one; a text that is put into one of them
 * spreads over those that follow.
 */
export function WordFields({ form, unknown, disabled, actions }: WordFieldsProps) {
  const list = useRef<HTMLOListElement>(null);
  // A word that is still being typed is not yet wrong.
  const [typedAt, setTypedAt] = useState<number | null>(null);
  const focusField = (position: number): void => list.current?.querySelectorAll('input')[Math.min(position, form.wordCount - 1)]?.focus();
  const spread = (position: number, text: string): void => {
    actions.change(withTextAt(form, position, text));
    setTypedAt(null);
    focusField(position + wordsIn(text).length);
  };
  const onInput = (position: number, event: TargetedEvent<HTMLInputElement>): void => {
    const typed = event.currentTarget.value;
    if (/\S\s/.test(typed) || wordsIn(typed).length > 1) {
      spread(position, typed);
      return;
    }
    setTypedAt(position);
    actions.change({ words: form.words.with(position, typed.trim()) });
  };
  return (
    <ol class="word-fields" data-count={form.wordCount} aria-label="Words from the sheet" ref={list}>
      {form.words.map((word, position) => {
        const isUnknown = unknown.has(position) && typedAt !== position;
        return (
          <li key={position} data-unknown={isUnknown}>
            <label>
              <small>{position + 1}<span class="visually-hidden">. word</span></small>
              <input
                class="input input-mono" type="text" value={word} disabled={disabled} aria-invalid={isUnknown} autocomplete="off" autocorrect="off" autocapitalize="off" spellcheck={false}
                onInput={(event) => onInput(position, event)}
                // A field of one line drops line breaks, and two words would become one.
                onPaste={(event) => {
                  const text = event.clipboardData?.getData('text') ?? '';
                  if (wordsIn(text).length < 2) return;
                  event.preventDefault();
                  spread(position, text);
                }}
                onBlur={() => setTypedAt(null)}
              />
            </label>
          </li>
        );
      })}
    </ol>
  );
}
