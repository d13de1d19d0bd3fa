import type { Progress } from '../../src/host/contract.ts';
import { Button } from './button.tsx';

/** Work under way: what is being done, how far it is where that is known, and a way out where there is one. */
export function ProgressView({ progress, onCancel }: { readonly progress: Progress; readonly onCancel?: (() => void) | undefined }) {
  return (
    <div class="progress" role="status">
      <div class="progress-line">
        <span>{progress.activity}</span>
        {onCancel !== undefined && <Button small onPress={onCancel}>Stop this</Button>}
      </div>
      {progress.fraction === null
        ? <div class="progress-unknown" aria-hidden="true" />
        : <progress max={1} value={progress.fraction} aria-label={progress.activity} />}
    </div>
  );
}
