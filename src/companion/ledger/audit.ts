import { unreachable } from '../../domain/unreachable.ts';
import type { BookedUtxo } from './balance.ts';

/**
 * Why books and node differ.
 * - `unknown-receipt`: money arrived that nobody planned and that was not booked yet
 * - `missing-transaction`: a transaction of the wallet that the books do not have, or that the node's wallet does not
 * - `unconfirmed-too-long`: known and in no block for longer than a day
 * - `reorganised`: booked in a block that the chain has left
 * - `beyond-gap-limit`: on an address further out than the source watches
 * - `pruned-history`: in blocks that the node has discarded before it knew the wallet
 * - `wrong-descriptor`: on a script that the wallet does not derive
 * - `damaged-books`: an amount that the transaction's id contradicts
 */
export type AuditClass = 'unknown-receipt' | 'missing-transaction' | 'unconfirmed-too-long' | 'reorganised' | 'beyond-gap-limit' | 'pruned-history' | 'wrong-descriptor' | 'damaged-books';

/** The step that repairs a difference, for programs. */
export type RepairCode = 'refresh' | 'rescan' | 'widen-watch' | 'use-full-node' | 'check-wallet-file' | 'bump-fee' | 'ask-sender' | 'check-books';

export const repairs: Readonly<Record<RepairCode, string>> = {
  refresh: 'Refresh the books from this node (ledger refresh), then audit again.',
  rescan: 'Have the node scan the wallet\'s past anew (wallet sync), then refresh the books.',
  'widen-watch': 'Have the source watch the wallet as far as this address and scan its past for it (wallet widen), then refresh the books. Find out who gave out an address so far ahead.',
  'use-full-node': 'Use a node that keeps all blocks, or one that watched the wallet from its first payment on.',
  'check-wallet-file': 'Compare the wallet\'s file with its registration (policy id): the books hold outputs that this wallet does not derive. Do not spend before you know why.',
  'bump-fee': 'Raise its fee, or replace it, then refresh the books.',
  'ask-sender': 'Ask the sender to raise its fee, or add a child that pays for it; it may also be dropped and never arrive.',
  'check-books': 'Check the ledger (ledger check) and restore it from a backup where it is damaged. If it is whole, the node is wrong.',
};

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

/** What was found out about a difference. */
export interface DifferenceFacts {
  readonly kind: AuditDifference['kind'];
  /** Whether the wallet derives the output's script where it says. `null`: its script could not be had. */
  readonly isDerived: boolean | null;
  /** How far past the highest address that was ever paid, by the books; 0 for one below. */
  readonly addressesAhead: number;
  /** Whether the node's wallet lists the transaction. */
  readonly isListed: boolean;
  /** Whether it spends our outputs, or was planned or sent here. */
  readonly isOurs: boolean;
  /** Whether it is in a block above the last one that books and chain have in common. */
  readonly isAboveFork: boolean;
  /** Whether the source knows the transaction in a block. */
  readonly isInChain: boolean;
  readonly isPruned: boolean;
}

/** Addresses ahead that every wallet program looks at (BIP44, "Address gap limit"). */
const GAP_LIMIT = 20;

/** The reason for a difference, and what repairs it. */
export function classifyDifference(facts: DifferenceFacts): { readonly class: AuditClass; readonly repair: RepairCode } {
  switch (facts.kind) {
    case 'amount':
      // A transaction's id commits to its amounts.
      return { class: 'damaged-books', repair: 'check-books' };
    case 'missing-in-ledger':
      if (facts.isDerived === false) return { class: 'wrong-descriptor', repair: 'check-wallet-file' };
      if (facts.isListed) return facts.isOurs ? { class: 'missing-transaction', repair: 'refresh' } : { class: 'unknown-receipt', repair: 'refresh' };
      if (facts.isPruned) return { class: 'pruned-history', repair: 'use-full-node' };
      if (facts.addressesAhead > GAP_LIMIT) return { class: 'beyond-gap-limit', repair: 'widen-watch' };
      return { class: 'missing-transaction', repair: 'rescan' };
    case 'missing-in-node':
      if (facts.isDerived === false) return { class: 'wrong-descriptor', repair: 'check-wallet-file' };
      if (facts.isAboveFork || !facts.isInChain) return { class: 'reorganised', repair: 'refresh' };
      return { class: 'missing-transaction', repair: 'refresh' };
    default:
      return unreachable(facts.kind);
  }
}
