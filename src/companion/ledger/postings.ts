/**
 * Where an amount stands. `settled`: in a block. `waiting`: known, in none.
 */
export type Layer = 'settled' | 'waiting';

/**
 * The accounts of one network: one for each wallet, `outside` for everybody else, `fees` for what miners took, and `transit` for what left
 * one own wallet and has not arrived in the other by the books: one was refreshed before the other.
 */
export type AccountName = `wallet:${string}` | 'outside' | 'fees' | 'transit';

export interface Posting {
  readonly account: AccountName;
  readonly layer: Layer;
  /** What comes in; negative what goes out. */
  readonly amountSats: bigint;
}

/** What one transaction did to one wallet, as far as the accounts are concerned. */
export interface Leg {
  readonly walletId: string;
  readonly layer: Layer;
  /** Fee included. */
  readonly changeSats: bigint;
  /** Known for the wallet whose outputs are all of the transaction's inputs. */
  readonly feeSats: bigint | null;
}

/**
 * The postings of one transaction, over all wallets that are in the books: they sum to zero in each layer. A transfer between two
 * own wallets is one transaction with two wallets and one fee; nothing of it is outside.
 * @param legs of those wallets for which the transaction counts
 * @returns none with an amount of zero
 */
export function postingsOf(legs: readonly Leg[]): readonly Posting[] {
  const sums = { settled: 0n, waiting: 0n };
  const fees = { settled: 0n, waiting: 0n };
  for (const { layer, changeSats, feeSats } of legs) {
    sums[layer] += changeSats + (feeSats ?? 0n);
    fees[layer] += feeSats ?? 0n;
  }
  const transit = flow(sums.settled, sums.waiting);
  const inTransit = { settled: transit, waiting: -transit };
  const postings: Posting[] = legs.map(({ walletId, layer, changeSats }) => ({ account: `wallet:${walletId}`, layer, amountSats: changeSats }));
  for (const layer of ['settled', 'waiting'] as const) {
    postings.push(
      { account: 'fees', layer, amountSats: fees[layer] },
      { account: 'transit', layer, amountSats: inTransit[layer] },
      { account: 'outside', layer, amountSats: -sums[layer] - inTransit[layer] },
    );
  }
  return postings.filter(({ amountSats }) => amountSats !== 0n);
}

/** What is on its way from the layer that gave to the one that took; positive from settled to waiting. */
function flow(settledSats: bigint, waitingSats: bigint): bigint {
  if (settledSats < 0n && waitingSats > 0n) return least(-settledSats, waitingSats);
  if (waitingSats < 0n && settledSats > 0n) return -least(-waitingSats, settledSats);
  return 0n;
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
