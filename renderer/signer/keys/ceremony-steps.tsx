import { useEffect } from 'preact/hooks';
import { networkOptions } from '../../frame/networks.ts';
import { Button } from '../../ui/button.tsx';
import { Choices, SelectField, TextArea, TextField } from '../../ui/field.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { Facts } from '../../ui/facts.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { passphraseProblem, type Ceremony } from './ceremony-state.ts';
import { rollsNeeded } from './dice.ts';
import { Die, EvennessPicture } from './evenness-picture.tsx';
import type { KeysActions } from './keys-actions.ts';

type Step<Name extends Ceremony['step']> = { readonly ceremony: Extract<Ceremony, { step: Name }>; readonly actions: KeysActions };

export function AboutStep({ ceremony: { about }, actions }: Step<'about'>) {
  const change = (part: Partial<typeof about>): void => actions.ceremony({ type: 'about-changed', about: { ...about, ...part } });
  return (
    <>
      <h2 tabIndex={-1}>What is this key for?</h2>
      <p>You need: a six-sided die (better several), a pen, the paper form, and a quarter of an hour alone with this laptop.</p>
      <SelectField label="Network" value={about.network} options={networkOptions} onSelect={(network) => change({ network })} hint="A key belongs to one network for ever." />
      <TextField label="Label" value={about.label} onInput={(label) => change({ label })} hint="Whose key it is: a name or a role, such as Alice. It is not secret." />
      <Choices<'12' | '24'> legend="Words to write down" value={about.words === 12 ? '12' : '24'}
        options={[{ value: '24', name: '24 words (256 bits, 99 rolls)' }, { value: '12', name: '12 words (128 bits, 50 rolls)' }]}
        onSelect={(words) => change({ words: words === '12' ? 12 : 24 })} />
    </>
  );
}

export function DiceStep({ ceremony: { about, rolls }, actions }: Step<'dice'>) {
  const needed = rollsNeeded(about.words);
  const set = (changed: string): void => actions.ceremony({ type: 'rolls-changed', rolls: changed });
  return (
    <>
      <h2 tabIndex={-1}>Roll the dice and type what you see</h2>
      <p>The laptop's own random source is mixed with your rolls, so that either alone is enough. Type each roll as it falls, 1 to 6; do not choose, skip or reorder.</p>
      <div class="inline">
        <span class="dice-count" role="status" aria-live="polite">{rolls.length} <span class="muted">of {needed}</span></span>
        <span class="muted">{rolls.length < needed ? `${needed - rolls.length} more` : 'enough; more do no harm'}</span>
      </div>
      <div class="dice-pad">
        {[1, 2, 3, 4, 5, 6].map((face) => <Die key={face} face={face} onRoll={() => set(rolls + String(face))} />)}
        <Button onPress={() => set(rolls.slice(0, -1))} disabled={rolls === ''}>Take back the last roll</Button>
      </div>
      <TextArea label="Rolls" mono rows={3} size="wide" value={rolls} onInput={set} hint="Keys 1 to 6. Anything else is ignored." />
      <EvennessPicture rolls={rolls} />
    </>
  );
}

export function PassphraseStep({ ceremony, actions }: Step<'passphrase'>) {
  const { first, second, isBusy, error } = ceremony;
  const problem = passphraseProblem(first, second);
  const change = (part: { first?: string; second?: string }): void => actions.ceremony({ type: 'passphrase-changed', first, second, ...part });
  return (
    <>
      <h2 tabIndex={-1}>A passphrase for the key file</h2>
      <p>The key is kept on this laptop in an encrypted file. Whoever has the file needs this passphrase to open it; the words on paper work without it.</p>
      <TextField label="Passphrase" secret value={first} disabled={isBusy} onInput={(value) => change({ first: value })} hint="At least 12 characters. Five unrelated words are good." problem={first !== '' && first.length < 12 ? problem : null} />
      <TextField label="Passphrase again" secret value={second} disabled={isBusy} onInput={(value) => change({ second: value })} problem={second !== '' && first.length >= 12 ? problem : null} />
      {error !== null && <ErrorNotice error={error} />}
    </>
  );
}

export function WordsStep({ ceremony, actions }: Step<'words'>) {
  const { key, uncovered, error } = ceremony;
  // The words are dropped when this page is left by whatever way: another step, another workspace, the window going out of sight.
  useEffect(() => {
    const cover = (): void => actions.ceremony({ type: 'covered' });
    const onHidden = (): void => { if (document.hidden) cover(); };
    document.addEventListener('visibilitychange', onHidden);
    return () => {
      document.removeEventListener('visibilitychange', onHidden);
      cover();
    };
  }, []);
  const shown = uncovered ?? Array.from({ length: key.words }, () => '\u2022\u2022\u2022\u2022\u2022\u2022');
  return (
    <>
      <h2 tabIndex={-1}>Write the {key.words} words on paper</h2>
      <p>By hand, in block letters, with their numbers, in this order. These words are the key: no photograph, no copy, no other screen.</p>
      <ol class={`words${uncovered === null ? ' words-covered' : ''}`} aria-label={uncovered === null ? 'Words, covered' : 'Words'}>
        {shown.map((word, index) => <li key={index}><small>{index + 1}</small>{word}</li>)}
      </ol>
      <div class="form-actions">
        {uncovered === null
          ? <Button onPress={() => void actions.uncover(key.keyHandle)}>Uncover the words</Button>
          : <Button onPress={() => actions.ceremony({ type: 'covered' })}>Cover the words</Button>}
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
          onInput={(answer) => actions.ceremony({ type: 'answer-changed', position, answer })}
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
      <p>Put the encrypted key file on this laptop's shelf. Keep the paper where nobody finds both.</p>
      <Facts facts={[
        ['Label', key.label],
        ['Fingerprint', <Fingerprint key="fingerprint" value={key.fingerprint} />],
        ['Words', `${key.words}, on paper`],
        ['Made from', key.sources.join(', ')],
        ['File', <span key="file" class="mono breakable">{key.suggestedName}</span>],
      ]} />
      {error !== null && <ErrorNotice error={error} />}
    </>
  );
}
