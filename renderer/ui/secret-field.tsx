import { useState } from 'preact/hooks';
import { FieldFrame, type FieldProps } from './field.tsx';
import { Icon } from './icon.tsx';

type SecretFieldProps = FieldProps & { readonly onEnter?: () => void };

/**
 * One covered line. What was typed can be seen as long as its button is held down, by pointer, Space or Enter, and not a
 * moment longer: a passphrase that was mistyped twice alike is a key that nobody opens again.
 */
export function SecretField({ onEnter, ...field }: SecretFieldProps) {
  const [isShown, setShown] = useState(false);
  const hide = (): void => setShown(false);
  return (
    <FieldFrame {...field} control={({ id, describedBy, invalid }) => (
      <div class="secret-row">
        <input
          id={id} class={`input${isShown ? ' input-mono' : ''}`} type={isShown ? 'text' : 'password'} value={field.value} disabled={field.disabled ?? false}
          autocomplete="off" autocorrect="off" autocapitalize="off" spellcheck={false} autofocus={field.autoFocus ?? false}
          aria-describedby={describedBy} aria-invalid={invalid}
          onInput={(event) => field.onInput(event.currentTarget.value)}
          onKeyDown={(event) => { if (event.key === 'Enter') onEnter?.(); }}
        />
        <button
          type="button" class="button secret-reveal" disabled={field.disabled === true || field.value === ''} aria-pressed={isShown}
          onPointerDown={() => setShown(true)} onPointerUp={hide} onPointerLeave={hide} onPointerCancel={hide} onBlur={hide}
          onKeyDown={(event) => { if (event.key === ' ' || event.key === 'Enter') { event.preventDefault(); setShown(true); } }}
          onKeyUp={hide}
        >
          <Icon name="eye" />Hold to show<span class="visually-hidden"> {field.label}</span>
        </button>
      </div>
    )} />
  );
}
