import { useEffect, useRef } from 'preact/hooks';
import type { WireError } from '../../../src/host/contract.ts';
import { networkOptions } from '../../frame/networks.ts';
import { Workspace } from '../../frame/workspace.tsx';
import { Button } from '../../ui/button.tsx';
import { Choices, SelectField, TextArea, TextField, type Option } from '../../ui/field.tsx';
import { Facts } from '../../ui/facts.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { Section } from '../../ui/section.tsx';
import { SecretField } from '../../ui/secret-field.tsx';
import { EntropyRecordSheet } from './entropy-record-sheet.tsx';
import { keptAs } from './key-words.ts';
import { PassphraseTable } from './passphrase-characters.tsx';
import { PassphrasePair } from './passphrase-pair.tsx';
import type { RestoreActions } from './restore-actions.ts';
import { hasBip39Passphrase, languageNames, restoreProblem, secretForms, withForm, withWordCount, wordCounts, wordsText, type MnemonicLanguage, type RestoreForm, type WordCount } from './restore-form.ts';
import { isSetComplete, unknownWords, type Restore } from './restore-state.ts';
import { ShareEntry } from './share-entry.tsx';
import { WordFields } from './word-fields.tsx';
import { WordHelp } from './word-help.tsx';

type Typing = Extract<Restore, { step: 'typing' }>;

const languageOptions: readonly Option<MnemonicLanguage | 'found'>[] = [{ value: 'found', name: 'Found from the words' }, ...Object.entries(languageNames).map(([value, name]) => ({ value: value as MnemonicLanguage, name }))];
const countOptions = wordCounts.map((count) => ({ value: String(count) as `${WordCount}`, name: String(count) }));

/** How long a hand rests before the words are looked at, milliseconds. */
const REST_MS = 250;

function WordsEntry({ restore, actions }: { readonly restore: Typing; readonly actions: RestoreActions }) {
  const { form, isBusy, languages } = restore;
  const text = wordsText(form);
  useEffect(() => {
    const timer = setTimeout(() => void actions.checkWords(form), REST_MS);
    return () => clearTimeout(timer);
  }, [text, form.language]);
  return (
    <>
      <div class="inline">
        <Choices<`${WordCount}`> legend="How many words" value={`${form.wordCount}`} options={countOptions} onSelect={(count) => actions.send({ type: 'changed', form: withWordCount(form, Number(count) as WordCount) })} />
      </div>
      {languages.length > 0
        ? (
          <Notice weight="caution" title="In which language was it written down?">
            <p>These words are good in several languages, and each leads to another key.</p>
            <div class="form-actions">{languages.map((language) => <Button key={language} small onPress={() => actions.change({ language })}>{languageNames[language]}</Button>)}</div>
          </Notice>
        )
        : null}
      <SelectField<MnemonicLanguage | 'found'> label="Language" value={form.language ?? 'found'} options={languageOptions} disabled={isBusy} onSelect={(language) => actions.change({ language: language === 'found' ? null : language })} />
      <WordFields form={form} unknown={new Set(unknownWords(restore).map(({ position }) => position))} disabled={isBusy} actions={actions} />
      <WordHelp restore={restore} actions={actions} />
    </>
  );
}

const entryNotes: Readonly<Record<RestoreForm['form'], string>> = {
  words: 'A blank goes on to the next field; a text that is pasted spreads over them.',
  seedqr: 'The digits beneath the code, four for each word. A CompactSeedQR\'s bytes as hexadecimal do as well.',
  xprv: 'A master key only: xprv, or tprv of a test network.',
  slip39: 'Share by share, in any order. None of them is shown again.',
  codex32: 'The secret, or share by share in any order. None is shown again.',
  'seed-xor': 'Part by part, in any order. None of them is shown again.',
};

function SecretEntry({ restore, actions }: { readonly restore: Typing; readonly actions: RestoreActions }) {
  const { form, isBusy } = restore;
  switch (form.form) {
    case 'words':
      return <WordsEntry restore={restore} actions={actions} />;
    case 'seedqr':
      return <TextArea label="Digits" mono rows={3} size="wide" value={form.text} disabled={isBusy} onInput={(text) => actions.change({ text })} hint={`${form.text.replace(/\s/g, '').length} of 48 (12 words) to 96 (24 words). Blanks and line breaks do not matter.`} />;
    case 'xprv':
      return <TextArea label="Extended private key" mono rows={3} size="wide" value={form.text} disabled={isBusy} onInput={(text) => actions.change({ text })} hint="Begins with xprv or tprv." />;
    case 'slip39':
    case 'codex32':
    case 'seed-xor':
      return <ShareEntry restore={restore} actions={actions} />;
  }
}

function PassphraseEntry({ restore: { form, isBusy, characters }, actions }: { readonly restore: Typing; readonly actions: RestoreActions }) {
  if (form.form === 'slip39') {
    return <SecretField label="Share passphrase" value={form.sharePassphrase} disabled={isBusy} onInput={(sharePassphrase) => actions.change({ sharePassphrase })} hint="SLIP-39's own. Leave it empty unless it was split with one; a wrong one gives another key, and only the fingerprint tells." />;
  }
  return (
    <>
      <SecretField label="BIP39 passphrase" value={form.bip39Passphrase} disabled={isBusy} onInput={(bip39Passphrase) => actions.change({ bip39Passphrase })} hint="Leave it empty unless there is one. A wrong one gives another key, and only the fingerprint tells." />
      {form.bip39Passphrase !== '' && (characters === null
        ? <div><Button small disabled={isBusy} onPress={() => void actions.showCharacters()}>Show it character by character</Button></div>
        : (
          <>
            <PassphraseTable characters={characters} />
            <div><Button small onPress={() => actions.send({ type: 'characters-hidden' })}>Hide the characters</Button></div>
          </>
        ))}
    </>
  );
}

/** Errors of the secret stand beside it; others where the key file is made. */
const isOfSecret = ({ code }: WireError): boolean => /^(mnemonic|secret|share|fingerprint|path)\./.test(code);

/** An error where its cause is, brought into sight: the button that met it may be far from it. */
function ErrorHere({ error, ofSecret }: { readonly error: WireError | null; readonly ofSecret: boolean }) {
  const place = useRef<HTMLDivElement>(null);
  const shown = error !== null && isOfSecret(error) === ofSecret ? error : null;
  useEffect(() => {
    if (shown !== null) place.current?.scrollIntoView({ block: 'nearest' });
  }, [shown]);
  return <div ref={place} hidden={shown === null}>{shown !== null && <ErrorNotice error={shown} />}</div>;
}

function TypingView({ restore, actions }: { readonly restore: Typing; readonly actions: RestoreActions }) {
  const { form, isBusy, error } = restore;
  const problem = restoreProblem(form, isSetComplete(restore));
  const page = useRef<HTMLDivElement>(null);
  useEffect(() => page.current?.querySelector<HTMLElement>('select')?.focus(), []);
  return (
    <Workspace
      title="Restore a key" purpose="Brings a key back from what was kept of it, into a new encrypted file."
      tools={<Button onPress={() => void actions.stop()}>Stop and keep nothing</Button>}
      words={isBusy ? 'Working. Encrypting slowly is on purpose.' : (problem ?? 'Makes the key, and shows its fingerprint to compare. Nothing is saved yet.')}
      actions={<Button kind="primary" disabled={problem !== null || isBusy} onPress={() => void actions.restore()}>Restore the key</Button>}
    >
      <div class="page" ref={page}>
        <Section name="Key" note="As it stands on the sheet">
          <SelectField label="Network" value={form.network} options={networkOptions} disabled={isBusy} onSelect={(network) => actions.change({ network })} />
          <TextField label="Label" value={form.label} disabled={isBusy} onInput={(label) => actions.change({ label })} />
        </Section>
        <Section name="Secret" note={entryNotes[form.form]}>
          <Choices legend="What you have in hand" value={form.form} options={secretForms} onSelect={(chosen) => actions.send({ type: 'changed', form: withForm(form, chosen) })} />
          <SecretEntry restore={restore} actions={actions} />
          <ErrorHere error={error} ofSecret />
        </Section>
        {(hasBip39Passphrase(form.form) || form.form === 'slip39') && (
          <Section name="Passphrase" note="Part of the secret, where there is one"><PassphraseEntry restore={restore} actions={actions} /></Section>
        )}
        <Section name="New key file" note="How this laptop keeps it">
          <PassphrasePair label="Passphrase for the key file" first={form.first} second={form.second} disabled={isBusy} onChange={(first, second) => actions.change({ first, second })} />
          <ErrorHere error={error} ofSecret={false} />
        </Section>
      </div>
    </Workspace>
  );
}

/** The key is there; before it is kept, a person compares what it is. */
function ComparingView({ restore: { key, isBusy, error }, actions }: { readonly restore: Extract<Restore, { step: 'comparing' }>; readonly actions: RestoreActions }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <Workspace
      title="Restore a key" purpose="Brings a key back from what was kept of it, into a new encrypted file."
      tools={<Button onPress={() => void actions.stop()}>It is another key: keep nothing</Button>}
      words={`Writes ${key.suggestedName} and its record to this laptop.`}
      actions={<Button kind="primary" disabled={isBusy} onPress={() => void actions.keep()}>The fingerprint agrees: save the key</Button>}
    >
      <div class="page stack">
        <h2 tabIndex={-1} ref={heading}>Compare the fingerprint</h2>
        <p>Whatever was typed leads to some key. Only the fingerprint on the sheet, in the wallet file or in your books says that it is the right one.</p>
        <p class="big-fingerprint" translate={false}>{key.fingerprint}</p>
        <Facts facts={[['Label', key.label], ['Kept as', keptAs(key)], ['BIP39 passphrase', key.hasBip39Passphrase ? 'yes, kept in the key file' : 'none']]} />
        {key.entropyRecord !== null && <><h3>Record</h3><EntropyRecordSheet record={key.entropyRecord} /></>}
        {error !== null && <ErrorNotice error={error} />}
      </div>
    </Workspace>
  );
}

/** A key from what was kept of it. */
export function RestoreView({ restore, actions }: { readonly restore: Restore; readonly actions: RestoreActions }) {
  return restore.step === 'typing' ? <TypingView restore={restore} actions={actions} /> : <ComparingView restore={restore} actions={actions} />;
}
