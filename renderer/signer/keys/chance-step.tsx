import { Button } from '../../ui/button.tsx';
import { TextArea } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Notice } from '../../ui/notice.tsx';
import { spacedCards, withoutLastCard } from './cards.ts';
import type { CeremonyActions } from './ceremony-actions.ts';
import type { About, Ceremony } from './ceremony-state.ts';
import { EvennessPicture } from './evenness-picture.tsx';
import { CardPad, CoinPad, DicePad } from './source-pads.tsx';
import { bitsOf, countOf, leastCount, sourceNames, sourceProblem, sourceUnits, standingOf, userSources, type SourceStanding, type UserSource, type UserTexts } from './user-sources.ts';

type Chance = Extract<Ceremony, { step: 'chance' }>;

const standingWords: Readonly<Record<SourceStanding, string>> = { unused: 'not used', short: 'not enough alone', enough: 'enough alone', refused: 'look at it again' };

/** One source in the row above the pad: how much there is, and what it is worth. */
export function SourceTab({ source, texts, about, isOpen, onOpen }: { readonly source: UserSource; readonly texts: UserTexts; readonly about: Pick<About, 'words'>; readonly isOpen: boolean; readonly onOpen: () => void }) {
  const text = texts[source];
  const standing = standingOf(source, text, about.words);
  const least = leastCount(source, about.words);
  const count = countOf(source, text);
  return (
    <button type="button" class="source-tab" aria-pressed={isOpen} onClick={onOpen}>
      <b>{sourceNames[source]}</b>
      <span>{count} of {least} {sourceUnits[source][1]}</span>
      <span class="muted">{bitsOf(source, text)} bits</span>
      <span class={`tag${standing === 'enough' ? ' tag-verified' : standing === 'refused' ? ' tag-caution' : ''}`}>
        {standing === 'enough' && <Icon name="check" />}{standing === 'refused' && <Icon name="caution" />}{standingWords[standing]}
      </span>
      <meter class="source-meter" min={0} max={least} value={Math.min(count, least)} aria-hidden="true" />
    </button>
  );
}

const worths: Readonly<Record<UserSource, string>> = {
  dice: 'Each roll of a six-sided die is worth 2.58 bits. Type each as it falls, 1 to 6; do not choose, skip or reorder.',
  coins: 'Each flip is worth one bit. Type H for heads and T for tails, or 1 and 0, as they fall.',
  cards: 'Shuffle seven times or more, then draw from the top without putting back. The first card is worth 5.7 bits, the last nothing; after a whole deck shuffle again.',
  typed: 'Hit keys all over the keyboard with both hands, no words and no order. Hands are poor dice: a key counts for one bit at most.',
};
const fields: Readonly<Record<UserSource, { readonly label: string; readonly hint: string }>> = {
  dice: { label: 'Rolls', hint: 'Keys 1 to 6. Anything else is ignored.' },
  coins: { label: 'Flips', hint: 'H and T, or 1 and 0. Anything else is ignored.' },
  cards: { label: 'Cards drawn', hint: 'Rank and suit: AS, 7H, TD or 10D, 2C. A slash (/) where you shuffled all cards anew.' },
  typed: { label: 'Keys hit', hint: 'Blanks and line breaks are ignored.' },
};

/** The field, the pad and the picture of one source. */
export function SourcePad({ source, text, about, set }: { readonly source: UserSource; readonly text: string; readonly about: Pick<About, 'words'>; readonly set: (text: string) => void }) {
  const least = leastCount(source, about.words);
  const count = countOf(source, text);
  const [one, many] = sourceUnits[source];
  const takeBack = (): void => set(source === 'cards' ? withoutLastCard(text) : text.slice(0, -1));
  return (
    <>
      <p>{worths[source]}</p>
      <p class="visually-hidden" role="status">{count} of {least} {many}: {count < least ? `${least - count} more` : 'enough'}</p>
      <TextArea label={fields[source].label} mono rows={2} size="wide" value={source === 'cards' ? spacedCards(text) : text} onInput={set} hint={fields[source].hint} problem={sourceProblem(source, text, about.words)} />
      {source !== 'typed' && (
        <div class="chance-pad">
          {source === 'dice' && <DicePad onRoll={(face) => set(text + face)} />}
          {source === 'coins' && <CoinPad onFlip={(side) => set(text + side)} />}
          {source === 'cards' && <CardPad text={text} onDraw={(card) => set(text + card)} />}
          <Button onPress={takeBack} disabled={text === ''}>{`Take back the last ${one}`}</Button>
        </div>
      )}
      {source !== 'typed' && <EvennessPicture source={source} text={text} />}
    </>
  );
}

/** How anybody makes the same key of the same rolls, elsewhere. */
function Recipe({ about }: { readonly about: About }) {
  return (
    <details class="recipe">
      <summary><Icon name="chevron" />How to replay it on another machine</summary>
      <div class="stack-tight">
        <p>On any offline computer with a shell, put the rolls between the quotation marks:</p>
        <p class="quote">{`printf '%s' "${'12345\u2026'}" | sha256sum`}</p>
        <p>{about.words === 24 ? 'The 64 digits are the key\'s entropy: 256 bits.' : 'The first 32 of the 64 digits are the key\'s entropy: 128 bits.'} Any BIP39 tool turns them into the same {about.words} words. printf adds nothing behind the last roll, and so must you: one blank or line break more gives another key.</p>
      </div>
    </details>
  );
}

export function ChanceStep({ ceremony: { about, source, texts, wasDropped }, actions }: { readonly ceremony: Chance; readonly actions: CeremonyActions }) {
  const isDiceOnly = about.mode === 'dice-only';
  const open = isDiceOnly ? 'dice' : source;
  return (
    <>
      <h2 tabIndex={-1}>{isDiceOnly ? 'Roll the dice and type what you see' : 'Roll, flip or draw, and type what you see'}</h2>
      {isDiceOnly
        ? <p>The key will be made of your rolls and nothing else: the laptop's own random source is left out, by your choice, so that you can make the same key on another machine. The dice must be honest, and nobody may see the rolls.</p>
        : <p>Two things are mixed: the laptop's random source, and yours. <strong>Either alone suffices</strong>: whoever knows one of them knows nothing of the key. So you need not trust this program's random numbers, and it need not trust your dice. One of your sources must be enough by itself; others may be added.</p>}
      {wasDropped && <Notice weight="caution" title="You left this page"><p>What had been typed here was dropped, so that it lies nowhere. Nothing was made; begin again.</p></Notice>}
      {isDiceOnly && (
        <>
          <Recipe about={about} />
          <p class="inline" aria-hidden="true"><span class="chance-count">{countOf('dice', texts.dice)} <span class="muted">of {leastCount('dice', about.words)}</span></span><span class="muted">{bitsOf('dice', texts.dice)} bits</span></p>
        </>
      )}
      {!isDiceOnly && (
        <div class="source-tabs" role="group" aria-label="Your sources">
          {userSources.map((each) => <SourceTab key={each} source={each} texts={texts} about={about} isOpen={each === open} onOpen={() => actions.send({ type: 'source-chosen', source: each })} />)}
        </div>
      )}
      <SourcePad key={open} source={open} text={texts[open]} about={about} set={(text) => actions.send({ type: 'thrown', source: open, text })} />
    </>
  );
}
