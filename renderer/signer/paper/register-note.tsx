import { Button } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import type { PaperActions } from './paper-actions.ts';
import { noteProblem, replacementsFor, type CustodyAct, type CustodySheet, type NoteForm as Note, type RegisterState } from './register-state.ts';

const titles: Readonly<Record<CustodyAct, string>> = { sealed: 'Put into a numbered bag', void: 'Void this sheet', reprinted: 'Replaced by another sheet' };
const explanations: Readonly<Record<CustodyAct, string>> = {
  sealed: 'Two people watch the bag being closed, and both read its number.',
  void: 'A void sheet never counts again. Burn secret sheets or shred them across; then say here what was done.',
  reprinted: 'The new sheet must be in the register already. Destroy this one.',
};
const buttons: Readonly<Record<CustodyAct, string>> = { sealed: 'Write the seal into the register', void: 'Write into the register that it is void', reprinted: 'Write into the register that it was replaced' };

/** What a person says of a sheet; it cannot be taken back, only followed by more. */
export function NoteForm({ sheet, note, register, actions }: { readonly sheet: CustodySheet; readonly note: Note; readonly register: RegisterState; readonly actions: PaperActions }) {
  const change = (part: Partial<Note>): void => actions.register({ type: 'note-changed', note: { ...note, ...part } });
  const problem = noteProblem(note);
  const others = replacementsFor(register, sheet);
  return (
    <section class="note-form form" aria-label={titles[note.act]}>
      <div class="stack-tight">
        <h3>{titles[note.act]}</h3>
        <p class="muted">{explanations[note.act]}</p>
      </div>
      <div class="field-pair">
        {note.act === 'sealed' && <TextField label="Number of the bag" size="short" mono value={note.seal} disabled={register.isBusy} autoFocus onInput={(seal) => change({ seal })} />}
        {note.act === 'reprinted' && (
          <SelectField label="The sheet that took its place" value={note.replacement} disabled={register.isBusy || others.length === 0} options={others.map((other) => ({ value: other.sheetId, name: other.label === '' ? other.serial : `${other.serial}, ${other.label}` }))}
            onSelect={(replacement) => change({ replacement })} hint={others.length === 0 ? 'No other sheet of this kind is in the register. Print it first.' : undefined} />
        )}
        <TextField label="Who says so" size="short" value={note.by} disabled={register.isBusy} autoFocus={note.act !== 'sealed'} onInput={(by) => change({ by })} hint="Initials or names." />
      </div>
      <TextField label={note.act === 'void' ? 'Why' : 'Remark'} value={note.remark} disabled={register.isBusy} onInput={(remark) => change({ remark })} hint={note.act === 'void' ? 'Such as: burnt, smudged at the code.' : 'May stay empty. Never a word of a secret.'} />
      <div class="form-actions">
        <Button disabled={register.isBusy} onPress={() => actions.register({ type: 'note-dropped' })}>Leave it as it is</Button>
        <Button kind="primary" disabled={problem !== null || register.isBusy} onPress={() => void actions.note(sheet, note)}>{buttons[note.act]}</Button>
      </div>
      {problem !== null && <p class="caption" role="status">{problem}</p>}
    </section>
  );
}
