import type { ComponentChildren } from 'preact';
import { Icon } from '../ui/icon.tsx';
import { verdictWords, type VerdictName } from './judgement.ts';
import type { ReviewFinding } from './model.ts';

export function VerdictStrip({ verdict, findings, readyFor, aside }: { readonly verdict: VerdictName; readonly findings: readonly ReviewFinding[]; readonly readyFor: 'sign' | 'send'; readonly aside?: ComponentChildren }) {
  const words = verdictWords(verdict, findings, readyFor);
  return (
    <div class={`verdict verdict-${verdict}`} role="status">
      <Icon name={words.icon} />
      <h2>{words.title}</h2>
      <p>{words.sentence}</p>
      {aside !== undefined && <div class="verdict-aside">{aside}</div>}
    </div>
  );
}
