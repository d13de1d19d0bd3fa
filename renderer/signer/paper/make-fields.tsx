import { networkOptions, networkWords, type NetworkName } from '../../frame/networks.ts';
import { Button } from '../../ui/button.tsx';
import { Choices, SelectField, TextField } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { ScriptField } from '../../wallet/script-field.tsx';
import type { SignerContext } from '../context.ts';
import type { UnlockedKey } from '../session.ts';
import { needsKey, needsWallet, wholeNumber, type OrderForm, type TemplateName } from './order-form.ts';
import type { Chosen } from './paper-actions.ts';
import { PaperWalletFields } from './paper-wallet-fields.tsx';
import { templateTitles } from './paper-words.ts';
import { ShareFields } from './share-fields.tsx';

export interface FieldsProps {
  readonly form: OrderForm;
  readonly chosen: Chosen;
  readonly context: SignerContext;
  readonly onChange: (form: OrderForm) => void;
}

const keyName = (key: UnlockedKey): string => `${key.facts.label} (${key.facts.fingerprint})`;

/** The key that a sheet is of; where none is open, the way to one. */
function KeyChoice({ form, chosen, context, onChange }: FieldsProps) {
  if (chosen.keys.length === 0) {
    return (
      <Notice weight="caution" title="No key is open for this">
        <p>{form.what === 'seed' ? 'A seed sheet needs an unlocked key that holds words.' : 'Unlock the key first; its file stays encrypted.'}</p>
        <div class="form-actions"><Button small onPress={() => context.go('keys')}>Go to Keys</Button></div>
      </Notice>
    );
  }
  return (
    <SelectField label="Key" value={chosen.key?.facts.keyHandle ?? ''} options={chosen.keys.map((key) => ({ value: key.facts.keyHandle, name: keyName(key) }))}
      onSelect={(keyHandle) => onChange({ ...form, keyHandle, registration: null })} hint={chosen.key === null ? undefined : networkWords[chosen.key.facts.network].name} />
  );
}

function WalletChoice({ form, chosen, context, onChange }: FieldsProps) {
  if (chosen.key === null) return null;
  if (chosen.registrations.length === 0) {
    return (
      <Notice weight="caution" title="This key has no registered wallet">
        <p>A wallet sheet is made of what this key has registered, so that nobody prints a forged wallet.</p>
        <div class="form-actions"><Button small onPress={() => context.go('wallets')}>Go to Wallets</Button></div>
      </Notice>
    );
  }
  return (
    <SelectField label="Wallet" value={chosen.registration?.name ?? ''}
      options={chosen.registrations.map((stored) => ({ value: stored.name, name: `${stored.policy.name}, ${stored.policy.quorum.required} of ${stored.policy.quorum.total}` }))}
      onSelect={(registration) => onChange({ ...form, registration })} />
  );
}

const templates = (Object.keys(templateTitles) as TemplateName[]).map((value) => ({ value, name: templateTitles[value] }));

function OwnFields({ form, chosen, context, onChange }: FieldsProps) {
  const change = (part: Partial<OrderForm>): void => onChange({ ...form, ...part });
  switch (form.what) {
    case 'seed':
      return (
        <>
          <Choices<OrderForm['filling']> legend="Words" value={form.filling} onSelect={(filling) => change({ filling })}
            options={[{ value: 'printed', name: 'Printed, with a code to scan' }, { value: 'by-hand', name: 'Lines to write on: no secret is printed' }]} />
          {form.filling === 'printed' && <Notice weight="caution" title="The printer will have seen the key"><p>Whatever the printer keeps in its memory can spend. By hand is safer where the printer is not yours alone.</p></Notice>}
        </>
      );
    case 'shares':
      return <ShareFields form={form} change={change} />;
    case 'cosigner-card':
      return (
        <>
          <ScriptField label="For wallets of" script={form.cardScript} onSelect={(cardScript) => change({ cardScript })} />
          <TextField label="Account" size="short" mono value={form.account} onInput={(account) => change({ account })} hint="0 unless your wallets say otherwise." problem={wholeNumber(form.account, 0, 999) === null ? 'A number from 0 to 999.' : null} />
        </>
      );
    case 'wallet':
      return <TextField label="Day before the first payment" size="short" mono value={form.bornAt} onInput={(bornAt) => change({ bornAt })} hint="Such as 2026-11-22. A node then scans from there; empty scans the whole chain." />;
    case 'deposit-addresses':
      return (
        <div class="field-pair">
          <TextField label="First address" size="short" mono value={form.firstIndex} onInput={(firstIndex) => change({ firstIndex })} hint="Its number on the receive branch, from 0." />
          <TextField label="How many" size="short" mono value={form.addressCount} onInput={(addressCount) => change({ addressCount })} hint="1 to 50." />
        </div>
      );
    case 'template':
      return (
        <>
          <SelectField<TemplateName> label="Form" value={form.template} options={templates} onSelect={(template) => change({ template })} />
          <SelectField<NetworkName> label="Network" value={chosen.network} options={networkOptions} onSelect={(network) => change({ network })} />
        </>
      );
    case 'paper-wallets':
      return <PaperWalletFields form={form} network={chosen.network} wasDropped={context.paper.state.value.wasDropped} change={change} />;
  }
}

const labelHints = { 'paper-wallets': 'On every sheet, such as Cold box 3. It is not secret.', template: 'May stay empty.', other: 'Empty: the label of the key.' } as const;

/** The fields of an order: what it is of, its own, then what every sheet has. */
export function MakeFields(props: FieldsProps) {
  const { form, onChange } = props;
  const change = (part: Partial<OrderForm>): void => onChange({ ...form, ...part });
  return (
    <div class="form">
      {needsKey(form.what) && <KeyChoice {...props} />}
      {needsWallet(form.what) && <WalletChoice {...props} />}
      <OwnFields {...props} />
      <Choices<OrderForm['pageSize']> legend="Paper" value={form.pageSize} options={[{ value: 'a4', name: 'A4' }, { value: 'letter', name: 'Letter' }]} onSelect={(pageSize) => change({ pageSize })} />
      {!needsWallet(form.what) && (
        <TextField label="Label" value={form.label} onInput={(label) => change({ label })} hint={form.what === 'paper-wallets' || form.what === 'template' ? labelHints[form.what] : labelHints.other} />
      )}
      <div class="field-pair">
        <TextField label="Serial" size="short" mono value={form.serial} onInput={(serial) => change({ serial: serial.toUpperCase() })} hint={form.what === 'paper-wallets' || form.what === 'shares' ? 'Empty: chosen for you. Each sheet adds its number.' : 'Empty: chosen for you.'} />
        <TextField label="Date" size="short" mono value={form.date} onInput={(date) => change({ date })} hint={form.what === 'template' ? 'Empty: a line to write it on.' : 'Empty: today.'} />
      </div>
    </div>
  );
}
