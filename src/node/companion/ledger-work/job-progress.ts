import type { JobStep } from './messages.ts';

/** Below this nobody can say how long the rest takes, milliseconds. */
const ESTIMATE_AFTER_MS = 1_000;

/**
 * How far a job is. A step may take long and tells nothing on the way, so that within it time is what is gone by: it nears the step's end and
 * does not reach it.
 * @param step the present one, as it began
 * @param sinceMs when it began, since the beginning of the job
 * @param elapsedMs since the beginning of the job
 */
export function jobProgress({ done, until, activity }: JobStep, sinceMs: number, elapsedMs: number): { readonly fraction: number; readonly activity: string; readonly remainingSeconds?: number } {
  // What the steps before took says what this one will.
  const expectedMs = done > 0 ? (sinceMs / done) * (until - done) : ESTIMATE_AFTER_MS;
  const part = expectedMs > 0 ? 1 - Math.exp(-(elapsedMs - sinceMs) / expectedMs) : 1;
  const fraction = Math.min(1, done + (until - done) * part);
  const isEstimated = elapsedMs >= ESTIMATE_AFTER_MS && done > 0;
  return { fraction, activity, ...(isEstimated ? { remainingSeconds: Math.ceil((elapsedMs * (1 - fraction)) / fraction / 1_000) } : {}) };
}
