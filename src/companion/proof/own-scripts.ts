import { toHex } from '../../domain/bytes.ts';
import { createAddressDeriver, MAX_ADDRESS_INDEX, type AddressDeriver, type Branch, type DerivedAddress } from '../../wallet/address.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import type { WatchReach } from '../chain-source.ts';

/** How many unused addresses in a row end the search on a branch; the ledger offers none further out than this. */
export const GAP_LIMIT = 200;

// A wallet never changes, and its addresses cost a curve operation for each key.
const derivers = new WeakMap<Wallet, AddressDeriver>();

/** What of an address is kept: a wallet may be searched as far as 100,000 addresses. */
export type OwnScript = Pick<DerivedAddress, 'scriptPubKey' | 'address' | 'branch' | 'index'>;

/** The scripts of a wallet that were derived so far, found by their bytes. */
export class OwnScripts {
  readonly deriver: AddressDeriver;
  readonly #byScript = new Map<string, OwnScript>();
  readonly #scripts: readonly [OwnScript[], OwnScript[]] = [[], []];
  /** How far each branch must be searched, whatever was found. */
  readonly ends: [number, number] = [GAP_LIMIT, GAP_LIMIT];

  constructor(wallet: Wallet) {
    this.deriver = derivers.get(wallet) ?? createAddressDeriver(wallet);
    derivers.set(wallet, this.deriver);
  }

  /** Addresses of a branch from one index up to another, which is left out. */
  slice(branch: Branch, from: number, to: number): readonly OwnScript[] {
    const end = Math.min(to, MAX_ADDRESS_INDEX + 1);
    const scripts = this.#scripts[branch];
    while (scripts.length < end) {
      const own = this.#derive(branch, scripts.length);
      this.#byScript.set(toHex(own.scriptPubKey), own);
      scripts.push(own);
    }
    return scripts.slice(from, end);
  }

  /** The addresses of both branches that follow those that are searched; they do not become the wallet's by that. */
  past(count: number): readonly OwnScript[] {
    return ([0, 1] as const).flatMap((branch) => {
      const length = Math.max(0, Math.min(count, MAX_ADDRESS_INDEX + 1 - this.ends[branch]));
      return Array.from({ length }, (_, step) => this.#derive(branch, this.ends[branch] + step));
    });
  }

  find(scriptHex: string): OwnScript | undefined {
    return this.#byScript.get(scriptHex);
  }

  /** Has a branch searched up to an index at least, and a gap beyond. @returns whether that is further than before */
  searchPast(branch: Branch, index: number): boolean {
    return this.#searchTo(branch, index + 1 + GAP_LIMIT);
  }

  /** Has both branches searched as far as somebody wants, and a gap beyond what is known to be paid. */
  searchReach({ to, paid }: WatchReach): void {
    const known = paid?.() ?? [-1, -1];
    for (const branch of [0, 1] as const) {
      this.#searchTo(branch, to + 1);
      this.searchPast(branch, known[branch]);
    }
  }

  #searchTo(branch: Branch, end: number): boolean {
    const before = this.ends[branch];
    this.ends[branch] = Math.max(before, end);
    return this.ends[branch] > before;
  }

  #derive(branch: Branch, index: number): OwnScript {
    const { scriptPubKey, address } = this.deriver.derive(branch, index);
    return { scriptPubKey, address, branch, index };
  }
}
