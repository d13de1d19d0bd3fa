import type { AddressDeriver, DerivedAddress } from '../wallet/address.ts';
import { hintsOf, ownScriptsOf } from './own-scripts.ts';
import type { Bip32Derivation } from './psbt.ts';

/** A script that was rebuilt from one of the wallets at hand. */
export interface Owner {
  readonly deriver: AddressDeriver;
  readonly derived: DerivedAddress;
}

/** One wallet, or several that a transaction draws on. */
export type Derivers = AddressDeriver | readonly AddressDeriver[];

export const listOf = (derivers: Derivers): readonly AddressDeriver[] => ('derive' in derivers ? [derivers] : derivers);

/**
 * Which of the wallets a script is of, or `null`. Those whose keys the origins name are asked first, since a wallet that does
 * not have the script searches all of its addresses once; the answer is the same in any order, for no two wallets share a script.
 * @param origins key origins that the file states for it: hints and nothing more
 */
export function ownerOf(derivers: readonly AddressDeriver[], scriptPubKey: Uint8Array, origins: readonly Bip32Derivation[]): Owner | null {
  const hints = hintsOf(origins);
  for (const deriver of derivers.length < 2 ? derivers : likeliestFirst(derivers, origins)) {
    const derived = ownScriptsOf(deriver).find(scriptPubKey, hints);
    if (derived !== null) return { deriver, derived };
  }
  return null;
}

function likeliestFirst(derivers: readonly AddressDeriver[], origins: readonly Bip32Derivation[]): readonly AddressDeriver[] {
  const named = new Set(origins.map(({ masterFingerprint }) => masterFingerprint));
  const matches = ({ wallet }: AddressDeriver): number => wallet.cosigners.filter(({ record }) => named.has(record.masterFingerprint)).length;
  // Of a deriver whose keys are all named, before one that shares some of them.
  return [...derivers].sort((a, b) => matches(b) / b.wallet.cosigners.length - matches(a) / a.wallet.cosigners.length);
}
