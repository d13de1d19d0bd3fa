import { useEffect, useRef } from 'preact/hooks';
import { Workspace } from '../../frame/workspace.tsx';
import { Button } from '../../ui/button.tsx';
import { StepList } from '../../ui/step-list.tsx';
import type { CeremonyActions } from './ceremony-actions.ts';
import { stepNames, stepNumber, type Ceremony } from './ceremony-state.ts';
import { AboutStep, CheckStep, PassphraseStep, SaveStep, WordsStep } from './ceremony-steps.tsx';
import { ChanceStep } from './chance-step.tsx';
import { passphraseProblem } from './passphrase-problem.ts';
import { chanceProblem } from './user-sources.ts';

interface NextStep {
  readonly words: string;
  readonly button: string;
  readonly isReady: boolean;
  readonly press: () => void;
}

/** What the next button does, or in words why it cannot. */
function nextStep(ceremony: Ceremony, actions: CeremonyActions): NextStep {
  const next = (): void => actions.send({ type: 'next' });
  switch (ceremony.step) {
    case 'about': {
      const button = ceremony.about.mode === 'mixed' ? 'Roll, flip or draw' : 'Roll the dice';
      return ceremony.about.label.trim() === ''
        ? { words: 'Give the key a label first.', button, isReady: false, press: next }
        : { words: 'Next: chance of your own. Nothing is made yet.', button, isReady: true, press: next };
    }
    case 'chance': {
      const problem = chanceProblem(ceremony.texts, ceremony.about.words);
      return { words: problem ?? 'Next: the passphrase of the key file. Nothing is made yet.', button: 'Choose a passphrase', isReady: problem === null, press: next };
    }
    case 'passphrase': {
      const problem = passphraseProblem(ceremony.first, ceremony.second);
      if (ceremony.isBusy) return { words: 'Making the key. Encrypting it slowly is on purpose.', button: 'Make the key', isReady: false, press: next };
      const made = ceremony.about.mode === 'mixed' ? 'Makes the key from what you typed and this laptop\'s random source.' : 'Makes the key from your rolls alone.';
      return { words: problem ?? made, button: 'Make the key', isReady: problem === null, press: () => void actions.make() };
    }
    case 'words':
      return {
        words: ceremony.hasSeen ? 'Covers the words, then asks for three of them.' : 'Uncover the words and write them down first.',
        button: 'I have written them down', isReady: ceremony.hasSeen, press: () => actions.beginCheck(ceremony.key.words ?? 0),
      };
    case 'check': {
      const isFilled = ceremony.answers.every((answer) => answer !== '');
      return { words: isFilled ? 'Compares the three words with the key.' : 'Type all three words.', button: 'Check the words', isReady: isFilled && !ceremony.isBusy, press: () => void actions.check() };
    }
    case 'save':
      return { words: `Writes ${ceremony.key.suggestedName} and its record to this laptop.`, button: 'Save the key on this laptop', isReady: !ceremony.isBusy, press: () => void actions.save() };
  }
}

function StepView({ ceremony, actions }: { readonly ceremony: Ceremony; readonly actions: CeremonyActions }) {
  switch (ceremony.step) {
    case 'about': return <AboutStep ceremony={ceremony} actions={actions} />;
    case 'chance': return <ChanceStep ceremony={ceremony} actions={actions} />;
    case 'passphrase': return <PassphraseStep ceremony={ceremony} actions={actions} />;
    case 'words': return <WordsStep ceremony={ceremony} actions={actions} />;
    case 'check': return <CheckStep ceremony={ceremony} actions={actions} />;
    case 'save': return <SaveStep ceremony={ceremony} actions={actions} />;
  }
}

/** Making a key: one physical act at a time. */
export function CeremonyView({ ceremony, actions }: { readonly ceremony: Ceremony; readonly actions: CeremonyActions }) {
  const task = useRef<HTMLDivElement>(null);
  const number = stepNumber(ceremony);
  const source = ceremony.step === 'chance' ? ceremony.source : null;
  // A new step begins at its first field, so that the whole ceremony runs by keyboard; without a field, at its heading.
  useEffect(() => {
    const find = (selector: string): HTMLElement | null => task.current?.querySelector<HTMLElement>(selector) ?? null;
    (find('input, textarea, select') ?? find('.form-actions button') ?? find('h2'))?.focus({ preventScroll: true });
    task.current?.parentElement?.parentElement?.scrollTo(0, 0);
  }, [ceremony.step]);
  // Another source is chosen to be typed into.
  useEffect(() => {
    if (source !== null) task.current?.querySelector('textarea')?.focus();
  }, [source]);
  const next = nextStep(ceremony, actions);
  const canGoBack = ceremony.step === 'chance' || ceremony.step === 'passphrase' || ceremony.step === 'check';
  return (
    <Workspace
      title="Make a key" purpose="Six steps. Nothing is kept before the last; going elsewhere drops what you typed."
      tools={<Button onPress={() => void actions.stop()}>Stop and keep nothing</Button>}
      words={next.words}
      actions={<>
        {canGoBack && <Button onPress={() => actions.send({ type: 'back' })}>Back</Button>}
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
