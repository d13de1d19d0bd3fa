import { useState } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Notice } from '../../ui/notice.tsx';
import type { RestoreActions } from './restore-actions.ts';
import { filledPositions, lacksLastOnly, languageNames } from './restore-form.ts';
import { repaired, unknownWords, type Repair, type Restore } from './restore-state.ts';

type Typing = Extract<Restore, { step: 'typing' }>;
interface HelpProps {
  readonly restore: Typing;
  readonly actions: RestoreActions;
}

/** As many as can be looked at; the rest is a press away. */
const FEW = 6;

/** Words that are in no list, each with the nearest that are. */
function UnknownWords({ restore, actions }: HelpProps) {
  const unknown = unknownWords(restore);
  if (unknown.length === 0) return null;
  return (
    <Notice weight="caution" title={unknown.length === 1 ? 'One word is in no list' : `${unknown.length} words are in no list`}>
      <p>Look at the sheet again. Take a suggestion only where the sheet can be read so.</p>
      <ul class="word-suggestions">
        {unknown.map(({ position, suggestions }) => (
          <li key={position}>
            <span>Word {position + 1}</span>
            {suggestions.length === 0 ? <span class="muted">nothing near it</span>
              : suggestions.map((word) => <button key={word} type="button" class="button button-small mono" onClick={() => actions.change({ words: restore.form.words.with(position, word) })}>{word}</button>)}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function RepairWords({ repair }: { readonly repair: Repair }) {
  if (repair.kind === 'swap') return <span>Words {repair.positions[0]} and {repair.positions[1]} changed places</span>;
  return <span>Word {repair.position} is <b class="mono">{repair.word}</b> <span class="muted">({repair.distance === 1 ? 'one letter differs' : `${repair.distance} letters differ`})</span></span>;
}

/** What may have gone wrong where every word exists and the checksum does not fit. */
function Repairs({ restore, actions }: HelpProps) {
  const [isAll, setAll] = useState(false);
  const repairs = restore.check?.found.repairs ?? [];
  const shown = isAll ? repairs : repairs.slice(0, FEW);
  return (
    <Notice weight="caution" title="Every word exists, but together they do not fit">
      <p>{repairs.length === 0
        ? 'No single slip explains it: more than one word differs from the sheet, or the sheet is of another form. Compare word by word.'
        : 'One word was misread, or two changed places. Compare these places with the sheet first. Each way below leads to some key; only the sheet says which is yours, and the fingerprint proves it.'}</p>
      {repairs.length > 0 && (
        <ul class="repairs">
          {shown.map((repair, index) => (
            <li key={index}>
              <RepairWords repair={repair} />
              <Button small onPress={() => actions.change(repaired(restore.form, repair))}>Take this</Button>
            </li>
          ))}
        </ul>
      )}
      {repairs.length > shown.length && <div><Button small kind="quiet" onPress={() => setAll(true)}>{`Show all ${repairs.length}`}</Button></div>}
    </Notice>
  );
}

/** The finder of last words: for dice-drawn words, or a corner of the sheet that is gone. */
function LastWord({ restore, actions }: HelpProps) {
  const { form, lastWords } = restore;
  if (lastWords === null) {
    return (
      <Notice weight="plain" title="Only the last word is missing">
        <p>It can be found from the others, since part of it is their checksum. It is then a guess among several, and the checksum proves nothing any more: compare the fingerprint afterwards.</p>
        <div><Button small onPress={() => void actions.findLastWords()}>Find the last word…</Button></div>
      </Notice>
    );
  }
  return (
    <Notice weight="caution" title={lastWords.words.length === 0 ? 'No last word completes these' : `${lastWords.words.length} words complete these`}>
      {lastWords.words.length === 0 ? <p>One of the others is not what the sheet says.</p> : (
        <>
          <p>Each of them leads to another key. Take the one whose letters can still be read on the sheet; if you drew the others by hand, any of them.</p>
          <div class="last-words" tabIndex={0} role="group" aria-label="Last words">
            {lastWords.words.map((word) => <button key={word} type="button" class="button button-small mono" onClick={() => actions.change({ words: form.words.with(form.wordCount - 1, word) })}>{word}</button>)}
          </div>
        </>
      )}
    </Notice>
  );
}

/** Everything that the host can say of words while they are typed. */
export function WordHelp({ restore, actions }: HelpProps) {
  const { form, check } = restore;
  const filled = filledPositions(form).length;
  const allKnown = check !== null && unknownWords(restore).length === 0;
  const lacksLast = allKnown && lacksLastOnly(form) && form.words.at(-1)?.trim() === '';
  return (
    <>
      <p class="inline" role="status">
        <span>{filled} of {form.wordCount} words</span>
        {check?.found.language != null && <span class="tag">{languageNames[check.found.language]}</span>}
        {check?.found.checksum === 'fits' && filled === form.wordCount && <span class="tag tag-verified"><Icon name="check" />The checksum fits</span>}
      </p>
      <UnknownWords restore={restore} actions={actions} />
      {check?.found.checksum === 'wrong' && filled === form.wordCount && <Repairs restore={restore} actions={actions} />}
      {lacksLast && <LastWord restore={restore} actions={actions} />}
    </>
  );
}
