import type { ComponentChildren } from 'preact';

interface ButtonProps {
  /** States the effect: "Save unsigned PSBT", never "OK". */
  readonly children: ComponentChildren;
  readonly onPress: () => void;
  readonly kind?: 'primary' | 'secondary' | 'quiet';
  readonly small?: boolean;
  readonly disabled?: boolean;
  /** For what cannot be taken back (sign, broadcast): Enter does nothing, Space or a click is needed. */
  readonly guarded?: boolean;
}

/** A button. Never of type submit: Enter in a field must not sign, send or save. */
export function Button({ children, onPress, kind = 'secondary', small = false, disabled = false, guarded = false }: ButtonProps) {
  const look = `button${kind === 'secondary' ? '' : ` button-${kind}`}${small ? ' button-small' : ''}`;
  return (
    <button
      type="button" class={look} disabled={disabled} onClick={onPress}
      onKeyDown={guarded ? (event) => { if (event.key === 'Enter') event.preventDefault(); } : undefined}
    >
      {children}
    </button>
  );
}
