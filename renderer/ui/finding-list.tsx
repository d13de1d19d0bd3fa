import type { ReviewFinding } from '../review/model.ts';
import { Checkbox } from './field.tsx';
import { evidenceText, findingTexts, whereText } from './finding-texts.ts';
import { Icon, type IconName } from './icon.tsx';

const weights: Readonly<Record<ReviewFinding['severity'], { readonly name: string; readonly icon: IconName }>> = {
  refuse: { name: 'Refused', icon: 'refuse' },
  acknowledge: { name: 'Your judgement', icon: 'caution' },
  note: { name: 'Note', icon: 'note' },
};

interface FindingListProps {
  readonly findings: readonly ReviewFinding[];
  /** Codes that a person has judged; `null` where nothing can be acknowledged here. */
  readonly acknowledged: ReadonlySet<string> | null;
  readonly onAcknowledge: (code: string, acknowledged: boolean) => void;
}

/** Everything that speaks against a transaction: meaning, evidence, next step; the heaviest first. */
export function FindingList({ findings, acknowledged, onAcknowledge }: FindingListProps) {
  const order: Readonly<Record<ReviewFinding['severity'], number>> = { refuse: 0, acknowledge: 1, note: 2 };
  const sorted = [...findings].sort((a, b) => order[a.severity] - order[b.severity]);
  // One judgement a code: the box stands at the last finding of its code, after all the evidence.
  const lastOf = new Map(sorted.map((finding, index) => [finding.code, index]));
  return (
    <ul>
      {sorted.map((finding, index) => {
        const { meaning, nextStep } = findingTexts(finding.code);
        const evidence = Object.entries(finding.details);
        return (
          <li key={index} class={`finding finding-${finding.severity}`}>
            <Icon name={weights[finding.severity].icon} />
            <div class="stack-tight">
              <div class="finding-head">
                <span class="finding-weight">{weights[finding.severity].name}</span>
                <span class="caption nowrap">{whereText(finding.where)} · {finding.code}</span>
              </div>
              <p>{meaning}</p>
              {evidence.length > 0 && <p class="finding-evidence">{evidence.map(([name, value]) => <span key={name}>{evidenceText(name, value)}</span>)}</p>}
              <p class="muted">{nextStep}</p>
              {finding.severity === 'acknowledge' && acknowledged !== null && lastOf.get(finding.code) === index && (
                <Checkbox checked={acknowledged.has(finding.code)} onToggle={(checked) => onAcknowledge(finding.code, checked)}>
                  I have checked this and accept it ({finding.code})
                </Checkbox>
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
