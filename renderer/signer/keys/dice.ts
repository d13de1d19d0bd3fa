/** Rolls of six-sided dice that a key needs: each gives log2(6) = 2.58 bits, and they alone must suffice. */
export const rollsNeeded = (words: 12 | 24): number => (words === 12 ? 50 : 99);

/** Keeps the faces 1 to 6 of what was typed. */
export const onlyRolls = (typed: string): string => typed.replace(/[^1-6]/g, '');

/** How often each face came, 1 first. */
export function faceCounts(rolls: string): readonly number[] {
  const counts = [0, 0, 0, 0, 0, 0];
  for (const roll of rolls) counts[Number(roll) - 1] = (counts[Number(roll) - 1] ?? 0) + 1;
  return counts;
}

/** Rolls before a judgement on their evenness means anything. */
const ENOUGH_TO_JUDGE = 30;
/** The largest share of all rolls that one face may have; the host refuses more. A fair die passes it once in many sequences. */
const LARGEST_SHARE = 0.3;

export type Evenness = 'too-few' | 'even' | 'uneven';

/** Whether rolls look like those of fair dice. A picture for a person; the host decides for itself, and looks for patterns too. */
export function evenness(rolls: string): Evenness {
  if (rolls.length < ENOUGH_TO_JUDGE) return 'too-few';
  return Math.max(...faceCounts(rolls)) > rolls.length * LARGEST_SHARE ? 'uneven' : 'even';
}
