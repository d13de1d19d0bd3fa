import { useState } from 'preact/hooks';
import { networkOptions, type NetworkName } from '../../frame/networks.ts';
import { Choices, SelectField, TextField } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { SourcePad, SourceTab } from '../keys/chance-step.tsx';
import { PassphrasePair } from '../keys/passphrase-pair.tsx';
import { userSources, type UserSource } from '../keys/user-sources.ts';
import { wholeNumber, type OrderForm, type SecretForm, type WalletScript } from './order-form.ts';

interface PaperWalletFieldsProps {
  readonly form: OrderForm;
  readonly network: NetworkName;
  readonly wasDropped: boolean;
  readonly change: (part: Partial<OrderForm>) => void;
}

const scripts: readonly { readonly value: WalletScript; readonly name: string }[] = [
  { value: 'p2wpkh', name: 'P2WPKH, native segwit' }, { value: 'p2tr', name: 'P2TR, taproot' }, { value: 'p2pkh', name: 'P2PKH, legacy' },
];

const secrets: readonly { readonly value: SecretForm; readonly name: string }[] = [
  { value: 'secure-print', name: 'SecurePrint: short code by hand' }, { value: 'bip38', name: 'BIP38: a passphrase' }, { value: 'wif', name: 'WIF: not encrypted' },
];

/** What each form means for who finds the page, and for the printer. */
function SecretWords({ form }: { readonly form: SecretForm }) {
  switch (form) {
    case 'secure-print':
      return <p class="measure">The page carries an encrypted key. Its code of twelve characters is shown on the screen, one wallet at a time, and written on the page by hand. The printer never sees it, so what stays in the printer's memory spends nothing.</p>;
    case 'bip38':
      return <p class="measure">Every page opens with one passphrase, which is on none of them. Without it nobody spends, its owner included: keep it as carefully as the pages.</p>;
    case 'wif':
      return <Notice weight="caution" title="Whoever sees the page can spend"><p>So can whoever reads the printer's memory. Choose it only where the printer is yours alone and the pages are never out of sight.</p></Notice>;
  }
}

/** The chance that a person makes; every key of the batch takes its own part of it. */
function ChanceFields({ form, wasDropped, change }: Omit<PaperWalletFieldsProps, 'network'>) {
  const [open, setOpen] = useState<UserSource>('dice');
  const worth = { words: 24 } as const;
  return (
    <fieldset class="chance-fields">
      <legend>Your own chance</legend>
      <p class="measure">It is mixed with the laptop's random source, so that either alone suffices. Every wallet takes a part of its own; one source is enough for all of them.</p>
      {wasDropped && <Notice weight="caution" title="You left this page"><p>What had been typed here was dropped, so that it lies nowhere. Nothing was made; begin again.</p></Notice>}
      <div class="source-tabs" role="group" aria-label="Your sources">
        {userSources.map((source) => <SourceTab key={source} source={source} texts={form.entropy} about={worth} isOpen={source === open} onOpen={() => setOpen(source)} />)}
      </div>
      <SourcePad key={open} source={open} text={form.entropy[open]} about={worth} set={(text) => change({ entropy: { ...form.entropy, [open]: text } })} />
    </fieldset>
  );
}

/** What new paper wallets are. */
export function PaperWalletFields({ form, network, wasDropped, change }: PaperWalletFieldsProps) {
  return (
    <>
      <SelectField<NetworkName> label="Network" value={network} options={networkOptions} onSelect={(chosen) => change({ network: chosen })} />
      <div class="field-pair">
        <TextField label="How many" size="short" mono value={form.walletCount} onInput={(walletCount) => change({ walletCount })} hint="1 to 500. Two sheets each." problem={wholeNumber(form.walletCount, 1, 500) === null ? 'A number from 1 to 500.' : null} />
        <SelectField<WalletScript> label="Script" value={form.script} options={scripts} onSelect={(script) => change({ script })} />
      </div>
      <Choices<SecretForm> legend="How the key stands on its page" value={form.secret} options={secrets} onSelect={(secret) => change({ secret, passphrase: '', passphraseAgain: '' })} />
      <SecretWords form={form.secret} />
      {form.secret === 'bip38' && (
        <PassphrasePair label="BIP38 passphrase" first={form.passphrase} second={form.passphraseAgain} disabled={false} onChange={(passphrase, passphraseAgain) => change({ passphrase, passphraseAgain })} />
      )}
      <ChanceFields form={form} wasDropped={wasDropped} change={change} />
    </>
  );
}
