import type { TransactionFacts } from './transaction-facts.ts';

/** Inputs and outputs of all remembered transactions together: a server that feeds us large ones fills no memory. */
const MOST_PARTS = 2_000_000;
const MOST_PLACES = 500_000;

/**
 * What was proven once and stays so: what transactions say by their own bytes, and their places in blocks. It may be shared by
 * sources of one network, since no server's word is in it. The oldest are forgotten first, and proven anew.
 */
export class ProofMemory {
  readonly #facts = new Map<string, TransactionFacts>();
  /** Place in the block, by txid and hash of the block. */
  readonly #places = new Map<string, number>();
  readonly #mostParts: number;
  #parts = 0;

  constructor(mostParts = MOST_PARTS) {
    this.#mostParts = mostParts;
  }

  facts(txid: string): TransactionFacts | undefined {
    return this.#facts.get(txid);
  }

  saveFacts(facts: TransactionFacts): void {
    if (this.#facts.has(facts.txid)) return;
    this.#facts.set(facts.txid, facts);
    this.#parts += partsOf(facts);
    for (const [txid, oldest] of this.#facts) {
      if (this.#parts <= this.#mostParts) return;
      this.#facts.delete(txid);
      this.#parts -= partsOf(oldest);
    }
  }

  place(txid: string, blockHash: string): number | undefined {
    return this.#places.get(`${txid}@${blockHash}`);
  }

  savePlace(txid: string, blockHash: string, position: number): void {
    if (this.#places.size >= MOST_PLACES) this.#places.delete(this.#places.keys().next().value as string);
    this.#places.set(`${txid}@${blockHash}`, position);
  }
}

const partsOf = ({ spends, outputs }: TransactionFacts): number => 1 + spends.length + outputs.length;
