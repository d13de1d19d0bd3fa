import { scrypt32 } from './scrypt.ts';

/** The least and the most that is chosen, both base-2 logarithms; what is read has the same bounds (`age-passphrase.ts`). */
export const LEAST_WORK_FACTOR_LOG2 = 18;
export const MOST_WORK_FACTOR_LOG2 = 20;

/** What is measured once: a quarter of the least, so that measuring costs little beside what it is for. */
const TRIAL_LOG2 = 16;
/** About a second: a person waits it gladly once, and a guesser pays it for every guess. */
const MOST_MS = 1200;

/** Milliseconds that scrypt with a work factor of 2^log2 takes here. */
export type Trial = (log2: number) => Promise<number>;

/**
 * The work factor for new key files on this machine: the largest of which an opening is expected to take about a second, and
 * never less than 2^18, however slow the machine. The work doubles with each step.
 */
export async function chooseWorkFactor(trial: Trial): Promise<number> {
  // Where the trial itself finds no memory, the least is tried next, and says so by name.
  const trialMs = await trial(TRIAL_LOG2).catch(() => Number.POSITIVE_INFINITY);
  let log2 = LEAST_WORK_FACTOR_LOG2;
  while (log2 < MOST_WORK_FACTOR_LOG2 && trialMs * 2 ** (log2 + 1 - TRIAL_LOG2) <= MOST_MS) log2 += 1;
  return log2;
}

/** Measures by the clock. @param now milliseconds, from any beginning */
export const timedTrial =
  (now: () => number): Trial =>
  async (log2) => {
    const before = now();
    (await scrypt32(new Uint8Array(16), new Uint8Array(16), log2)).fill(0);
    return now() - before;
  };
