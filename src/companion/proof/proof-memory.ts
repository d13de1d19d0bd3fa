import type { TransactionFacts } from './transaction-facts.ts';

/**
 * What was proven once and stays so: what transactions say by their own bytes, and their places in blocks. It may be shared by
 * sources of one network, since no server's word is in it.
 */
export class ProofMemory {
  readonly #facts = new Map<string, TransactionFacts>();
  /** Place in the block, by txid and hash of the block. */
  readonly #places = new Map<string, number>();
  readonly #most: number;

  /** @param most transactions that are remembered; the oldest are forgotten first, and proven anew */
  constructor(most = 200_000) {
    this.#most = most;
  }

  facts(txid: string): TransactionFacts | undefined {
    return this.#facts.get(txid);
  }

  saveFacts(facts: TransactionFacts): void {
    keep(this.#facts, facts.txid, facts, this.#most);
  }

  place(txid: string, blockHash: string): number | undefined {
    return this.#places.get(`${txid}@${blockHash}`);
  }

  savePlace(txid: string, blockHash: string, position: number): void {
    keep(this.#places, `${txid}@${blockHash}`, position, this.#most);
  }
}

function keep<T>(map: Map<string, T>, key: string, value: T, most: number): void {
  if (map.size >= most && !map.has(key)) map.delete(map.keys().next().value as string);
  map.set(key, value);
}
