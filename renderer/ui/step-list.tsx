import { Icon } from './icon.tsx';

export interface Step {
  readonly name: string;
  readonly state: 'done' | 'now' | 'later';
}

const spoken: Readonly<Record<Step['state'], string>> = { done: 'done', now: 'now', later: 'to come' };

/** The steps of a ceremony in their physical order. */
export function StepList({ label, steps }: { readonly label: string; readonly steps: readonly Step[] }) {
  return (
    <ol aria-label={label}>
      {steps.map((step, index) => (
        <li key={step.name} class={`step step-${step.state}`} aria-current={step.state === 'now' ? 'step' : undefined}>
          <span class="step-mark" aria-hidden="true">{step.state === 'done' ? <Icon name="check" /> : index + 1}</span>
          <span>{step.name}<span class="visually-hidden"> ({spoken[step.state]})</span></span>
        </li>
      ))}
    </ol>
  );
}
