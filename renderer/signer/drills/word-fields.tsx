import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { PaperEntry } from './drill-entry.ts';
import type { WordCheck } from './drills-state.ts';

/** Repairs that are offered at once; the likeliest come first. */
const MOST_REPAIRS = 8;

interface WordFieldsProps {
  readonly paper: PaperEntry;
  readonly check: WordCheck | null;
  readonly isBusy: boolean;
  readonly onWord: (position: number, typed: string) => void;
  readonly onSwap: (words: readonly string[]) => void;
}

/** Numbered fields, read downwards as on the sheet, and the help that was asked for beneath. */
export function WordFields({ paper, check, isBusy, onWord, onSwap }: WordFieldsProps) {
  const unknown = (index: number): boolean => check !== null && paper.words[index] !== '' && check.words[index]?.known === false;
  return (
    <>
      <ol class="drill-words" aria-label="Words from the sheet">
        {paper.words.map((word, index) => (
          <li key={index}>
            <span class="drill-word-number" aria-hidden="true">{index + 1}</span>
            <input
              class="input input-mono" type="text" value={word} disabled={isBusy} aria-label={`Word ${index + 1}`} aria-invalid={unknown(index)}
              autocomplete="off" autocorrect="off" autocapitalize="off" spellcheck={false}
              onInput={(event) => onWord(index, event.currentTarget.value)}
            />
            {unknown(index) && <span class="drill-word-mark"><Icon name="caution" /><span class="visually-hidden">not in the list</span></span>}
          </li>
        ))}
      </ol>
      {check !== null && <WordHelp paper={paper} check={check} onWord={onWord} onSwap={onSwap} />}
    </>
  );
}

/** The nearest words, and what would put a wrong checksum right: guesses, each taken only on a person's word. */
function WordHelp({ paper, check, onWord, onSwap }: Pick<WordFieldsProps, 'paper' | 'onWord' | 'onSwap'> & { readonly check: WordCheck }) {
  const unknown = check.words.filter(({ position, known }) => !known && paper.words[position - 1] !== '');
  const repairs = check.repairs.slice(0, MOST_REPAIRS);
  if (unknown.length === 0 && repairs.length === 0) return check.checksum === 'open' ? <p class="muted" role="status">Every word so far is in the list.</p> : null;
  return (
    <div class="drill-help" role="status">
      {unknown.map(({ position, suggestions }) => (
        <p key={position} class="inline">
          <span><Icon name="caution" /> Word {position} is not in the list{suggestions.length === 0 ? ', and nothing near it is.' : '. Nearest:'}</span>
          {suggestions.map((word) => <Button key={word} small onPress={() => onWord(position - 1, word)}>{word}</Button>)}
        </p>
      ))}
      {repairs.length > 0 && <p>The checksum is wrong. It would fit with one of these; look at the paper before you take one:</p>}
      {repairs.length > 0 && (
        <p class="inline">
          {repairs.map((repair) => (repair.kind === 'word'
            ? <Button key={`${repair.position}/${repair.word}`} small onPress={() => onWord(repair.position - 1, repair.word)}>{`Word ${repair.position}: ${repair.word}`}</Button>
            : <Button key={repair.positions.join('-')} small onPress={() => onSwap(swapped(paper.words, repair.positions))}>{`Swap ${repair.positions.join(' and ')}`}</Button>))}
          {check.repairs.length > repairs.length && <span class="muted">and {check.repairs.length - repairs.length} others</span>}
        </p>
      )}
    </div>
  );
}

/** The words with two in each other's place. @param positions from 1 */
const swapped = (words: readonly string[], [a, b]: readonly [number, number]): readonly string[] => words.with(a - 1, words[b - 1] ?? '').with(b - 1, words[a - 1] ?? '');
