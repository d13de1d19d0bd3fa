import type { Version2Fields } from '../psbt.ts';

/**
 * The locktime of a transaction whose inputs say what they require: of the kind that all of them can live with who require
 * one, by height where both kinds would do, and the latest of them.
 * @returns `null` where no one locktime serves all inputs
 * @see BIP370, "Determining Lock Time"
 */
export function determineLocktime({ inputs, fallbackLocktime }: Version2Fields): number | null {
  const requiring = inputs.filter((input) => input.requiredHeightLocktime !== undefined || input.requiredTimeLocktime !== undefined);
  if (requiring.length === 0) return fallbackLocktime ?? 0;
  return latest(requiring.map((input) => input.requiredHeightLocktime)) ?? latest(requiring.map((input) => input.requiredTimeLocktime));
}

/** The greatest, where all are given. */
function latest(locktimes: readonly (number | undefined)[]): number | null {
  return locktimes.reduce<number | null>((greatest, locktime) => (greatest === null || locktime === undefined ? null : Math.max(greatest, locktime)), 0);
}
