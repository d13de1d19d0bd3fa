import { StrongroomError } from '../../errors/strongroom-error.ts';
import { attemptRestore, type AttemptResult, type DrillSubject, type ScratchKey } from './restore-attempt.ts';

/** What a trial comes to: `passed`, the code of the error at which it ended, or the scores that disagree. */
export type TrialOutcome = string;

/** One way back with one thing wrong, and what must come of it. */
export interface Trial {
  /** What was done, in words. */
  readonly what: string;
  readonly predicted: TrialOutcome;
  readonly run: () => Promise<TrialOutcome>;
}

export const PASSED: TrialOutcome = 'passed';
/** Another key came back, and everything that is compared says so. */
export const ANOTHER_KEY: TrialOutcome = 'differs: fingerprint, registration, first-receive, first-change';

/** A trial that restores a key, as every drill does, and compares it with what it must be. */
export const restoreTrial = (what: string, predicted: TrialOutcome, subject: DrillSubject, restore: () => Promise<ScratchKey>): Trial => ({
  what,
  predicted,
  run: async () => outcomeOf(await attemptRestore(subject, restore)),
});

/** A trial of something public that is read. */
export const readTrial = (what: string, predicted: TrialOutcome, read: () => void): Trial => ({
  what,
  predicted,
  run: async () => {
    try {
      read();
      return PASSED;
    } catch (fault) {
      if (fault instanceof StrongroomError) return fault.code;
      throw fault;
    }
  },
});

function outcomeOf({ failure, isPassed, scores }: AttemptResult): TrialOutcome {
  if (failure !== null) return failure;
  return isPassed ? PASSED : `differs: ${scores.filter(({ agrees }) => !agrees).map(({ what }) => what).join(', ')}`;
}
