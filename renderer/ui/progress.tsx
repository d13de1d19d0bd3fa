import type { Progress } from '../../src/host/contract.ts';
import { Button } from './button.tsx';

/** "about 2 minutes left"; whole minutes from two on, since nobody can say it closer. */
export function remainingText(seconds: number): string {
  if (seconds < 10) return 'a few seconds left';
  if (seconds < 120) return `about ${Math.ceil(seconds / 10) * 10} seconds left`;
  return `about ${Math.round(seconds / 60)} minutes left`;
}

/** Work under way: what is being done, how far it is where that is known, and a way out where there is one. */
export function ProgressView({ progress, onCancel }: { readonly progress: Progress; readonly onCancel?: (() => void) | undefined }) {
  return (
    <div class="progress" role="status">
      <div class="progress-line">
        <span>{progress.activity}{progress.remainingSeconds !== undefined && <span class="muted">, {remainingText(progress.remainingSeconds)}</span>}</span>
        {onCancel !== undefined && <Button small onPress={onCancel}>Stop this</Button>}
      </div>
      {progress.fraction === null
        ? <div class="progress-unknown" aria-hidden="true" />
        : <progress max={1} value={progress.fraction} aria-label={progress.activity} />}
    </div>
  );
}
