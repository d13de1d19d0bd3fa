import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { guideLines, type GuideEdition, type GuideLine, type GuideStepId } from './ceremony-guide.ts';

const editionNames: Readonly<Record<GuideEdition, string>> = { signer: 'Signer', companion: 'Companion' };

function Line({ line, number, edition }: { readonly line: GuideLine; readonly number: number; readonly edition: GuideEdition }) {
  const { step, state } = line;
  const isOpen = state === 'now' || state === 'next-here';
  const where = step.edition === edition ? 'In this window' : `In the ${editionNames[step.edition]}'s window`;
  return (
    <li class={`guide-step guide-step-${state}`} aria-current={state === 'now' ? 'step' : undefined}>
      <span class="step-mark guide-mark" aria-hidden="true">{state === 'done' ? <Icon name="check" /> : number}</span>
      <span class="guide-text">
        <span>{isOpen ? <strong>{step.title}</strong> : step.title}{state === 'done' && <span class="visually-hidden"> (done)</span>}</span>
        {isOpen && <span class="guide-where">{state === 'next-here' ? 'Then, in this window' : where}</span>}
        {state === 'now' && <span class="muted">{step.why}</span>}
        {isOpen && <span>{step.now}</span>}
      </span>
    </li>
  );
}

interface GuidePanelProps {
  readonly edition: GuideEdition;
  readonly known: ReadonlySet<GuideStepId>;
  readonly gapFolder: string;
  /** What the practice network offers besides: finding a block. */
  readonly tools?: ComponentChildren;
}

/** The rehearsal's guide: every step of the ceremony, which window does it, why, and what to do now. */
export function GuidePanel({ edition, known, gapFolder, tools }: GuidePanelProps) {
  const [isOpen, setOpen] = useState(true);
  if (!isOpen) return <button type="button" class="guide-tab" onClick={() => setOpen(true)}><Icon name="guide" /><span>Show the guide</span></button>;
  return (
    <aside class="guide" aria-label="Rehearsal guide">
      <div class="guide-head"><h2>Rehearsal</h2><Button kind="quiet" small onPress={() => setOpen(false)}>Hide</Button></div>
      <ol class="guide-body" tabIndex={0} aria-label="Steps of the rehearsal">
        {guideLines(edition, known).map((line, index) => <Line key={line.step.id} line={line} number={index + 1} edition={edition} />)}
      </ol>
      <div class="guide-foot">
        {tools}
        <p class="caption breakable">What crosses the gap: {gapFolder}</p>
      </div>
    </aside>
  );
}
