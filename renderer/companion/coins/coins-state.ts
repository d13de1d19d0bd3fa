import type { WireError } from '../../../src/host/contract.ts';
import type { Answer, CompanionHost } from '../../host/client.ts';

export type CoinList = Answer<'coins.list', CompanionHost>;
export type Coin = CoinList['coins'][number];
export type CoinFilter = 'all' | 'free' | 'frozen' | 'reserved';

/** The unspent outputs of one wallet, and which of them may be spent. */
export interface CoinsState {
  readonly walletId: string | null;
  /** `null` before the node was asked. */
  readonly list: CoinList | null;
  /** Outpoints that are ticked. */
  readonly ticked: ReadonlySet<string>;
  readonly filter: CoinFilter;
  readonly search: string;
  readonly tag: string;
  readonly isBusy: boolean;
  readonly error: WireError | null;
  readonly done: { readonly title: string; readonly text: string } | null;
}

export type CoinsEvent =
  | { readonly type: 'wallet-chosen'; readonly walletId: string }
  | { readonly type: 'working' }
  | { readonly type: 'read'; readonly list: CoinList }
  | { readonly type: 'ticked'; readonly outpoints: readonly string[]; readonly is: boolean }
  | { readonly type: 'typed'; readonly search?: string; readonly tag?: string; readonly filter?: CoinFilter }
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'done'; readonly title: string; readonly text: string };

export const noCoins: CoinsState = { walletId: null, list: null, ticked: new Set(), filter: 'all', search: '', tag: '', isBusy: false, error: null, done: null };

export const outpointOf = (coin: Pick<Coin, 'txid' | 'vout'>): string => `${coin.txid}:${coin.vout}`;

export function coinsTransition(state: CoinsState, event: CoinsEvent): CoinsState {
  switch (event.type) {
    case 'wallet-chosen':
      return { ...noCoins, walletId: event.walletId };
    case 'working':
      return { ...state, isBusy: true, error: null, done: null };
    case 'read': {
      // An output that was spent meanwhile must not stay ticked where nobody sees it.
      const there = new Set(event.list.coins.map(outpointOf));
      return { ...state, list: event.list, ticked: new Set([...state.ticked].filter((outpoint) => there.has(outpoint))), isBusy: false };
    }
    case 'ticked': {
      const ticked = new Set(state.ticked);
      for (const outpoint of event.outpoints) {
        if (event.is) ticked.add(outpoint);
        else ticked.delete(outpoint);
      }
      return { ...state, ticked };
    }
    case 'typed':
      return { ...state, search: event.search ?? state.search, tag: event.tag ?? state.tag, filter: event.filter ?? state.filter };
    case 'failed':
      return { ...state, isBusy: false, error: event.error };
    case 'done':
      return { ...state, isBusy: false, done: { title: event.title, text: event.text } };
  }
}

/** The outputs that a person asked to see: by state, and by any part of address, label, tag or outpoint. */
export function shownCoins({ list, filter, search }: Pick<CoinsState, 'list' | 'filter' | 'search'>): readonly Coin[] {
  const wanted = search.trim().toLowerCase();
  const isOfFilter = (coin: Coin): boolean => {
    switch (filter) {
      case 'all': return true;
      case 'free': return !coin.frozen && coin.reservedBy === null;
      case 'frozen': return coin.frozen;
      case 'reserved': return coin.reservedBy !== null;
    }
  };
  return (list?.coins ?? []).filter((coin) => isOfFilter(coin) && (wanted === '' || [coin.address, coin.label, outpointOf(coin), ...coin.tags].some((text) => text.toLowerCase().includes(wanted))));
}

export const totalSats = (coins: readonly Coin[]): bigint => coins.reduce((sum, coin) => sum + BigInt(coin.amountSats), 0n);
