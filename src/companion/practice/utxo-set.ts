import { formatOutpoint } from '../../domain/outpoint.ts';
import { coinsOf, isUnspendable, type Coin, type PracticeTransaction } from './practice-transaction.ts';

/** Confirmed unspent outputs, and how to take a block back. */
export class UtxoSet {
  readonly #coins = new Map<string, Coin>();

  get(outpoint: string): Coin | undefined {
    return this.#coins.get(outpoint);
  }

  coins(): IterableIterator<Coin> {
    return this.#coins.values();
  }

  /** Sum of all coins, satoshis. */
  totalSats(): bigint {
    let total = 0n;
    for (const coin of this.#coins.values()) total += coin.amountSats;
    return total;
  }

  /**
   * Applies a block's transaction, whose inputs were checked before.
   * @returns the coins that it spent, for `undo`
   */
  apply(practice: PracticeTransaction, height: number): readonly Coin[] {
    const spent: Coin[] = [];
    if (!practice.transaction.isCoinbase()) {
      for (const { key } of practice.inputs) {
        const coin = this.#coins.get(key);
        if (coin === undefined) throw new TypeError('a block spends a coin that is not there');
        this.#coins.delete(key);
        spent.push(coin);
      }
    }
    for (const coin of coinsOf(practice, height)) {
      if (!isUnspendable(coin.scriptPubKey)) this.#coins.set(formatOutpoint(coin), coin);
    }
    return spent;
  }

  /** Takes a transaction back: its outputs vanish, what it spent returns. */
  undo(practice: PracticeTransaction, spent: readonly Coin[]): void {
    for (let vout = 0; vout < practice.transaction.outs.length; vout += 1) this.#coins.delete(formatOutpoint({ txid: practice.txid, vout }));
    for (const coin of spent) this.#coins.set(formatOutpoint(coin), coin);
  }
}
