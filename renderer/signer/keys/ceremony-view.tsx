import { useEffect, useRef } from 'preact/hooks';
import { Workspace } from '../../frame/workspace.tsx';
import { Button } from '../../ui/button.tsx';
import { StepList } from '../../ui/step-list.tsx';
import { passphraseProblem, stepNames, stepNumber, type Ceremony } from './ceremony-state.ts';
import { AboutStep, CheckStep, DiceStep, PassphraseStep, SaveStep, WordsStep } from './ceremony-steps.tsx';
import { evenness, rollsNeeded } from './dice.ts';
import type { KeysActions } from './keys-actions.ts';

interface NextStep {
  readonly words: string;
  readonly button: string;
  readonly isReady: boolean;
  readonly press: () => void;
}

/** What the next button does, or in words why it cannot. */
function nextStep(ceremony: Ceremony, actions: KeysActions): NextStep {
  const next = (): void => actions.ceremony({ type: 'next' });
  switch (ceremony.step) {
    case 'about':
      return ceremony.about.label.trim() === ''
        ? { words: 'Give the key a label first.', button: 'Roll the dice', isReady: false, press: next }
        : { words: 'Next: dice. Nothing is made yet.', button: 'Roll the dice', isReady: true, press: next };
    case 'dice': {
      const missing = rollsNeeded(ceremony.about.words) - ceremony.rolls.length;
      if (missing > 0) return { words: `${missing} more rolls before you can go on.`, button: 'Choose a passphrase', isReady: false, press: next };
      if (evenness(ceremony.rolls) === 'uneven') return { words: 'One face comes too often to be chance. Roll on, or begin again with another die.', button: 'Choose a passphrase', isReady: false, press: next };
      return { words: 'Next: the passphrase of the key file. Nothing is made yet.', button: 'Choose a passphrase', isReady: true, press: next };
    }
    case 'passphrase': {
      const problem = passphraseProblem(ceremony.first, ceremony.second);
      if (ceremony.isBusy) return { words: 'Making the key. Encrypting it slowly is on purpose.', button: 'Make the key', isReady: false, press: next };
      return { words: problem ?? 'Makes the key from your rolls and this laptop\'s random source.', button: 'Make the key', isReady: problem === null, press: () => void actions.make() };
    }
    case 'words':
      return {
        words: ceremony.hasSeen ? 'Covers the words, then asks for three of them.' : 'Uncover the words and write them down first.',
        button: 'I have written them down', isReady: ceremony.hasSeen, press: () => actions.beginCheck(ceremony.key.words),
      };
    case 'check': {
      const isFilled = ceremony.answers.every((answer) => answer !== '');
      return { words: isFilled ? 'Compares the three words with the key.' : 'Type all three words.', button: 'Check the words', isReady: isFilled && !ceremony.isBusy, press: () => void actions.check() };
    }
    case 'save':
      return { words: `Writes ${ceremony.key.suggestedName} to this laptop.`, button: 'Save the key on this laptop', isReady: !ceremony.isBusy, press: () => void actions.save() };
  }
}

function StepView({ ceremony, actions }: { readonly ceremony: Ceremony; readonly actions: KeysActions }) {
  switch (ceremony.step) {
    case 'about': return <AboutStep ceremony={ceremony} actions={actions} />;
    case 'dice': return <DiceStep ceremony={ceremony} actions={actions} />;
    case 'passphrase': return <PassphraseStep ceremony={ceremony} actions={actions} />;
    case 'words': return <WordsStep ceremony={ceremony} actions={actions} />;
    case 'check': return <CheckStep ceremony={ceremony} actions={actions} />;
    case 'save': return <SaveStep ceremony={ceremony} actions={actions} />;
  }
}

/** Making a key: one physical act at a time. */
export function CeremonyView({ ceremony, actions }: { readonly ceremony: Ceremony; readonly actions: KeysActions }) {
  const task = useRef<HTMLDivElement>(null);
  const number = stepNumber(ceremony);
  // A new step begins at its first field, so that the whole ceremony runs by keyboard; without a field, at its heading.
  useEffect(() => {
    const find = (selector: string): HTMLElement | null => task.current?.querySelector<HTMLElement>(selector) ?? null;
    (find('input, textarea, select') ?? find('.form-actions button') ?? find('h2'))?.focus();
    task.current?.parentElement?.parentElement?.scrollTo(0, 0);
  }, [ceremony.step]);
  const next = nextStep(ceremony, actions);
  const canGoBack = ceremony.step === 'dice' || ceremony.step === 'passphrase' || ceremony.step === 'check';
  return (
    <Workspace
      title="Make a key" purpose="A ceremony in six steps. Leave it at any time before the last; nothing is kept."
      tools={<Button onPress={() => void actions.abandon()}>Stop and keep nothing</Button>}
      words={next.words}
      actions={<>
        {canGoBack && <Button onPress={() => actions.ceremony({ type: 'back' })}>Back</Button>}
        <Button kind="primary" disabled={!next.isReady} onPress={next.press}>{next.button}</Button>
      </>}
    >
      <div class="ceremony">
        <div class="ceremony-steps">
          <StepList label="Steps of the ceremony" steps={stepNames.map((name, index) => ({ name, state: index < number ? 'done' : index === number ? 'now' : 'later' }))} />
        </div>
        <div class="ceremony-task" ref={task}>
          <StepView ceremony={ceremony} actions={actions} />
        </div>
      </div>
    </Workspace>
  );
}
