import { formatOutpoint } from '../../domain/outpoint.ts';
import type { ReviewFacts } from '../facts.ts';
import { finding, type Finding } from '../finding.ts';

/**
 * What no valid transaction has, wherever it stands in it.
 * @see Bitcoin Core, consensus `CheckTransaction` and policy `IsStandardTx`
 */
export function shapeFindings(facts: ReviewFacts): Finding[] {
  const findings: Finding[] = [];
  const { version } = facts.psbt.transaction;
  if (version < 1 || version > 3) findings.push(finding('tx.version', 'global', 0, { version }));
  if (facts.inputs.length === 0 || facts.outputs.length === 0) {
    findings.push(finding('tx.empty', 'global', 0, { inputs: facts.inputs.length, outputs: facts.outputs.length }));
  }
  // By a set: comparing each input with its neighbour only, or with all others, is a hole or a denial of service.
  const firstIndex = new Map<string, number>();
  for (const input of facts.inputs) {
    const outpoint = formatOutpoint(input);
    const first = firstIndex.get(outpoint);
    if (first === undefined) firstIndex.set(outpoint, input.index);
    else findings.push(finding('input.duplicate', 'input', input.index, { outpoint, first }));
  }
  return findings;
}
