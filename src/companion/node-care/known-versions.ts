import type { NodeProgram } from './health-facts.ts';

interface KnownVersions {
  /** Older ones have flaws by which a peer can stop them or have them waste their machine; published by their makers. */
  readonly dangerousBelow: number;
  /** Older ones get no repairs any more. */
  readonly oldBelow: number;
  /** Releases that were withdrawn or must not be used for a certain work. */
  readonly flawed: readonly { readonly from: number; readonly to: number }[];
}

/**
 * What is known of the nodes' releases as of November 2026. A newer Strongroom knows more.
 * @see https://bitcoincore.org/en/security-advisories/ (CVE-2024-35202 before 25.0; CVE-2024-52919 before 29.0)
 */
const known: Readonly<Record<Exclude<NodeProgram, 'other'>, KnownVersions>> = {
  // 30.0 and 30.1 may delete the wallets' folder where the migration of an old unnamed wallet fails.
  core: { dangerousBelow: 250000, oldBelow: 290000, flawed: [{ from: 300000, to: 300199 }] },
  knots: { dangerousBelow: 250000, oldBelow: 290000, flawed: [] },
  litecoin: { dangerousBelow: 210202, oldBelow: 210400, flawed: [] },
  dogecoin: { dangerousBelow: 1140700, oldBelow: 1140900, flawed: [] },
};

export type VersionJudgement = 'current' | 'old' | 'flawed' | 'dangerous' | 'unknown';

/** @param version as the node counts: 290500 is 29.5.0 */
export function judgeVersion(program: NodeProgram | null, version: number | null): VersionJudgement {
  if (program === null || version === null || program === 'other') return 'unknown';
  const facts = known[program];
  if (version < facts.dangerousBelow) return 'dangerous';
  if (facts.flawed.some(({ from, to }) => version >= from && version <= to)) return 'flawed';
  return version < facts.oldBelow ? 'old' : 'current';
}

/** `29.5.0` of 290500. */
export const formatVersion = (version: number): string => [version / 10_000, (version / 100) % 100, version % 100].map(Math.floor).join('.');

/**
 * The program by what it calls itself: `/Satoshi:29.5.0/Knots:20260508/`.
 * @param subversion the node's own text; it goes no further
 */
export function programOf(subversion: string): NodeProgram {
  if (/Knots:/.test(subversion)) return 'knots';
  if (/^\/Satoshi:/.test(subversion)) return 'core';
  if (/^\/LitecoinCore:/.test(subversion)) return 'litecoin';
  if (/^\/Shibetoshi:/.test(subversion)) return 'dogecoin';
  return 'other';
}
