import type { Progress } from '../../host/contract.ts';

export interface ProgressLine {
  readonly tell: (progress: Progress) => void;
  /** Removes the line; what follows begins on a clean one. */
  readonly clear: () => void;
}

const REDRAW_EVERY_MS = 100;
const ESTIMATE_AFTER_MS = 1000;

/** One line on a terminal that is redrawn in place. Silent where nobody watches. */
export function createProgressLine(write: (text: string) => void, isTerminal: boolean, now: () => number): ProgressLine {
  let shown = false;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let startedAt: number | null = null;
  let lastFraction: number | null = null;
  return {
    tell(progress) {
      if (!isTerminal) return;
      const at = now();
      startedAt ??= at;
      if (progress.fraction !== null) {
        // An estimate is of the work that is shown: it is timed from where that began, not from what came before it.
        if (lastFraction === null || progress.fraction < lastFraction) startedAt = at;
        lastFraction = progress.fraction;
      }
      if (at - drawnAt < REDRAW_EVERY_MS && progress.fraction !== 1) return;
      drawnAt = at;
      shown = true;
      write(`\r\u001b[2K${progressText(progress, at - startedAt)}`);
    },
    clear() {
      if (shown) write('\r\u001b[2K');
      shown = false;
      startedAt = null;
    },
  };
}

/** The line's words: activity, percent, and what is left once there is something to judge it by. */
export function progressText(progress: Progress, elapsedMs: number): string {
  const activity = progress.activity.slice(0, 60);
  if (progress.fraction === null) return elapsedMs < ESTIMATE_AFTER_MS ? activity : `${activity} (${Math.round(elapsedMs / 1000)} s so far)`;
  const percent = `${Math.floor(progress.fraction * 100)} %`;
  const leftMs = progress.fraction > 0 ? (elapsedMs / progress.fraction) * (1 - progress.fraction) : 0;
  const estimate = elapsedMs >= ESTIMATE_AFTER_MS && leftMs >= ESTIMATE_AFTER_MS ? `, about ${duration(leftMs)} left` : '';
  return `${activity} ${percent}${estimate}`;
}

function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
