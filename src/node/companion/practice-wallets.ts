import type { PracticeChain } from '../../companion/practice/practice-chain.ts';
import { LOOKAHEAD, type BookedScript, type ScriptBook } from '../../companion/practice/script-book.ts';
import { createKeyHashAccount, type KeyHashAccount } from '../../companion/practice/key-hash-account.ts';
import { hotUtxos } from '../../companion/practice/wallet-view.ts';
import type { HotUtxo } from '../../companion/chain-source.ts';
import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { Branch } from '../../wallet/address.ts';
import { parseKeyRecord } from '../../wallet/key-record.ts';
import { practiceMalformed } from './practice-database.ts';
import type { PracticeStore } from './practice-store.ts';

/** The name of the wallet that the practice node keeps itself. */
export const HOT_WALLET = 'hot';
/** Under this name its scripts are kept; a descriptor never looks like it. */
const HOT_BOOK = 'node:hot';

export const unknownNodeWallet = (sentence: string, hint: string): StrongroomError => new StrongroomError('node.wallet', sentence, {}, hint);

/** Which scripts of a branch are to be derived so that the lookahead stays ahead of use. */
function missingOf(chain: PracticeChain, book: ScriptBook, branch: Branch): readonly (readonly [Branch, number])[] {
  const from = book.lengthOf(branch);
  const used = book.firstUnused(chain, branch);
  if (from - used >= LOOKAHEAD / 2) return [];
  return Array.from({ length: used + LOOKAHEAD - from }, (_, step) => [branch, from + step] as const);
}

/**
 * Looks at the chain through a watched wallet's scripts, deriving more of them first where use came near their end.
 * @throws StrongroomError `node.wallet` when nobody watches it
 */
export function viewWallet<T>(store: PracticeStore, bookName: string, derive: (branch: Branch, index: number) => BookedScript, look: (chain: PracticeChain, book: ScriptBook) => T): T {
  for (;;) {
    const seen = store.read((chain) => {
      const book = store.scriptBook(bookName);
      if (book === null) throw unknownNodeWallet('The practice node does not watch this wallet.', 'Sync the wallet first.');
      const missing = [...missingOf(chain, book, 0), ...missingOf(chain, book, 1)];
      return missing.length > 0 ? { missing } : { result: look(chain, book) };
    });
    if ('result' in seen) return seen.result as T;
    const derived = seen.missing.map(([branch, index]) => derive(branch, index));
    store.write(() => store.addScripts(bookName, derived));
  }
}

/** The public half of the practice node's own wallet: it sees coins and gives addresses, and cannot sign. */
export class PracticeHotWallet {
  readonly #store: PracticeStore;
  readonly #account: KeyHashAccount;

  /** @throws StrongroomError `practice.malformed` */
  constructor(store: PracticeStore) {
    this.#store = store;
    try {
      this.#account = createKeyHashAccount(parseKeyRecord(store.fact('hot_account')), 'practice');
    } catch {
      throw practiceMalformed(store.folder, 'hot_account');
    }
  }

  /** Keeps its first scripts; once, when the network is made. */
  register(): void {
    const first = ([0, 1] as const).flatMap((branch) => Array.from({ length: LOOKAHEAD }, (_, index) => this.#account.derive(branch, index)));
    this.#store.write(() => this.#store.addScripts(HOT_BOOK, first));
  }

  /** Looks at one state of the chain through this wallet's scripts. */
  look<T>(see: (chain: PracticeChain, book: ScriptBook) => T): T {
    return viewWallet(this.#store, HOT_BOOK, this.#account.derive, see);
  }

  utxos(): readonly HotUtxo[] {
    return this.look(hotUtxos);
  }

  /** Addresses that were never given out before. */
  newAddresses(branch: Branch, count: number): readonly string[] {
    const fact = `hot_next_${branch}`;
    const used = this.look((chain, book) => book.firstUnused(chain, branch));
    return this.#store.write(() => {
      const index = Math.max(used, Number(this.#store.fact(fact)));
      const length = this.#store.scriptBook(HOT_BOOK)?.lengthOf(branch) ?? 0;
      const further = Array.from({ length: Math.max(0, index + count - length) }, (_, step) => this.#account.derive(branch, length + step));
      this.#store.addScripts(HOT_BOOK, further);
      this.#store.setFact(fact, String(index + count));
      return Array.from({ length: count }, (_, step) => this.#account.derive(branch, index + step).address);
    });
  }
}
