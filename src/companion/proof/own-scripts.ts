import { toHex } from '../../domain/bytes.ts';
import { createAddressDeriver, MAX_ADDRESS_INDEX, type AddressDeriver, type Branch, type DerivedAddress } from '../../wallet/address.ts';
import type { Wallet } from '../../wallet/wallet.ts';

/** How many unused addresses in a row end the search on a branch; the ledger offers none further out than this. */
export const GAP_LIMIT = 200;

// A wallet never changes, and its addresses cost a curve operation for each key.
const derivers = new WeakMap<Wallet, AddressDeriver>();

/** The scripts of a wallet that were derived so far, found by their bytes. */
export class OwnScripts {
  readonly deriver: AddressDeriver;
  readonly #byScript = new Map<string, DerivedAddress>();
  readonly #lengths: [number, number] = [0, 0];
  /** How far each branch must be searched, whatever was found. */
  readonly ends: [number, number] = [GAP_LIMIT, GAP_LIMIT];

  constructor(wallet: Wallet) {
    this.deriver = derivers.get(wallet) ?? createAddressDeriver(wallet);
    derivers.set(wallet, this.deriver);
  }

  /** Addresses of a branch from one index up to another, which is left out. */
  slice(branch: Branch, from: number, to: number): readonly DerivedAddress[] {
    const end = Math.min(to, MAX_ADDRESS_INDEX + 1);
    for (let index = this.#lengths[branch]; index < end; index += 1) {
      const derived = this.deriver.derive(branch, index);
      this.#byScript.set(toHex(derived.scriptPubKey), derived);
      this.#lengths[branch] = index + 1;
    }
    return Array.from({ length: Math.max(0, end - from) }, (_, offset) => this.deriver.derive(branch, from + offset));
  }

  find(scriptHex: string): DerivedAddress | undefined {
    return this.#byScript.get(scriptHex);
  }

  /** Has a branch searched up to an index at least, and a gap beyond. @returns whether that is further than before */
  searchPast(branch: Branch, index: number): boolean {
    const before = this.ends[branch];
    this.ends[branch] = Math.max(before, index + 1 + GAP_LIMIT);
    return this.ends[branch] > before;
  }
}
