import { networkOptions } from '../../frame/networks.ts';
import { Button } from '../../ui/button.tsx';
import { Choices, SelectField, TextField } from '../../ui/field.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { Facts } from '../../ui/facts.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import type { CeremonyActions } from './ceremony-actions.ts';
import type { Ceremony, EntropyMode } from './ceremony-state.ts';
import { EntropyRecordSheet } from './entropy-record-sheet.tsx';
import { PassphrasePair } from './passphrase-pair.tsx';
import { useCover } from './use-cover.ts';
import { WordSheet } from './word-sheet.tsx';

type Step<Name extends Ceremony['step']> = { readonly ceremony: Extract<Ceremony, { step: Name }>; readonly actions: CeremonyActions };

export function AboutStep({ ceremony: { about }, actions }: Step<'about'>) {
  const change = (part: Partial<typeof about>): void => actions.send({ type: 'about-changed', about: { ...about, ...part } });
  return (
    <>
      <h2 tabIndex={-1}>What is this key for?</h2>
      <p>You need dice, coins or a deck of cards, a pen, the paper form, and a quarter of an hour alone with this laptop.</p>
      <SelectField label="Network" value={about.network} options={networkOptions} onSelect={(network) => change({ network })} hint="A key belongs to one network for ever." />
      <TextField label="Label" value={about.label} onInput={(label) => change({ label })} hint="Whose key it is: a name or a role, such as Alice. It is not secret." />
      <Choices<'12' | '24'> legend="Words to write down" value={about.words === 12 ? '12' : '24'}
        options={[{ value: '24', name: '24 words (256 bits)' }, { value: '12', name: '12 words (128 bits)' }]}
        onSelect={(words) => change({ words: words === '12' ? 12 : 24 })} />
      <Choices<EntropyMode> legend="What the key is made of" value={about.mode}
        options={[{ value: 'mixed', name: 'Your chance and this laptop\'s, mixed' }, { value: 'dice-only', name: 'Dice only' }]}
        onSelect={(mode) => change({ mode })} />
      <p class="caption">{about.mode === 'mixed'
        ? 'Recommended. Neither a bad die nor a bad random source can weaken the key.'
        : 'The key is SHA-256 of your rolls, so that anybody with the rolls can make it again on another machine and see that this program did nothing else. Everything then hangs on the dice.'}</p>
    </>
  );
}

export function PassphraseStep({ ceremony, actions }: Step<'passphrase'>) {
  const { first, second, isBusy, error } = ceremony;
  return (
    <>
      <h2 tabIndex={-1}>A passphrase for the key file</h2>
      <p>The key is kept on this laptop in an encrypted file. Whoever has the file needs this passphrase to open it; the words on paper work without it.</p>
      <PassphrasePair label="Passphrase" first={first} second={second} disabled={isBusy} onChange={(one, other) => actions.send({ type: 'passphrase-changed', first: one, second: other })} />
      {error !== null && <ErrorNotice error={error} />}
    </>
  );
}

export function WordsStep({ ceremony, actions }: Step<'words'>) {
  const { key, uncovered, error } = ceremony;
  const cover = (): void => actions.send({ type: 'covered' });
  useCover(cover);
  return (
    <>
      <h2 tabIndex={-1}>Write the {key.words} words on paper</h2>
      <p>By hand, in block letters, with their numbers, in this order. These words are the key: no photograph, no copy, no other screen.</p>
      <WordSheet words={uncovered} count={key.words ?? 0} />
      <div class="form-actions">
        {uncovered === null
          ? <Button onPress={() => void actions.uncover(key.keyHandle)}>Uncover the words</Button>
          : <Button onPress={cover}>Cover the words</Button>}
      </div>
      {error !== null && <ErrorNotice error={error} />}
    </>
  );
}

export function CheckStep({ ceremony, actions }: Step<'check'>) {
  const { asked, answers, wrong, isBusy, error } = ceremony;
  return (
    <>
      <h2 tabIndex={-1}>Read three words back from the paper</h2>
      <p>The screen no longer shows them. Take the sheet and type what stands there.</p>
      {asked.map((word, position) => (
        <TextField key={word} label={`Word ${word + 1}`} mono size="short" value={answers[position] ?? ''} disabled={isBusy}
          onInput={(answer) => actions.send({ type: 'answer-changed', position, answer })}
          problem={wrong.includes(position) ? 'Not the word of this key. Look at the sheet again.' : null} />
      ))}
      {wrong.length > 0 && <Notice weight="caution" title="The paper does not match the key"><p>Check your handwriting; if a word on the sheet is wrong, go back, uncover the words and write the sheet anew.</p></Notice>}
      {error !== null && <ErrorNotice error={error} />}
    </>
  );
}

export function SaveStep({ ceremony: { key, error } }: Step<'save'>) {
  return (
    <>
      <h2 tabIndex={-1}>The paper is good</h2>
      <p>Put the encrypted key file on this laptop's shelf, and the record of its making beside it. Keep the paper where nobody finds both.</p>
      <Facts facts={[
        ['Label', key.label],
        ['Fingerprint', <Fingerprint key="fingerprint" value={key.fingerprint} />],
        ['Words', `${key.words ?? 0}, on paper`],
        ['Key file', <span key="file" class="mono breakable">{key.suggestedName}</span>],
      ]} />
      {key.entropyRecord !== null && (
        <>
          <h3>Entropy record</h3>
          <p class="muted">Write the fingerprint on the paper. The record holds nothing secret; with it, the keys of a faulty build can be found again.</p>
          <EntropyRecordSheet record={key.entropyRecord} />
        </>
      )}
      {error !== null && <ErrorNotice error={error} />}
    </>
  );
}
