import { trialsOf, type RehearsalFault } from './planted-faults.ts';
import { PracticeKeys, type RehearsalTools } from './practice-key.ts';
import type { Trial, TrialOutcome } from './trial.ts';

/** What a fault came to; where it is planted in several ways, they stand in one order everywhere, parted by semicolons. */
export interface RehearsedFault {
  readonly fault: RehearsalFault;
  readonly what: string;
  readonly predicted: string;
  readonly happened: string;
  readonly asPredicted: boolean;
}

/**
 * Plants a fault into throw-away keys, shares, sheets and backups, and runs the restore of every drill on them. A drill that
 * is passed proves a key only where a damaged one would have failed it.
 * @throws StrongroomError where the rehearsal's material cannot be made, for example `entropy.source-failed`
 */
export async function rehearse(fault: RehearsalFault, tools: RehearsalTools): Promise<RehearsedFault> {
  const keys = new PracticeKeys(tools.random);
  try {
    return await compareTrials(fault, await trialsOf(fault, keys, tools));
  } finally {
    keys.wipe();
  }
}

/** Runs the trials one after the other and compares each with its prediction. */
export async function compareTrials(fault: RehearsalFault, trials: readonly Trial[]): Promise<RehearsedFault> {
  const happened: TrialOutcome[] = [];
  for (const trial of trials) happened.push(await trial.run());
  return {
    fault,
    what: trials.map(({ what }) => what).join('; '),
    predicted: trials.map(({ predicted }) => predicted).join('; '),
    happened: happened.join('; '),
    // Nothing tried is nothing shown.
    asPredicted: trials.length > 0 && trials.every(({ predicted }, index) => predicted === happened[index]),
  };
}
