import { StrongroomError } from '../../errors/strongroom-error.ts';
import type { Branch } from '../../wallet/address.ts';
import type { WalletTransaction } from '../chain-source.ts';
import type { Reservation } from './ledger.ts';

/**
 * How far past the highest address that was paid an address may be offered. Chain sources watch at least two hundred past it; wallets of
 * other makers often search only twenty when they restore from a descriptor, so the lowest free address is always taken.
 */
const MAX_ADDRESS_GAP = 150;

/** The indices of a branch that any transaction has paid, also one that never confirmed. */
export const usedIndices = (transactions: readonly Pick<WalletTransaction, 'received'>[], branch: Branch): ReadonlySet<number> =>
  new Set(transactions.flatMap((transaction) => transaction.received.filter((output) => output.branch === branch).map((output) => output.index)));

/**
 * The lowest address that was never paid and is not held by another plan. Plans that spend a same outpoint may hold the
 * same address: only one of them can ever confirm, so a plan that is made again leaves no hole.
 * @param outpoints what the new plan spends; empty when no plan is made, so that every reservation stands in the way
 * @throws StrongroomError `plan.address-gap`
 */
export function nextFreeIndex(used: ReadonlySet<number>, reservations: readonly Reservation[], outpoints: readonly string[]): number {
  const spends = new Set(outpoints);
  const blocked = new Set<number>();
  for (const reservation of reservations) {
    if (!reservation.outpoints.some((outpoint) => spends.has(outpoint))) blocked.add(reservation.index);
  }
  const highestUsed = [...used].reduce((highest, index) => Math.max(highest, index), -1);
  // Addresses below the highest used one may have been given to somebody long ago; they are not offered.
  let index = highestUsed + 1;
  while (blocked.has(index)) index += 1;
  if (index > highestUsed + MAX_ADDRESS_GAP) {
    throw new StrongroomError('plan.address-gap', `${index - highestUsed - 1} addresses in a row were offered and never paid.`, { index }, 'Broadcast or discard the plans that hold them before you plan more.');
  }
  return index;
}
