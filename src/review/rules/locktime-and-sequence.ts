import type { ReviewFacts } from '../facts.ts';
import { finding, type Finding } from '../finding.ts';

const FINAL_SEQUENCE = 0xffff_ffff;
/** From here on a locktime is a time and not a height. @see BIP65 */
const LOCKTIME_THRESHOLD = 500_000_000;
const RELATIVE_DISABLED = 0x8000_0000;
const RELATIVE_IN_TIME = 0x0040_0000;

/**
 * A transaction that is not final yet can be held back, and a payment that a person takes for done may never come.
 * @see BIP65 (locktime), BIP68 (relative locks), BIP125 (replacement)
 */
export function locktimeFindings(facts: ReviewFacts): Finding[] {
  const findings: Finding[] = [];
  const { locktime, version } = facts.psbt.transaction;
  const enforced = locktime > 0 && facts.inputs.some((input) => input.sequence !== FINAL_SEQUENCE);
  if (enforced && !isReached(locktime, facts.context.tipHeight)) {
    findings.push(finding('locktime.future', 'global', 0, locktime < LOCKTIME_THRESHOLD ? { height: locktime } : { date: dateOf(locktime) }));
  }
  for (const { index, sequence } of facts.inputs) {
    const amount = sequence & 0xffff;
    if (version < 2 || sequence >= RELATIVE_DISABLED || amount === 0) continue;
    findings.push(finding('sequence.relative', 'input', index, (sequence & RELATIVE_IN_TIME) === 0 ? { blocks: amount } : { seconds: amount * 512 }));
  }
  if (facts.inputs.some((input) => input.sequence < FINAL_SEQUENCE - 1)) findings.push(finding('rbf.signalled', 'global', 0));
  return findings;
}

/** Only a height can be known as reached: this code has no clock, and an offline machine's clock proves nothing. */
const isReached = (locktime: number, tipHeight: number | undefined): boolean =>
  locktime < LOCKTIME_THRESHOLD && tipHeight !== undefined && locktime <= tipHeight;

/** ISO 8601, UTC. */
const dateOf = (unixSeconds: number): string => new Date(unixSeconds * 1000).toISOString();
