import type { AddressDeriver, DerivedAddress } from '../../../src/wallet/address.ts';

/** Inputs between two derivers. */
const INPUTS_EACH = 128;
const MOST_KEPT = 6000;

/**
 * Derivers of one wallet of which each begins without what earlier inputs taught it (found scripts, hints that led astray), so
 * that a finding does not depend on a long past; the addresses themselves are computed once.
 */
export class FreshDerivers {
  private readonly known = new Map<string, DerivedAddress>();
  private readonly inner: AddressDeriver;
  private current: AddressDeriver | undefined;
  private uses = 0;

  constructor(inner: AddressDeriver) {
    this.inner = inner;
  }

  next(): AddressDeriver {
    if (this.current === undefined || this.uses >= INPUTS_EACH) {
      this.uses = 0;
      if (this.known.size > MOST_KEPT) this.known.clear();
      this.current = {
        wallet: this.inner.wallet,
        derive: (branch, index) => {
          const name = `${branch}/${index}`;
          const derived = this.known.get(name) ?? this.inner.derive(branch, index);
          this.known.set(name, derived);
          return derived;
        },
      };
    }
    this.uses += 1;
    return this.current;
  }
}
