import { Button } from '../../ui/button.tsx';
import { Choices, SelectField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { SecretField } from '../../ui/secret-field.tsx';
import type { OrderForm, Scheme, ShareGroup } from './order-form.ts';
import { planGroups, planSentence, type PlanGroup } from './share-plan-words.ts';

const MOST_GROUPS = 16;

const numbers = (from: number, to: number): readonly { readonly value: string; readonly name: string }[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => ({ value: String(from + index), name: String(from + index) }));

/** Sheets of a group side by side: as many as are needed stand dark, the others could replace them. */
function GroupPicture({ group }: { readonly group: PlanGroup }) {
  return (
    <span class="share-sheets" aria-hidden="true">
      {Array.from({ length: group.count }, (_, index) => (
        <svg key={index} aria-hidden="true" class={`share-sheet${index < group.threshold ? ' share-sheet-needed' : ''}`} viewBox="0 0 22 30">
          <path d="M.5.5h21v29H.5z" />
          <path d="M5 7h12M5 12h12M5 17h7" />
        </svg>
      ))}
    </span>
  );
}

/** A plan as a picture and as a sentence. */
export function SharesPicture({ form }: { readonly form: OrderForm }) {
  return (
    <figure class="shares-picture">
      {planGroups(form).map((group, index) => (
        <div key={index} class="share-group">
          {group.name !== null && <span class="caption">{group.name}</span>}
          <GroupPicture group={group} />
          <span class="caption">{group.count === group.threshold ? `all ${group.count}` : `any ${group.threshold} of ${group.count}`}</span>
        </div>
      ))}
      <figcaption>{planSentence(form)}</figcaption>
    </figure>
  );
}

const withGroup = (form: OrderForm, at: number, part: Partial<ShareGroup>): readonly ShareGroup[] => form.groups.map((group, index) => (index === at ? { ...group, ...part } : group));

interface ShareFieldsProps {
  readonly form: OrderForm;
  readonly change: (part: Partial<OrderForm>) => void;
}

function Slip39Fields({ form, change }: ShareFieldsProps) {
  const setGroups = (groups: readonly ShareGroup[]): void => change({ groups, groupThreshold: Math.min(form.groupThreshold, groups.length) });
  return (
    <>
      <ol class="group-rows" aria-label="Groups">
        {form.groups.map((group, index) => (
          <li key={index} class="group-row">
            <span class="group-name">{form.groups.length === 1 ? 'Sheets' : `Group ${index + 1}`}</span>
            <SelectField label="Needed" size="short" value={String(group.threshold)} options={numbers(1, 16)} onSelect={(threshold) => change({ groups: withGroup(form, index, { threshold: Number(threshold) }) })} />
            <SelectField label="Of" size="short" value={String(group.count)} options={numbers(1, 16)} onSelect={(count) => change({ groups: withGroup(form, index, { count: Number(count) }) })} />
            {form.groups.length > 1 && <Button small onPress={() => setGroups(form.groups.filter((_, at) => at !== index))}>{`Take group ${index + 1} away`}</Button>}
          </li>
        ))}
      </ol>
      <div class="form-actions">
        <Button small disabled={form.groups.length >= MOST_GROUPS} onPress={() => setGroups([...form.groups, { threshold: 2, count: 3 }])}>Add a group</Button>
      </div>
      {form.groups.length > 1 && (
        <SelectField label="Groups needed" size="short" value={String(form.groupThreshold)} options={numbers(1, form.groups.length)} onSelect={(groupThreshold) => change({ groupThreshold: Number(groupThreshold) })} />
      )}
      <details>
        <summary><Icon name="chevron" />A passphrase for the shares</summary>
        <SecretField label="SLIP-39 passphrase" value={form.sharePassphrase} onInput={(sharePassphrase) => change({ sharePassphrase })}
          hint="Usually empty. It stands on no sheet, and a wrong one gives another key without a word of warning." />
      </details>
    </>
  );
}

/** How a key is divided. */
export function ShareFields({ form, change }: ShareFieldsProps) {
  return (
    <>
      <Choices<Scheme> legend="Scheme" value={form.scheme} onSelect={(scheme) => change({ scheme })}
        options={[{ value: 'slip39', name: 'SLIP-39: words, groups' }, { value: 'codex32', name: 'codex32: checked by hand' }, { value: 'seed-xor', name: 'Seed XOR: all parts needed' }]} />
      {form.scheme === 'slip39' && <Slip39Fields form={form} change={change} />}
      {form.scheme === 'codex32' && (
        <div class="field-pair">
          <SelectField label="Sheets needed" size="short" value={String(form.codexThreshold)} options={numbers(2, 9)} onSelect={(value) => change({ codexThreshold: Number(value) })} />
          <SelectField label="Sheets in all" size="short" value={String(form.codexCount)} options={numbers(2, 31)} onSelect={(value) => change({ codexCount: Number(value) })} />
        </div>
      )}
      {form.scheme === 'seed-xor' && (
        <SelectField label="Parts" size="short" value={String(form.xorParts)} options={numbers(2, 4)} onSelect={(value) => change({ xorParts: Number(value) })}
          hint="Each part looks like a seed of its own, and opens a decoy wallet." />
      )}
      <SharesPicture form={form} />
    </>
  );
}
