import { feeForVsize } from '../../domain/fee-rate.ts';
import type { MempoolEntry as WaitingTransaction, RejectReason } from '../chain-source.ts';
import { MAX_ANCESTORS, MAX_DESCENDANTS, MAX_REPLACED, MIN_RELAY_RATE } from './chain-rules.ts';
import type { PracticeTransaction } from './practice-transaction.ts';

export interface MempoolEntry {
  readonly practice: PracticeTransaction;
  readonly feeSats: bigint;
}

/** The highest sequence that says "may be replaced" (BIP125). */
const MAX_REPLACEABLE_SEQUENCE = 0xffff_fffd;

/** Transactions that wait for a block, in an order in which parents stand before children. Holds no rule of scripts. */
export class Mempool {
  readonly #entries = new Map<string, MempoolEntry>();
  /** Outpoint to the id of the transaction that spends it here. */
  readonly #spenders = new Map<string, string>();

  get size(): number {
    return this.#entries.size;
  }

  /** In order of arrival: parents first. */
  entries(): readonly MempoolEntry[] {
    return [...this.#entries.values()];
  }

  get(txid: string): MempoolEntry | undefined {
    return this.#entries.get(txid);
  }

  /** Id of the transaction here that spends an outpoint (`txid:vout`). */
  spenderOf(outpoint: string): string | undefined {
    return this.#spenders.get(outpoint);
  }

  add(entry: MempoolEntry): void {
    this.#entries.set(entry.practice.txid, entry);
    for (const input of entry.practice.inputs) this.#spenders.set(input.key, entry.practice.txid);
  }

  /** Removes one transaction; its descendants stay (it was mined). */
  remove(txid: string): void {
    const entry = this.#entries.get(txid);
    if (entry === undefined) return;
    this.#entries.delete(txid);
    for (const input of entry.practice.inputs) {
      if (this.#spenders.get(input.key) === txid) this.#spenders.delete(input.key);
    }
  }

  /** Removes a transaction and everything that descends from it. @returns what was removed, parents first */
  removeWithDescendants(txid: string): readonly PracticeTransaction[] {
    const doomed = this.descendantsOf(txid);
    const removed = this.entries().filter(({ practice }) => doomed.has(practice.txid)).map(({ practice }) => practice);
    for (const practice of removed) this.remove(practice.txid);
    return removed;
  }

  /** Ids of a transaction here and of all that descend from it. */
  descendantsOf(txid: string): ReadonlySet<string> {
    const found = new Set<string>(this.#entries.has(txid) ? [txid] : []);
    for (const id of found) {
      const outputs = this.#entries.get(id)?.practice.transaction.outs.length ?? 0;
      for (let vout = 0; vout < outputs; vout += 1) {
        const spender = this.#spenders.get(`${id}:${vout}`);
        if (spender !== undefined) found.add(spender);
      }
    }
    return found;
  }

  /** Ids of the transactions here that one depends on, without itself. */
  ancestorsOf(practice: PracticeTransaction): ReadonlySet<string> {
    const found = new Set<string>();
    const add = (inputs: PracticeTransaction['inputs']): void => inputs.forEach(({ txid }) => {
      if (this.#entries.has(txid)) found.add(txid);
    });
    add(practice.inputs);
    for (const id of found) add((this.#entries.get(id) as MempoolEntry).practice.inputs);
    return found;
  }

  /** What a transaction here pays and weighs, and with what waits before and after it; `null` where it is not here. */
  relativesOf(txid: string): WaitingTransaction | null {
    const entry = this.#entries.get(txid);
    if (entry === undefined) return null;
    const sum = (ids: Iterable<string>) => [...ids].reduce((total, id) => {
      const { practice, feeSats } = this.#entries.get(id) as MempoolEntry;
      return { count: total.count + 1, vsizeVb: total.vsizeVb + practice.vsizeVb, feeSats: total.feeSats + feeSats };
    }, { count: 0, vsizeVb: 0, feeSats: 0n });
    return { feeSats: entry.feeSats, vsizeVb: entry.practice.vsizeVb, ancestors: sum([txid, ...this.ancestorsOf(entry.practice)]), descendants: sum(this.descendantsOf(txid)) };
  }

  /** Ids of the transactions here that spend what this one spends. */
  conflictsOf(practice: PracticeTransaction): ReadonlySet<string> {
    return new Set(practice.inputs.flatMap((input) => this.#spenders.get(input.key) ?? []));
  }

  /**
   * Whether the limits of unconfirmed chains allow one more. Version 3 transactions stand alone here: no unconfirmed
   * parent of theirs and no unconfirmed child (stricter than BIP431).
   */
  checkChain(practice: PracticeTransaction): RejectReason | null {
    const ancestors = this.ancestorsOf(practice);
    const versions = [...ancestors].map((id) => this.#entries.get(id)?.practice.transaction.version);
    if (ancestors.size > 0 && (practice.transaction.version === 3 || versions.includes(3))) return 'policy';
    const tooMany = ancestors.size + 1 > MAX_ANCESTORS || [...ancestors].some((id) => this.descendantsOf(id).size + 1 > MAX_DESCENDANTS);
    return tooMany ? 'policy' : null;
  }

  /**
   * Whether a transaction may drive out those that it conflicts with.
   * @returns the ids to be removed, or the reason why not
   * @see BIP125, "Implementation Details"
   */
  checkReplacement(practice: PracticeTransaction, feeSats: bigint): { readonly replaced: ReadonlySet<string> } | { readonly reason: RejectReason } {
    const conflicts = this.conflictsOf(practice);
    const replaced = new Set<string>();
    for (const id of conflicts) {
      // What was not announced as replaceable stands as first seen.
      if (!this.#signalsReplacement(id)) return { reason: 'inputs-missing-or-spent' };
      for (const descendant of this.descendantsOf(id)) replaced.add(descendant);
    }
    if (replaced.size === 0) return { replaced };
    if (replaced.size > MAX_REPLACED) return { reason: 'policy' };
    if (practice.inputs.some(({ txid }) => replaced.has(txid))) return { reason: 'invalid' };
    const parentsOfConflicts = new Set([...conflicts].flatMap((id) => this.#entries.get(id)?.practice.inputs.map((input) => input.txid) ?? []));
    if (practice.inputs.some(({ txid }) => this.#entries.has(txid) && !parentsOfConflicts.has(txid))) return { reason: 'policy' };
    let replacedFeeSats = 0n;
    for (const id of replaced) replacedFeeSats += this.#entries.get(id)?.feeSats ?? 0n;
    const paysMoreThanEach = [...conflicts].every((id) => {
      const { practice: other, feeSats: otherFeeSats } = this.#entries.get(id) as MempoolEntry;
      return feeSats * BigInt(other.vsizeVb) > otherFeeSats * BigInt(practice.vsizeVb);
    });
    const paysForItself = feeSats >= replacedFeeSats + feeForVsize(practice.vsizeVb, MIN_RELAY_RATE);
    return paysMoreThanEach && paysForItself ? { replaced } : { reason: 'fee-too-low' };
  }

  /** A transaction signals by its own inputs, or through an unconfirmed ancestor (BIP125, "Summary"). */
  #signalsReplacement(txid: string): boolean {
    const entry = this.#entries.get(txid);
    if (entry === undefined) return false;
    const signals = ({ inputs }: PracticeTransaction): boolean => inputs.some((input) => input.sequence <= MAX_REPLACEABLE_SEQUENCE);
    return signals(entry.practice) || [...this.ancestorsOf(entry.practice)].some((id) => signals((this.#entries.get(id) as MempoolEntry).practice));
  }
}
