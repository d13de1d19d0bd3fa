import type { BookedUtxo } from './balance.ts';

export interface AuditDifference {
  /** `amount`: both know the output, with different amounts; the node's is stated. */
  readonly kind: 'missing-in-ledger' | 'missing-in-node' | 'amount';
  readonly outpoint: string;
  readonly amountSats: bigint;
}

export interface Audit {
  readonly ledgerSats: bigint;
  readonly nodeSats: bigint;
  readonly agrees: boolean;
  /** Complete, ordered by outpoint. */
  readonly differences: readonly AuditDifference[];
}

/** The books against the node's UTXO set, output by output: equal sums of different outputs do not agree. */
export function auditOutputs(ledger: readonly BookedUtxo[], node: readonly BookedUtxo[]): Audit {
  const inLedger = new Map(ledger.map((output) => [output.outpoint, output.amountSats]));
  const inNode = new Map(node.map((output) => [output.outpoint, output.amountSats]));
  const differences: AuditDifference[] = [];
  for (const [outpoint, amountSats] of inNode) {
    const booked = inLedger.get(outpoint);
    if (booked === undefined) differences.push({ kind: 'missing-in-ledger', outpoint, amountSats });
    else if (booked !== amountSats) differences.push({ kind: 'amount', outpoint, amountSats });
  }
  for (const [outpoint, amountSats] of inLedger) {
    if (!inNode.has(outpoint)) differences.push({ kind: 'missing-in-node', outpoint, amountSats });
  }
  differences.sort((a, b) => (a.outpoint < b.outpoint ? -1 : 1));
  const total = (outputs: ReadonlyMap<string, bigint>): bigint => [...outputs.values()].reduce((sum, amount) => sum + amount, 0n);
  return { ledgerSats: total(inLedger), nodeSats: total(inNode), agrees: differences.length === 0, differences };
}
