import { MAX_PSBT_ITEMS } from '../psbt.ts';
import { tooLargePsbt } from './byte-reader.ts';

/**
 * Counts what a file makes the program hold: key-value pairs and witness items. An item of one byte in the file takes a
 * hundred bytes of memory, so that the cap of bytes alone would let 16 MiB of them fill the memory of a laptop.
 */
export class ItemBudget {
  private left = MAX_PSBT_ITEMS;

  /** @throws StrongroomError `psbt.too-large`, before anything is made */
  take(count: number): void {
    this.left -= count;
    if (this.left < 0) throw tooLargePsbt('fields and witness items', MAX_PSBT_ITEMS);
  }
}
