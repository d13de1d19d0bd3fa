import { parseHex } from '../../domain/bytes.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import { PracticeStore } from './practice-store.ts';

/** Finding and taking back practice blocks: needs no private key, so the Companion may do it too. */

const nowSeconds = (): number => Math.floor(Date.now() / 1000);

/** Uses a practice network and closes it whatever happens. */
export function withPracticeStore<T>(folder: string, use: (store: PracticeStore) => T): T {
  const store = new PracticeStore(folder);
  try {
    return use(store);
  } finally {
    store.close();
  }
}

/** Finds blocks whose reward goes to the faucet. @returns the new height */
export function mineInto(store: PracticeStore, blocks: number, includeMempool = true): number {
  const scriptPubKey = parseHex(store.fact('faucet_script'));
  return store.write((chain) => {
    for (let count = 0; count < blocks; count += 1) chain.mine({ scriptPubKey, time: nowSeconds(), includeMempool });
    return chain.height;
  });
}

/**
 * Has a practice network find blocks with what waits in its mempool.
 * @returns the new height
 * @throws StrongroomError `file.not-found`, `practice.malformed`, `node.not-ready`
 */
export const minePracticeBlocks = (folder: string, blocks: number): number => withPracticeStore(folder, (store) => mineInto(store, blocks));

/**
 * Has another branch of the chain win: takes the last blocks back and finds empty ones in their place. The transactions
 * that were in them wait in the mempool again, where they are still valid.
 * @param depth how many blocks are taken back
 * @param replacement how many empty blocks take their place
 * @throws StrongroomError `usage.malformed` when the chain is not that high
 */
export function reorganise(store: PracticeStore, depth: number, replacement: number): { readonly height: number; readonly waiting: number } {
  const scriptPubKey = parseHex(store.fact('faucet_script'));
  return store.write((chain) => {
    if (depth < 1 || depth > chain.height) {
      throw new StrongroomError('usage.malformed', `The chain has ${chain.height} blocks; ${depth} cannot be taken back.`, { height: chain.height, depth }, `Choose 1 to ${chain.height}.`);
    }
    chain.disconnect(depth);
    for (let count = 0; count < replacement; count += 1) chain.mine({ scriptPubKey, time: nowSeconds(), includeMempool: false });
    return { height: chain.height, waiting: chain.mempool.size };
  });
}
