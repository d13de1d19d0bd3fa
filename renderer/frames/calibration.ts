import type { CalibrationMark } from './frames-host.ts';

/** Which codes of each density were read: numbers of codes by version. */
export type Measured = ReadonlyMap<number, ReadonlySet<number>>;

/** Codes of each density; as many as the host makes. */
export const CODES_OF_A_DENSITY = 12;
/** So many of them read make a density that is worth using: one that loses every sixth code loses less than it gains. */
const ENOUGH = 10;

export function measuredWith(measured: Measured, marks: readonly CalibrationMark[]): Measured {
  if (marks.every(({ version, number }) => measured.get(version)?.has(number) === true)) return measured;
  const next = new Map(measured);
  for (const { version, number } of marks) next.set(version, new Set([...(next.get(version) ?? []), number]));
  return next;
}

/** The highest density of which enough was read, or `null` while there is none. */
export function bestDensity(measured: Measured): number | null {
  const good = [...measured].filter(([, numbers]) => numbers.size >= ENOUGH).map(([version]) => version);
  return good.length === 0 ? null : Math.max(...good);
}
