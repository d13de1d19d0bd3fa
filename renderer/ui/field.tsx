import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { Icon } from './icon.tsx';

export interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly hint?: ComponentChildren;
  /** What is wrong with the value, in words. */
  readonly problem?: string | null;
  readonly size?: 'short' | 'normal' | 'wide';
  readonly disabled?: boolean;
  readonly autoFocus?: boolean;
}

/** Label, control, hint and problem, tied together for screen readers. */
export function FieldFrame({ label, hint, problem, size = 'normal', control }: Pick<FieldProps, 'label' | 'hint' | 'problem' | 'size'> & { readonly control: (ids: { id: string; describedBy: string | undefined; invalid: boolean }) => ComponentChildren }) {
  const id = useId();
  const invalid = problem !== undefined && problem !== null;
  const described = [hint === undefined ? null : `${id}-hint`, invalid ? `${id}-problem` : null].filter((part) => part !== null).join(' ');
  return (
    <div class={`field${size === 'normal' ? '' : ` field-${size}`}`}>
      <label for={id}>{label}</label>
      {control({ id, describedBy: described === '' ? undefined : described, invalid })}
      {hint !== undefined && <div class="field-hint" id={`${id}-hint`}>{hint}</div>}
      {invalid && <div class="field-problem" id={`${id}-problem`}><Icon name="caution" />{problem}</div>}
    </div>
  );
}

/** One line of text. `secret` covers it; nothing typed is ever offered again or checked for spelling. */
export function TextField({ secret = false, mono = false, onEnter, ...field }: FieldProps & { readonly secret?: boolean; readonly mono?: boolean; readonly onEnter?: () => void }) {
  return (
    <FieldFrame {...field} control={({ id, describedBy, invalid }) => (
      <input
        id={id} class={`input${mono ? ' input-mono' : ''}`} type={secret ? 'password' : 'text'} value={field.value} disabled={field.disabled ?? false}
        autocomplete="off" autocorrect="off" autocapitalize="off" spellcheck={false} autofocus={field.autoFocus ?? false}
        aria-describedby={describedBy} aria-invalid={invalid}
        onInput={(event) => field.onInput(event.currentTarget.value)}
        onKeyDown={(event) => { if (event.key === 'Enter') onEnter?.(); }}
      />
    )} />
  );
}

export function TextArea({ mono = false, rows = 4, placeholder, ...field }: FieldProps & { readonly mono?: boolean; readonly rows?: number; readonly placeholder?: string }) {
  return (
    <FieldFrame {...field} control={({ id, describedBy, invalid }) => (
      <textarea
        id={id} class={`input${mono ? ' input-mono' : ''}`} rows={rows} value={field.value} disabled={field.disabled ?? false} placeholder={placeholder}
        autocomplete="off" autocapitalize="off" spellcheck={false} aria-describedby={describedBy} aria-invalid={invalid}
        onInput={(event) => field.onInput(event.currentTarget.value)}
      />
    )} />
  );
}

export interface Option<Value extends string> {
  readonly value: Value;
  readonly name: string;
  /** What it stands under in a long list. */
  readonly group?: string;
}

export function SelectField<Value extends string>({ options, onSelect, ...field }: Omit<FieldProps, 'onInput' | 'value'> & { readonly value: Value | ''; readonly options: readonly Option<Value>[]; readonly onSelect: (value: Value) => void }) {
  return (
    <FieldFrame {...field} control={({ id, describedBy, invalid }) => (
      <select id={id} class="input" value={field.value} disabled={field.disabled ?? false} aria-describedby={describedBy} aria-invalid={invalid}
        onChange={(event) => onSelect(event.currentTarget.value as Value)}>
        {field.value === '' && <option value="" disabled>Choose</option>}
        {groupsOf(options).map(({ group, members }) => (group === undefined ? members.map((option) => <Choice key={option.value} option={option} value={field.value} />) : (
          <optgroup key={group} label={group}>{members.map((option) => <Choice key={option.value} option={option} value={field.value} />)}</optgroup>
        )))}
      </select>
    )} />
  );
}

const Choice = ({ option, value }: { readonly option: Option<string>; readonly value: string }) => <option value={option.value} selected={option.value === value}>{option.name}</option>;

/** Options under the group that they name, in the order in which the groups first come up. */
function groupsOf<Value extends string>(options: readonly Option<Value>[]): readonly { readonly group: string | undefined; readonly members: readonly Option<Value>[] }[] {
  const groups = [...new Set(options.map(({ group }) => group))];
  return groups.map((group) => ({ group, members: options.filter((option) => option.group === group) }));
}

/** A few alternatives that all stand in view. */
export function Choices<Value extends string>({ legend, value, options, onSelect }: { readonly legend: string; readonly value: Value; readonly options: readonly Option<Value>[]; readonly onSelect: (value: Value) => void }) {
  const name = useId();
  return (
    <fieldset class="choices field field-wide">
      <legend>{legend}</legend>
      {options.map((option) => (
        <label key={option.value} class="choice">
          <input type="radio" name={name} checked={option.value === value} onChange={() => onSelect(option.value)} />
          {option.name}
        </label>
      ))}
    </fieldset>
  );
}

export function Checkbox({ children, checked, onToggle, disabled = false }: { readonly children: ComponentChildren; readonly checked: boolean; readonly onToggle: (checked: boolean) => void; readonly disabled?: boolean }) {
  return (
    <label class="checkbox">
      <input type="checkbox" checked={checked} disabled={disabled} onChange={(event) => onToggle(event.currentTarget.checked)} />
      <span>{children}</span>
    </label>
  );
}
